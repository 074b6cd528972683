package lowrank.results;

import static tech.tablesaw.aggregate.AggregateFunctions.count;
import static tech.tablesaw.aggregate.AggregateFunctions.mean;
import static tech.tablesaw.aggregate.AggregateFunctions.stdDev;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import tech.tablesaw.aggregate.NumericAggregateFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * One method at one choice of ranks, summarized over its seeds: a row of a table or a point in a chart.
 *
 * @param ranks as {@link Results} has them
 * @param parameters all numbers the network needs
 * @param bytes of its file, the mean over seeds
 * @param seeds how many
 * @param validation mean accuracy on validation images, a fraction
 * @param validationDeviation its sample standard deviation, NaN for one seed
 * @param test mean accuracy on test images, a fraction
 * @param testDeviation its sample standard deviation, NaN for one seed
 */
public record NetworkSummary(
        String method,
        String ranks,
        String augmentation,
        long parameters,
        long bytes,
        int seeds,
        double validation,
        double validationDeviation,
        double test,
        double testDeviation) {

    /** The networks of these {@link Results}; dense ones first, else in order of appearance. */
    public static List<NetworkSummary> of(Table results) {
        List<String> order =
                results.stream().map(NetworkSummary::key).distinct().toList();
        Table summary = results.summarize(
                        List.of(Results.PARAMETERS, Results.BYTES, Results.VALIDATION, Results.TEST),
                        mean,
                        stdDev,
                        count)
                .by(Results.METHOD, Results.RANKS, Results.AUGMENTATION);
        return summary.stream()
                .map(NetworkSummary::of)
                .sorted(Comparator.comparing((NetworkSummary one) -> !one.isDense())
                        .thenComparing(one -> order.indexOf(key(one.method, one.ranks, one.augmentation))))
                .toList();
    }

    /**
     * The networks of each part as written to {@code summary.csv}: the statistics of the results, for those who use the
     * files. With one seed, the deviation is left empty.
     */
    public static Table table(Table results) {
        Table table = Table.create(
                "Summary",
                StringColumn.create(Results.PART),
                StringColumn.create(Results.METHOD),
                StringColumn.create(Results.AUGMENTATION),
                StringColumn.create(Results.DATA),
                StringColumn.create(Results.RANKS),
                IntColumn.create("seeds"),
                LongColumn.create(Results.PARAMETERS),
                LongColumn.create(Results.BYTES),
                DoubleColumn.create(Results.VALIDATION),
                DoubleColumn.create("validation_deviation"),
                DoubleColumn.create(Results.TEST),
                DoubleColumn.create("test_deviation"));
        StringColumn parts = results.stringColumn(Results.PART);
        for (String part : new LinkedHashSet<>(parts.asList())) {
            Table own = results.where(parts.isEqualTo(part));
            of(own).forEach(one -> one.addTo(table.appendRow(), part, Results.data(own)));
        }
        return table;
    }

    private void addTo(Row row, String part, String data) {
        row.setString(Results.PART, part);
        row.setString(Results.METHOD, method);
        row.setString(Results.AUGMENTATION, augmentation);
        row.setString(Results.DATA, data);
        row.setString(Results.RANKS, ranks);
        row.setInt("seeds", seeds);
        row.setLong(Results.PARAMETERS, parameters);
        row.setLong(Results.BYTES, bytes);
        row.setDouble(Results.VALIDATION, validation);
        row.setDouble("validation_deviation", validationDeviation);
        row.setDouble(Results.TEST, test);
        row.setDouble("test_deviation", testDeviation);
    }

    private static NetworkSummary of(Row row) {
        int seeds = (int) row.getDouble("Count [" + Results.TEST + "]");
        return new NetworkSummary(
                row.getString(Results.METHOD),
                row.getString(Results.RANKS),
                row.getString(Results.AUGMENTATION),
                Math.round(value(mean, Results.PARAMETERS, row)),
                Math.round(value(mean, Results.BYTES, row)),
                seeds,
                value(mean, Results.VALIDATION, row),
                seeds == 1 ? Double.NaN : value(stdDev, Results.VALIDATION, row),
                value(mean, Results.TEST, row),
                seeds == 1 ? Double.NaN : value(stdDev, Results.TEST, row));
    }

    private static double value(NumericAggregateFunction function, String column, Row row) {
        return row.getDouble(function.functionName() + " [" + column + "]");
    }

    private static String key(Row row) {
        return key(row.getString(Results.METHOD), row.getString(Results.RANKS), row.getString(Results.AUGMENTATION));
    }

    private static String key(String method, String ranks, String augmentation) {
        return String.join(",", method, ranks, augmentation);
    }

    /** {@code 1 seed}, {@code 5 seeds}, {@code 1 to 5 seeds}: how often each network was measured. */
    public static String seeds(List<NetworkSummary> all) {
        var counts = all.stream().mapToInt(NetworkSummary::seeds).summaryStatistics();
        if (counts.getMin() != counts.getMax()) {
            return counts.getMin() + " to " + counts.getMax() + " seeds";
        }
        return counts.getMax() == 1 ? "1 seed" : counts.getMax() + " seeds";
    }

    /** Whether this is the network that all others are compared with. */
    public boolean isDense() {
        return method.equals(Results.DENSE);
    }

    /** Whether its layers were left uncompressed. */
    public boolean isFull() {
        return ranks.equals(Results.FULL);
    }

    /** The ranks in their shortest form: {@code 20} for five times 20, otherwise as they are. */
    public String shortRanks() {
        List<String> different = List.of(ranks.split(" ")).stream().distinct().toList();
        return different.size() == 1 ? different.get(0) : ranks;
    }

    /** Whether the layers have different ranks. */
    public boolean hasChosenRanks() {
        return shortRanks().contains(" ");
    }

    /** The deviation of the test accuracy, 0 for one seed. */
    public double spread() {
        return seeds == 1 ? 0 : testDeviation;
    }
}
