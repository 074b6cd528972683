package lowrank.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import lowrank.charts.Numbers;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tablesaw tables in the style of the report: numbers aligned to the right, thin rules, inline styles that work with
 * light and dark themes, and no script.
 */
public final class Tables {
    private static final int NO_ROW = -1;
    private static final String RULE = "1px solid rgba(128,128,128,0.35)";
    private static final String CELL =
            "padding:4px 12px;border:none;border-bottom:" + RULE + ";background:transparent;";
    private static final String HEAD = "padding:4px 12px;border:none;"
            + "border-bottom:2px solid rgba(128,128,128,0.7);background:transparent;"
            + "font-weight:600;vertical-align:bottom;";
    private static final String MARKED = "background:rgba(0,114,178,0.2);font-weight:600;";
    private static final String RIGHT = "text-align:right;white-space:nowrap;";
    private static final String LEFT = "text-align:left;white-space:nowrap;";
    private static final double SMALL = 1e-3;
    private static final MathContext FOUR_DIGITS = new MathContext(4);
    /** Longer texts may wrap. */
    private static final int SHORT = 48;

    private static final Pattern NUMBER = Pattern.compile("[-–−]|[-−]?[0-9][0-9,.]*([eE][-+]?[0-9]+)?"
            + "( ± [0-9.]+)?( ?(%|×|s|ms|MB|kB|bytes|min.*|h.*))?( \\([+−][0-9.]+\\))?");

    private Tables() {}

    /** The table below its caption. */
    static HtmlView html(Table table, String caption) {
        return html(table, caption, NO_ROW);
    }

    /**
     * The table below its caption, with one row marked.
     *
     * <p>A column is aligned to the right if it is numeric, or if all its texts are numbers, with or without a unit.
     *
     * @param markedRow row to mark, from 0, or -1 for none
     * @throws IllegalArgumentException if the table has no such row
     */
    static HtmlView html(Table table, String caption, int markedRow) {
        if (markedRow < NO_ROW || markedRow >= table.rowCount()) {
            throw new IllegalArgumentException(
                    "row " + markedRow + " is outside 0.." + (table.rowCount() - 1) + ", the rows of the table");
        }
        return new HtmlView(markup(table, caption, markedRow), text(table, caption, markedRow));
    }

    /**
     * Accuracies that build on each other: each row has the accuracy reached, and the gain over the row before.
     *
     * @param names of the first column, and of the others
     * @param accuracies one for each of the other columns, as fractions, by row
     */
    public static Table gains(List<String> names, Map<String, double[]> accuracies) {
        Table table = Table.create(StringColumn.create(names.get(0), accuracies.keySet()));
        for (int column = 0; column < names.size() - 1; column++) {
            StringColumn reached = StringColumn.create(names.get(column + 1));
            double before = Double.NaN;
            for (double[] row : accuracies.values()) {
                String gain = Double.isNaN(before)
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%s%.2f)",
                                row[column] < before ? "−" : "+",
                                100 * Math.abs(row[column] - before));
                reached.append(Numbers.percent(row[column]) + gain);
                before = row[column];
            }
            table.addColumns(reached);
        }
        return table;
    }

    private static String markup(Table table, String caption, int marked) {
        StringBuilder html = new StringBuilder(
                "<div style=\"overflow-x:auto\"><table style=\"border-collapse:collapse;border:none;margin:8px 0;"
                        + "color:inherit;font-variant-numeric:tabular-nums\">\n");
        html.append("<caption style=\"caption-side:top;text-align:left;color:inherit;padding:4px 12px;")
                .append("font-weight:600\">")
                .append(HtmlView.escape(caption))
                .append("</caption>\n<thead><tr style=\"background:transparent\">");
        for (Column<?> column : table.columns()) {
            html.append("<th style=\"")
                    .append(HEAD)
                    .append(isNumeric(column) ? "text-align:right;" : LEFT)
                    .append("\">")
                    .append(HtmlView.escape(column.name()))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.rowCount(); row++) {
            html.append("<tr style=\"background:transparent\">");
            for (Column<?> column : table.columns()) {
                html.append("<td style=\"")
                        .append(CELL)
                        .append(isNumeric(column) ? RIGHT : LEFT)
                        .append(row == marked ? MARKED : "")
                        .append("\">")
                        .append(unbroken(cell(column, row)))
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>").toString();
    }

    /** Code hosts remove styles, and break lists of ranks at every blank and names at every hyphen. */
    private static String unbroken(String text) {
        String escaped = HtmlView.escape(text);
        return text.length() > SHORT ? escaped : escaped.replace(" ", "&nbsp;").replace("-", "&#8209;");
    }

    private static String text(Table table, String caption, int marked) {
        List<StringBuilder> lines = new ArrayList<>();
        for (int line = 0; line <= table.rowCount(); line++) {
            lines.add(new StringBuilder(line - 1 == marked && marked >= 0 ? "* " : "  "));
        }
        for (Column<?> column : table.columns()) {
            List<String> cells = new ArrayList<>(List.of(column.name()));
            for (int row = 0; row < table.rowCount(); row++) {
                cells.add(cell(column, row));
            }
            int width = Collections.max(cells.stream().map(String::length).toList());
            for (int line = 0; line < cells.size(); line++) {
                lines.get(line)
                        .append(pad(cells.get(line), width, isNumeric(column)))
                        .append("  ");
            }
        }
        int width = lines.get(0).length() - 2;
        List<String> all = new ArrayList<>(
                lines.stream().map(line -> line.toString().stripTrailing()).toList());
        all.add(1, "-".repeat(width));
        return caption + "\n" + String.join("\n", all);
    }

    private static String pad(String text, int width, boolean right) {
        String blanks = " ".repeat(width - text.length());
        return right ? blanks + text : text + blanks;
    }

    private static boolean isNumeric(Column<?> column) {
        if (column instanceof NumericColumn) {
            return true;
        }
        for (int row = 0; row < column.size(); row++) {
            if (!NUMBER.matcher(column.getString(row)).matches()) {
                return false;
            }
        }
        return column.size() > 0;
    }

    /** The text from the column's own formatter; without one, all numbers of the column get the same format. */
    private static String cell(Column<?> column, int row) {
        String printed = column.getString(row);
        if (column instanceof NumericColumn<?> numbers && !column.isMissing(row)) {
            double value = numbers.getDouble(row);
            boolean formatted = !printed.equals(column.getUnformattedString(row))
                    && !printed.equals(DoubleColumn.create("", value).getString(0));
            return formatted ? printed : inTheFormOf(numbers.asDoubleArray(), value);
        }
        return printed;
    }

    /**
     * Uses the number of decimals that the number with most decimals needs for four digits; numbers are left as they
     * are if some are below a thousandth.
     */
    private static String inTheFormOf(double[] column, double value) {
        double[] known = Arrays.stream(column).filter(Double::isFinite).toArray();
        boolean small = Arrays.stream(known).anyMatch(each -> each != 0 && Math.abs(each) < SMALL);
        int decimals = Arrays.stream(known)
                .mapToInt(each -> new BigDecimal(each)
                        .round(FOUR_DIGITS)
                        .stripTrailingZeros()
                        .scale())
                .max()
                .orElse(0);
        return small || !Double.isFinite(value)
                ? Numbers.plain(value)
                : Numbers.format("%,." + Math.max(0, decimals) + "f", value);
    }
}
