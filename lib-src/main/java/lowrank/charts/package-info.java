/** Charts and pictures of trainings and results. */
package lowrank.charts;
