package lowrank.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The words in a plot: at the right end of lines and levels, and beside points. */
final class PlotLabels {
    private static final int GAP = 10;
    private static final int APART = 16;
    /** A line that ends to the left of this share of the width is named next to its end, inside the chart. */
    private static final double RIGHT_END = 0.9;

    private final List<Label> ends = new ArrayList<>();
    private final List<Label> inside = new ArrayList<>();

    private record Label(String text, Color colour, double x, double y) {
        double width() {
            return Canvas.width(text, ChartStyle.TEXT);
        }
    }

    PlotLabels(Plot plot) {
        if (!plot.hasKey()) {
            plot.series(Plot.Kind.LINE).forEach(series -> nameAtEnd(plot, series));
        }
        plot.rules().stream()
                .filter(rule -> !rule.upright())
                .forEach(rule -> ends.add(new Label(rule.label(), ChartStyle.INK, Double.NaN, rule.at())));
        plot.notes()
                .forEach(note -> (Double.isNaN(note.x()) ? ends : inside)
                        .add(label(plot, note.series(), note.text(), note.x(), note.y())));
    }

    /** Room the names at line ends need right of the chart. */
    int rightMargin() {
        return (int) Math.ceil(ends.stream().mapToDouble(Label::width).max().orElse(-GAP)) + GAP;
    }

    void paint(Canvas canvas, PlotArea area) {
        inside.forEach(label -> paintInside(canvas, area, label));
        List<Label> sorted = new ArrayList<>(ends);
        sorted.sort(Comparator.comparingDouble(label -> area.y(label.y)));
        double[] wanted = sorted.stream().mapToDouble(label -> area.y(label.y)).toArray();
        double[] at = spread(wanted, area.top(), area.bottom());
        for (int i = 0; i < at.length; i++) {
            Label label = sorted.get(i);
            canvas.write(label.text, area.right() + GAP, at[i] + 4, ChartStyle.TEXT, label.colour);
            if (Math.abs(at[i] - wanted[i]) > 5) {
                double end = area.right() + GAP - 2;
                canvas.line(area.right() + 1, wanted[i], end, at[i], ChartStyle.HAIR, label.colour);
            }
        }
    }

    /** Moves ascending positions apart by the height of a line of text, and keeps them in the range if possible. */
    static double[] spread(double[] wanted, double from, double to) {
        double[] at = wanted.clone();
        for (int i = 0; i < at.length; i++) {
            at[i] = Math.max(at[i], i == 0 ? from : at[i - 1] + APART);
        }
        for (int i = 0; i < at.length; i++) {
            double limit = to - (at.length - 1 - i) * APART;
            at[i] = Math.max(from + i * APART, Math.min(at[i], limit));
        }
        return at;
    }

    private void nameAtEnd(Plot plot, Plot.Series series) {
        IntStream.range(0, series.x().length)
                .filter(i -> !Double.isNaN(series.y()[i]))
                .max()
                .ifPresent(last -> {
                    double x = series.x()[last];
                    (plot.x().position(x) < RIGHT_END ? inside : ends)
                            .add(label(plot, series.name(), series.name(), x, series.y()[last]));
                });
    }

    private static Label label(Plot plot, String series, String text, double x, double y) {
        return new Label(text, ChartStyle.forText(plot.colour(series)), x, y);
    }

    /** Draws words to the right of a point and below it if there is room, in a white halo. */
    private static void paintInside(Canvas canvas, PlotArea area, Label label) {
        boolean fits = area.x(label.x) + 8 + label.width() < area.right();
        boolean room = area.y(label.y) + 18 < area.bottom();
        double x = area.x(label.x) + (fits ? 8 : -8 - label.width());
        double y = area.y(label.y) + (room ? 14 : -7);
        canvas.pen.setColor(Color.WHITE);
        canvas.pen.setStroke(ChartStyle.HALO);
        canvas.pen.draw(ChartStyle.TEXT
                .createGlyphVector(canvas.pen.getFontRenderContext(), label.text)
                .getOutline((float) x, (float) y));
        canvas.write(label.text, x, y, ChartStyle.TEXT, label.colour);
    }
}
