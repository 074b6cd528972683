/**
 * Measurements of networks, and where they come from. {@link lowrank.results.Measurement} makes a row of
 * {@link lowrank.results.Results}; charts draw such rows through {@link lowrank.results.NetworkSummary};
 * {@code run.record} and {@code run.save} write them to {@code results.csv}, their statistics to {@code summary.csv}
 * and their origin ({@link lowrank.results.Provenance}) beside them.
 */
package lowrank.results;
