/** Training: plans, loops, progress, histories, checkpoints, and dynamic SVD. */
package lowrank.training;
