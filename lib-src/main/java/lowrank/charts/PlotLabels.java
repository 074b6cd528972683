package lowrank.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;

/** The names in a plot: at the right end of lines and levels, beside points, or in a key. */
final class PlotLabels {
    private static final int KEY_MARK = 14;
    private static final int KEY_GAP = 20;
    private static final int GAP = 10;
    private static final int APART = 16;
    /** A line that ends left of this share of the width is named beside its end, inside the chart. */
    private static final double RIGHT_END = 0.9;

    private final Plot plot;
    private final FontMetrics metrics;
    private final List<Label> ends = new ArrayList<>();
    private final List<Label> inside = new ArrayList<>();

    private record Label(String text, Color colour, double x, double y) {}

    PlotLabels(Plot plot, FontMetrics metrics) {
        this.plot = plot;
        this.metrics = metrics;
        if (plot.naming() == Plot.Names.AT_ENDS) {
            plot.series(Plot.Kind.LINE).forEach(this::nameAtEnd);
        }
        plot.rules().stream()
                .filter(rule -> !rule.upright())
                .forEach(rule -> ends.add(new Label(rule.label(), ChartStyle.INK, Double.NaN, rule.at())));
        plot.notes()
                .forEach(note -> (Double.isNaN(note.x()) ? ends : inside)
                        .add(new Label(note.text(), textColour(note.series()), note.x(), note.y())));
    }

    /** Room the names at line ends need right of the chart. */
    int rightMargin() {
        return ends.stream()
                        .mapToInt(label -> metrics.stringWidth(label.text))
                        .max()
                        .orElse(-GAP)
                + GAP;
    }

    /** Names at the ends, the lowest first, and those inside: for tests. */
    List<String> texts() {
        List<String> texts = new ArrayList<>(ends.stream().map(Label::text).toList());
        inside.forEach(label -> texts.add(label.text));
        return texts;
    }

    void paint(Graphics2D pen, Font font, PlotPainter area) {
        pen.setFont(font);
        for (Label label : inside) {
            double width = metrics.stringWidth(label.text);
            boolean fits = area.x(label.x) + 8 + width < area.right();
            boolean room = area.y(label.y) + 18 < area.bottom();
            halo(pen, label, area.x(label.x) + (fits ? 8 : -8 - width), area.y(label.y) + (room ? 14 : -7));
        }
        List<Label> sorted = new ArrayList<>(ends);
        sorted.sort(Comparator.comparingDouble(label -> area.y(label.y)));
        double[] at = spread(
                sorted.stream()
                        .mapToDouble(label -> clamp(area, area.y(label.y)))
                        .toArray(),
                area.top(),
                area.bottom());
        for (int i = 0; i < at.length; i++) {
            Label label = sorted.get(i);
            pen.setColor(label.colour);
            pen.drawString(label.text, area.right() + GAP, (float) (at[i] + 4));
            if (Math.abs(at[i] - area.y(label.y)) > 5) {
                pen.setStroke(new BasicStroke(0.8f));
                pen.draw(new Line2D.Double(area.right() + 1, area.y(label.y), area.right() + GAP - 2, at[i]));
            }
        }
    }

    /** Marks with their names, in as many lines of this width as they need. */
    List<List<String>> keyLines(double width) {
        List<List<String>> lines = new ArrayList<>();
        double x = width;
        for (String name : plot.names()) {
            double needed = KEY_MARK + metrics.stringWidth(name);
            if (x + needed > width) {
                lines.add(new ArrayList<>());
                x = 0;
            }
            lines.get(lines.size() - 1).add(name);
            x += needed + KEY_GAP;
        }
        return lines;
    }

    void paintKey(Graphics2D pen, Font font, List<String> shown, double x, double baseline) {
        pen.setFont(font);
        List<String> names = plot.names();
        for (String name : shown) {
            Color colour = ChartStyle.colour(name, names.indexOf(name));
            pen.setColor(colour);
            if (plot.series().stream()
                    .filter(PlotMarks::isPlain)
                    .anyMatch(line -> line.name().equals(name))) {
                pen.setStroke(ChartStyle.LINE);
                pen.draw(new Line2D.Double(x, baseline - 4, x + 10, baseline - 4));
            } else {
                mark(name, names.indexOf(name)).paint(pen, x + 5, baseline - 4, 8);
            }
            pen.setColor(ChartStyle.forText(colour));
            pen.drawString(name, (float) x + KEY_MARK, (float) baseline);
            x += KEY_MARK + metrics.stringWidth(name) + KEY_GAP;
        }
    }

    /** Moves positions, ascending, apart by a line's height, and back into the range where that is possible. */
    static double[] spread(double[] wanted, double from, double to) {
        double[] at = wanted.clone();
        for (int i = 1; i < at.length; i++) {
            at[i] = Math.max(at[i], at[i - 1] + APART);
        }
        double limit = to;
        for (int i = at.length - 1; i >= 0 && at[i] > limit; i--, limit -= APART) {
            at[i] = limit;
        }
        double shift = at.length > 0 ? Math.max(0, from - at[0]) : 0;
        for (int i = 0; i < at.length; i++) {
            at[i] += shift;
        }
        return at;
    }

    private double clamp(PlotPainter area, double y) {
        return Math.max(area.top(), Math.min(area.bottom(), y));
    }

    private void nameAtEnd(Plot.Series series) {
        int last = series.x().length - 1;
        while (last >= 0 && Double.isNaN(series.y()[last])) {
            last--;
        }
        if (last < 0) {
            return;
        }
        Label label = new Label(series.name(), textColour(series.name()), series.x()[last], series.y()[last]);
        (plot.x().position(series.x()[last]) < RIGHT_END ? inside : ends).add(label);
    }

    private Color textColour(String name) {
        return ChartStyle.forText(ChartStyle.colour(name, plot.names().indexOf(name)));
    }

    private void halo(Graphics2D pen, Label label, double x, double y) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        var outline = pen.getFont()
                .createGlyphVector(pen.getFontRenderContext(), label.text)
                .getOutline();
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(place.createTransformedShape(outline));
        pen.setColor(label.colour);
        pen.drawString(label.text, (float) x, (float) y);
    }

    private Marker mark(String name, int index) {
        boolean hollow = plot.series(Plot.Kind.HOLLOW).stream()
                .anyMatch(series -> series.name().equals(name));
        return hollow ? new HollowMarker() : ChartStyle.marker(index);
    }
}
