/** The reader's side: results, tables, charts, live progress and the kernel. */
package lowrank.report;
