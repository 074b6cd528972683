package lowrank.charts;

import java.util.List;

/** The key above a plot: the names of the series next to their marks. */
final class PlotKey {
    private static final int MARK = 14;
    private static final int GAP = 20;

    private final Plot plot;
    private final List<List<String>> rows;

    /** The key of a plot, in as many rows of this width as it needs; no rows if lines are named at their ends. */
    PlotKey(Plot plot, double width) {
        this.plot = plot;
        rows = Canvas.rows(plot.hasKey() ? plot.names() : List.of(), PlotKey::width, GAP, width);
    }

    int height() {
        return rows.size() * ChartStyle.LINE_HEIGHT;
    }

    /** Draws the key below a baseline. */
    void paint(Canvas canvas, double left, double above) {
        double baseline = above;
        for (List<String> row : rows) {
            baseline += ChartStyle.LINE_HEIGHT;
            double x = left;
            for (String name : row) {
                paint(canvas, name, x, baseline);
                x += width(name) + GAP;
            }
        }
    }

    private void paint(Canvas canvas, String name, double x, double baseline) {
        boolean plain = plot.series().stream()
                .anyMatch(series -> series.isPlain() && series.name().equals(name));
        if (plain) {
            canvas.line(x, baseline - 4, x + 10, baseline - 4, ChartStyle.LINE, plot.colour(name));
        } else {
            canvas.pen.setColor(plot.colour(name));
            plot.marker(name).paint(canvas.pen, x + 5, baseline - 4, ChartStyle.MARKER_SIZE);
        }
        canvas.write(name, x + MARK, baseline, ChartStyle.TEXT, ChartStyle.forText(plot.colour(name)));
    }

    private static double width(String name) {
        return MARK + Canvas.width(name, ChartStyle.TEXT);
    }
}
