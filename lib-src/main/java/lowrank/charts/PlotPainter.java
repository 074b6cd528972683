package lowrank.charts;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Lays a plot out and draws all of it but the marks: titles, axes, grid, rules, names. */
final class PlotPainter {
    private static final int EDGE = 16;
    private static final int LINE_HEIGHT = 20;
    private static final Font TITLE = ChartStyle.TITLE;
    private static final Font TEXT = ChartStyle.TEXT;
    private static final Font TICK = ChartStyle.font(Font.PLAIN, 11);

    private final Plot plot;
    private final BufferedImage image;
    private final Graphics2D pen;
    private final PlotLabels labels;
    private final int left;
    private final int right;
    private final int top;
    private final int bottom;

    PlotPainter(Plot plot) {
        this.plot = plot;
        image = ChartStyle.canvas(Plot.WIDTH, plot.height());
        pen = ChartStyle.pen(image);
        labels = new PlotLabels(plot, pen.getFontMetrics(TEXT));
        FontMetrics ticks = pen.getFontMetrics(TICK);
        left = EDGE
                + 8
                + plot.y().ticks().values().stream()
                        .mapToInt(ticks::stringWidth)
                        .max()
                        .orElse(0);
        right = Plot.WIDTH - EDGE - labels.rightMargin();
        top = headerLines().size() * LINE_HEIGHT + EDGE + (plot.y().title().isEmpty() ? 6 : 28) + uprightRoom();
        bottom = plot.height() - EDGE - 38;
    }

    BufferedImage paint() {
        header();
        grid();
        rules();
        pen.translate(left, top);
        new PlotMarks(plot, right - left, bottom - top).paint(pen);
        pen.translate(-left, -top);
        labels.paint(pen, TEXT, this);
        pen.dispose();
        return image;
    }

    double x(double value) {
        return left + plot.x().position(value) * (right - left);
    }

    double y(double value) {
        return bottom - plot.y().position(value) * (bottom - top);
    }

    int right() {
        return right;
    }

    int top() {
        return top;
    }

    int bottom() {
        return bottom;
    }

    private void header() {
        int baseline = EDGE + 12;
        List<String> lines = headerLines();
        List<List<String>> keys = keyLines();
        int claims = lines.size() - 1 - keys.size();
        for (int i = 0; i < claims; i++, baseline += LINE_HEIGHT) {
            write(lines.get(i), EDGE, baseline, TITLE, ChartStyle.INK);
        }
        write(plot.subtitle(), EDGE, baseline, TEXT, ChartStyle.GREY);
        for (List<String> key : keys) {
            baseline += LINE_HEIGHT;
            labels.paintKey(pen, TEXT, key, EDGE, baseline);
        }
        write(plot.y().title(), EDGE, top - 12 - uprightRoom(), TICK, ChartStyle.GREY);
        String title = plot.x().title();
        double middle = (left + right) / 2.0 - pen.getFontMetrics(TEXT).stringWidth(title) / 2.0;
        write(title, middle, bottom + 42, TEXT, ChartStyle.GREY);
    }

    /** The claim in as many lines as it needs, the subtitle, and the key where there is one. */
    private List<String> headerLines() {
        FontMetrics metrics = pen.getFontMetrics(TITLE);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : plot.title().split(" ")) {
            if (line.length() > 0 && metrics.stringWidth(line + " " + word) > Plot.WIDTH - 2 * EDGE) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        lines.add(plot.subtitle());
        keyLines().forEach(key -> lines.add(""));
        return lines;
    }

    private List<List<String>> keyLines() {
        return plot.naming() == Plot.Names.IN_KEY ? labels.keyLines(Plot.WIDTH - 2 * EDGE) : List.of();
    }

    private int uprightRoom() {
        return plot.rules().stream().anyMatch(Plot.Rule::upright) ? 16 : 0;
    }

    private void grid() {
        FontMetrics metrics = pen.getFontMetrics(TICK);
        pen.setStroke(ChartStyle.THIN);
        plot.y().ticks().forEach((at, label) -> {
            stroke(left, crisp(y(at)), right, crisp(y(at)), ChartStyle.GRID);
            write(label, left - 8 - metrics.stringWidth(label), y(at) + 4, TICK, ChartStyle.GREY);
        });
        double[] free = {Double.NEGATIVE_INFINITY};
        plot.x().ticks().forEach((at, label) -> {
            stroke(crisp(x(at)), top, crisp(x(at)), bottom, ChartStyle.GRID);
            double half = metrics.stringWidth(label) / 2.0;
            if (x(at) - half > free[0]) {
                write(label, x(at) - half, bottom + 18, TICK, ChartStyle.GREY);
                free[0] = x(at) + half + 6;
            }
        });
        stroke(left, bottom, right, bottom, ChartStyle.GREY);
    }

    private void rules() {
        FontMetrics metrics = pen.getFontMetrics(TEXT);
        for (Plot.Rule rule : plot.rules()) {
            pen.setStroke(ChartStyle.DASHED);
            if (rule.upright()) {
                stroke(x(rule.at()), top, x(rule.at()), bottom, ChartStyle.INK);
                double width = metrics.stringWidth(rule.label());
                double start = Math.min(x(rule.at()) - width / 2, Plot.WIDTH - EDGE - width);
                write(rule.label(), start, top - 6, TEXT, ChartStyle.INK);
            } else {
                stroke(left, y(rule.at()), right, y(rule.at()), ChartStyle.INK);
            }
        }
    }

    /** The nearest place where a thin line covers whole pixels. */
    private static double crisp(double at) {
        return Math.rint(at * ChartStyle.SCALE) / ChartStyle.SCALE;
    }

    private void stroke(double x0, double y0, double x1, double y1, Color colour) {
        pen.setColor(colour);
        pen.draw(new Line2D.Double(x0, y0, x1, y1));
    }

    private void write(String text, double atX, double baseline, Font font, Color colour) {
        pen.setFont(font);
        pen.setColor(colour);
        pen.drawString(text, (float) atX, (float) baseline);
    }
}
