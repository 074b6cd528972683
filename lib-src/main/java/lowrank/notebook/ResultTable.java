package lowrank.notebook;

import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import lowrank.charts.Numbers;
import lowrank.results.NetworkSummary;
import lowrank.results.Results;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/**
 * {@link Results} as the report prints them: one row for each method and choice of ranks, with mean and standard
 * deviation over seeds, the dense network first.
 */
final class ResultTable {
    private final List<NetworkSummary> rows;
    private final String title;

    private ResultTable(List<NetworkSummary> rows, String title) {
        this.rows = rows;
        this.title = title;
    }

    /**
     * The table of these results; shares are relative to the dense network among them.
     *
     * @throws IllegalArgumentException if there is no dense network among the results
     */
    static ResultTable of(Table results) {
        List<NetworkSummary> rows = NetworkSummary.of(results);
        if (rows.isEmpty() || !rows.get(0).isDense()) {
            throw new IllegalArgumentException(
                    "no dense network among " + results.rowCount() + " results; add it as the row to compare with");
        }
        boolean repeated = rows.stream().anyMatch(row -> row.seeds() > 1);
        String spread = repeated ? ", mean ± standard deviation over " : ", ";
        return new ResultTable(rows, Results.data(results) + spread + NetworkSummary.seeds(rows));
    }

    /**
     * A Tablesaw table named after the data set and seeds. Numbers stay numbers and are printed in the style of the
     * report.
     */
    Table table() {
        Table table = Table.create(title)
                .addColumns(
                        text("Method", NetworkSummary::method),
                        text("D", row -> row.isDense() ? "–" : row.shortRanks()));
        if (rows.stream().map(NetworkSummary::augmentation).distinct().count() > 1) {
            table.addColumns(text("Augmentation", NetworkSummary::augmentation));
        }
        return table.addColumns(
                text("Validation accuracy", row -> Numbers.percent(row.validation(), row.validationDeviation())),
                text("Test accuracy", row -> Numbers.percent(row.test(), row.testDeviation())),
                number("Parameters", NetworkSummary::parameters, Numbers::count),
                share("Share of dense", NetworkSummary::parameters),
                number("File size", NetworkSummary::bytes, Numbers::bytes),
                share("Share of bytes", NetworkSummary::bytes));
    }

    /** The table for a notebook, below its title, with the best compressed network marked. */
    HtmlView html(String remark) {
        String marked = best() < 0 ? "" : ". Marked: the best compressed network on validation images";
        return Tables.html(table(), remark + title + marked, best());
    }

    /** The marked row, from 0, or -1 if no row has fewer parameters than the dense network. */
    int best() {
        int best = -1;
        for (int i = 0; i < rows.size(); i++) {
            boolean compressed = rows.get(i).parameters() < rows.get(0).parameters();
            if (compressed && (best < 0 || isBetter(rows.get(i), rows.get(best)))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isBetter(NetworkSummary row, NetworkSummary best) {
        int order = Double.compare(row.validation(), best.validation());
        return order > 0 || order == 0 && row.parameters() < best.parameters();
    }

    private StringColumn text(String name, Function<NetworkSummary, String> value) {
        return StringColumn.create(name, rows.stream().map(value));
    }

    private LongColumn number(String name, ToLongFunction<NetworkSummary> value, LongFunction<String> format) {
        LongColumn column =
                LongColumn.create(name, rows.stream().mapToLong(value).toArray());
        column.setPrintFormatter(new NumberColumnFormatter() {
            @Override
            public String format(long number) {
                return format.apply(number);
            }
        });
        return column;
    }

    private DoubleColumn share(String name, ToLongFunction<NetworkSummary> value) {
        double whole = value.applyAsLong(rows.get(0));
        DoubleColumn column =
                DoubleColumn.create(name, rows.stream().mapToDouble(row -> value.applyAsLong(row) / whole));
        column.setPrintFormatter(new NumberColumnFormatter(NumberFormat.getNumberInstance(Locale.ROOT)) {
            @Override
            public String format(double share) {
                return Numbers.percent(share);
            }
        });
        return column;
    }
}
