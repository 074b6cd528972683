/** Training: plans, loops, progress, trainings side by side, histories, checkpoints, and dynamic SVD. */
package lowrank.training;
