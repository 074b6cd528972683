/** Charts and pictures of trainings and results. All colours, fonts and strokes are in {@link ChartStyle}. */
package lowrank.charts;
