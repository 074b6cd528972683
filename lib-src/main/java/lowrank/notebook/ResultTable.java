package lowrank.notebook;

import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import lowrank.charts.Numbers;
import lowrank.results.CompressionResult;
import lowrank.results.Measured;
import lowrank.results.Summary;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/**
 * The table of a report: one row a method and choice of ranks, the dense network first, mean and sample standard
 * deviation over the seeds.
 *
 * <p>The best compressed row is marked: the highest mean validation accuracy among those with fewer parameters than the
 * dense network, the smaller one where two are equal.
 */
public final class ResultTable {
    private final List<Measured> rows;
    private final CompressionResult dense;
    private final String title;
    private final ToLongFunction<CompressionResult> apart;

    private ResultTable(
            List<Measured> rows, CompressionResult dense, String title, ToLongFunction<CompressionResult> apart) {
        this.rows = rows;
        this.dense = dense;
        this.title = title;
        this.apart = apart;
    }

    /**
     * The table of these results, shares counted against the dense network among them.
     *
     * @throws IllegalArgumentException if there is no dense network among the results
     */
    public static ResultTable of(List<CompressionResult> results) {
        CompressionResult dense = results.stream()
                .filter(CompressionResult::isDense)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no dense network among " + results.size() + " results; add it as the row to compare with"));
        List<Measured> rows = Measured.of(results);
        boolean repeated = rows.stream().anyMatch(row -> row.seeds().size() > 1);
        return new ResultTable(
                rows,
                dense,
                Measured.data(results) + (repeated ? ", mean ± standard deviation over " : ", ") + Measured.seeds(rows),
                null);
    }

    /**
     * The same table with one more column, beside the numbers a network needs with its singular values folded into a
     * factor: how many it needs with the diagonal S kept apart.
     */
    public ResultTable withDiagonal(ToLongFunction<CompressionResult> numbersApart) {
        return new ResultTable(rows, dense, title, numbersApart);
    }

    /** Data set, number of seeds, and what the spread is. */
    public String title() {
        return title;
    }

    /** The rows as a Tablesaw table; numbers stay numbers, and print as the report prints them. */
    public Table table() {
        Table table = Table.create(title)
                .addColumns(
                        text("Method", row -> row.first().method()),
                        text(
                                "D",
                                row -> row.first().isDense() ? "–" : row.first().shortRanks()));
        if (rows.stream().map(row -> row.first().augmentation()).distinct().count() > 1) {
            table.addColumns(text("Augmentation", row -> row.first().augmentation()));
        }
        table.addColumns(
                text("Validation accuracy", row -> percent(row.validation())),
                text("Test accuracy", row -> percent(row.test())),
                number("Parameters", CompressionResult::parameters, Numbers::count));
        if (apart != null) {
            table.addColumns(number("Parameters, S apart", apart, Numbers::count));
        }
        return table.addColumns(
                share("Share of dense", CompressionResult::parameters),
                number("File size", CompressionResult::bytes, Numbers::bytes),
                share("Share of bytes", CompressionResult::bytes));
    }

    /** The table for a notebook, its best compressed row marked. */
    public HtmlView html() {
        return html("");
    }

    /** The same with a remark before its caption. */
    HtmlView html(String remark) {
        String marked = best() < 0 ? "" : ". Marked: the best compressed network on validation digits";
        return Tables.html(table(), remark + title + marked, best());
    }

    /** The marked row, from 0, or -1 if no row has fewer parameters than the dense network. */
    int best() {
        int best = -1;
        for (int row = 0; row < rows.size(); row++) {
            boolean smaller = rows.get(row).first().parameters() < dense.parameters();
            if (smaller && (best < 0 || better(rows.get(row), rows.get(best)))) {
                best = row;
            }
        }
        return best;
    }

    @Override
    public String toString() {
        return html().text();
    }

    private static String percent(Summary summary) {
        return Numbers.percent(summary.mean(), summary.deviation());
    }

    private static boolean better(Measured row, Measured best) {
        int order = Double.compare(row.validation().mean(), best.validation().mean());
        return order > 0
                || order == 0 && row.first().parameters() < best.first().parameters();
    }

    private StringColumn text(String name, Function<Measured, String> value) {
        return StringColumn.create(name, rows.stream().map(value));
    }

    private LongColumn number(String name, ToLongFunction<CompressionResult> value, LongFunction<String> format) {
        LongColumn column = LongColumn.create(
                name, rows.stream().map(Measured::first).mapToLong(value).toArray());
        column.setPrintFormatter(new NumberColumnFormatter() {
            @Override
            public String format(long number) {
                return format.apply(number);
            }
        });
        return column;
    }

    private DoubleColumn share(String name, ToLongFunction<CompressionResult> value) {
        double whole = value.applyAsLong(dense);
        DoubleColumn column = DoubleColumn.create(
                name,
                rows.stream()
                        .mapToDouble(row -> value.applyAsLong(row.first()) / whole)
                        .toArray());
        NumberFormat percent = NumberFormat.getNumberInstance(Locale.ROOT);
        column.setPrintFormatter(new NumberColumnFormatter(percent) {
            @Override
            public String format(double share) {
                return Numbers.percent(share);
            }
        });
        return column;
    }
}
