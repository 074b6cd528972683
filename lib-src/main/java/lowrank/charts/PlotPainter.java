package lowrank.charts;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/** Lays out a plot and draws everything except the marks: titles, axes, grid, rules and names. */
final class PlotPainter {
    private static final int EDGE = 16;
    private static final int TEXT_WIDTH = Plot.WIDTH - 2 * EDGE;

    private final Plot plot;
    private final Canvas canvas;
    private final List<List<String>> title;
    private final PlotKey key;
    private final PlotLabels labels;
    private final int roomForUprights;
    private final PlotArea area;

    PlotPainter(Plot plot) {
        this.plot = plot;
        canvas = new Canvas(Plot.WIDTH, plot.height());
        title = Canvas.rows(
                List.of(plot.title().split(" ")),
                word -> Canvas.width(word, ChartStyle.TITLE),
                Canvas.width(" ", ChartStyle.TITLE),
                TEXT_WIDTH);
        key = new PlotKey(plot, TEXT_WIDTH);
        labels = new PlotLabels(plot);
        roomForUprights = plot.rules().stream().anyMatch(Plot.Rule::upright) ? 16 : 0;
        double ticks = plot.y().ticks().values().stream()
                .mapToDouble(tick -> Canvas.width(tick, ChartStyle.TICK))
                .max()
                .orElse(0);
        int header = (title.size() + 1) * ChartStyle.LINE_HEIGHT + key.height();
        area = new PlotArea(
                plot.x(),
                plot.y(),
                EDGE + 8 + (int) Math.ceil(ticks),
                Plot.WIDTH - EDGE - labels.rightMargin(),
                EDGE + header + (plot.y().title().isEmpty() ? 6 : 28) + roomForUprights,
                plot.height() - EDGE - 38);
    }

    PlotArea area() {
        return area;
    }

    BufferedImage paint() {
        header();
        grid();
        plot.rules().forEach(this::rule);
        canvas.pen.translate(area.left(), area.top());
        new PlotMarks(plot, area.right() - area.left(), area.bottom() - area.top()).paint(canvas.pen);
        canvas.pen.translate(-area.left(), -area.top());
        labels.paint(canvas, area);
        canvas.pen.dispose();
        return canvas.image;
    }

    private void header() {
        int baseline = EDGE + 12;
        for (List<String> words : title) {
            canvas.write(String.join(" ", words), EDGE, baseline, ChartStyle.TITLE, ChartStyle.INK);
            baseline += ChartStyle.LINE_HEIGHT;
        }
        grey(plot.subtitle(), EDGE, baseline);
        key.paint(canvas, EDGE, baseline);
        tick(plot.y().title(), EDGE, area.top() - 12 - roomForUprights);
        double width = Canvas.width(plot.x().title(), ChartStyle.TEXT);
        grey(plot.x().title(), (area.left() + area.right() - width) / 2, area.bottom() + 42);
    }

    private void grid() {
        plot.y().ticks().forEach((at, label) -> {
            double y = crisp(area.y(at));
            line(area.left(), y, area.right(), y, ChartStyle.GRID);
            tick(label, area.left() - 8 - Canvas.width(label, ChartStyle.TICK), area.y(at) + 4);
        });
        double free = Double.NEGATIVE_INFINITY;
        for (var entry : plot.x().ticks().entrySet()) {
            double x = area.x(entry.getKey());
            line(crisp(x), area.top(), crisp(x), area.bottom(), ChartStyle.GRID);
            double half = Canvas.width(entry.getValue(), ChartStyle.TICK) / 2;
            if (x - half > free) {
                tick(entry.getValue(), x - half, area.bottom() + 18);
                free = x + half + 6;
            }
        }
        line(area.left(), area.bottom(), area.right(), area.bottom(), ChartStyle.GREY);
    }

    private void rule(Plot.Rule rule) {
        if (!rule.upright()) {
            double y = area.y(rule.at());
            canvas.line(area.left(), y, area.right(), y, ChartStyle.DASHED, ChartStyle.INK);
            return;
        }
        double x = area.x(rule.at());
        canvas.line(x, area.top(), x, area.bottom(), ChartStyle.DASHED, ChartStyle.INK);
        double width = Canvas.width(rule.label(), ChartStyle.TEXT);
        double start = Math.min(x - width / 2, Plot.WIDTH - EDGE - width);
        canvas.write(rule.label(), start, area.top() - 6, ChartStyle.TEXT, ChartStyle.INK);
    }

    /** The nearest position at which a thin line covers whole pixels. */
    private static double crisp(double at) {
        return Math.rint(at * ChartStyle.SCALE) / ChartStyle.SCALE;
    }

    private void line(double x0, double y0, double x1, double y1, Color colour) {
        canvas.line(x0, y0, x1, y1, ChartStyle.THIN, colour);
    }

    private void tick(String text, double x, double baseline) {
        canvas.write(text, x, baseline, ChartStyle.TICK, ChartStyle.GREY);
    }

    private void grey(String text, double x, double baseline) {
        canvas.write(text, x, baseline, ChartStyle.TEXT, ChartStyle.GREY);
    }
}
