package lowrank.charts;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.style.markers.Marker;

/**
 * A chart before it is drawn: a claim, a data set, two axes and what is shown between them. All charts of the report
 * are one of these; {@link Charts} makes the usual ones.
 *
 * <p>Everything with the same name has the same colour; things with the name {@code ""} are grey. Lines are named at
 * their right end or, with {@link #key()}, above the chart.
 */
public final class Plot {
    /** How a series is drawn. */
    enum Kind {
        BAND,
        BAR,
        LINE,
        POINTS,
        HOLLOW
    }

    /** Points in the order in which they are joined; {@code NaN} in {@code y} interrupts the line. */
    record Series(String name, Kind kind, double[] x, double[] y) {
        /** Whether this is a line with so many points that they are not marked. */
        boolean isPlain() {
            return kind == Kind.LINE && x.length > FEW;
        }
    }

    /** A dashed line across the chart at a value of one axis. */
    record Rule(String label, double at, boolean upright) {}

    /** Words in the colour of a series, right of and below a point, or in the right margin where {@code x} is NaN. */
    record Note(String series, String text, double x, double y) {}

    static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int FEW = 30;

    private final String title;
    private String subtitle;
    private final Axis x;
    private final Axis y;
    private final List<Series> series = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private boolean hasKey;
    private int height = HEIGHT;

    /**
     * An empty chart.
     *
     * @param title the claim it shows
     * @param subtitle data set, number of seeds, what bars or bands are
     */
    public Plot(String title, String subtitle, Axis x, Axis y) {
        this.title = title;
        this.subtitle = subtitle;
        this.x = x;
        this.y = y;
    }

    /** A line through points, with a mark at each if they are few. */
    public Plot line(String name, double[] xs, double[] ys) {
        return add(name, Kind.LINE, xs, ys);
    }

    /** Points without a line. */
    public Plot points(String name, double[] xs, double[] ys) {
        return add(name, Kind.POINTS, xs, ys);
    }

    /** Hollow points: values that others published. */
    public Plot hollow(String name, double[] xs, double[] ys) {
        return add(name, Kind.HOLLOW, xs, ys);
    }

    /** A shaded band from {@code low} to {@code high}. */
    public Plot band(String name, double[] xs, double[] low, double[] high) {
        sameLength(name, xs.length, low.length);
        sameLength(name, xs.length, high.length);
        return add(name, Kind.BAND, thereAndBack(xs, xs), thereAndBack(low, high));
    }

    /** An error bar, or any other stroke between two points. */
    public Plot bar(String name, double x0, double y0, double x1, double y1) {
        return add(name, Kind.BAR, new double[] {x0, x1}, new double[] {y0, y1});
    }

    /** A dashed level across the chart, such as the dense baseline. */
    public Plot level(String label, double at) {
        rules.add(new Rule(label, at, false));
        return this;
    }

    /** A dashed vertical line at a value of the x axis. */
    public Plot upright(String label, double at) {
        rules.add(new Rule(label, at, true));
        return this;
    }

    /** Words right of and below a point, in the colour of the series. */
    public Plot note(String name, String text, double atX, double atY) {
        notes.add(new Note(name, text, atX, atY));
        return this;
    }

    /** Words right of the chart at a value of the y axis, in the colour of the series. */
    public Plot aside(String name, String text, double atY) {
        return note(name, text, Double.NaN, atY);
    }

    /** Names the series above the chart instead of at the ends of their lines. */
    public Plot key() {
        hasKey = true;
        return this;
    }

    /** Adds a remark below the title, after the name of the data set. */
    public Plot remark(String text) {
        subtitle += "; " + text;
        return this;
    }

    /** Sets a height other than 420, in layout units. */
    public Plot height(int pixels) {
        height = pixels;
        return this;
    }

    /** The chart as an image of twice its layout size, 1440 pixels wide. */
    public BufferedImage image() {
        return new PlotPainter(this).paint();
    }

    public String title() {
        return title;
    }

    /** The chart in words, for those who do not see it: title, subtitle, axes and the names of what is drawn. */
    public String description() {
        return title + ". " + subtitle + ". " + y.title() + " against " + x.title()
                + (names().isEmpty() ? "" : ": " + String.join(", ", names()));
    }

    public String subtitle() {
        return subtitle;
    }

    public Axis x() {
        return x;
    }

    public Axis y() {
        return y;
    }

    List<Series> series() {
        return series;
    }

    List<Series> series(Kind kind) {
        return series.stream().filter(one -> one.kind == kind).toList();
    }

    List<Rule> rules() {
        return rules;
    }

    List<Note> notes() {
        return notes;
    }

    boolean hasKey() {
        return hasKey;
    }

    int height() {
        return height;
    }

    /** The names in order of appearance, without the empty one; the position decides the colour and the mark. */
    List<String> names() {
        return series.stream()
                .map(Series::name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    Color colour(String name) {
        return ChartStyle.colour(name, names().indexOf(name));
    }

    /** The mark at the points of a name. */
    Marker marker(String name) {
        boolean hollow = series(Kind.HOLLOW).stream().anyMatch(one -> one.name.equals(name));
        return hollow ? new HollowMarker() : ChartStyle.marker(names().indexOf(name));
    }

    private Plot add(String name, Kind kind, double[] xs, double[] ys) {
        sameLength(name, xs.length, ys.length);
        series.add(new Series(name, kind, xs.clone(), ys.clone()));
        return this;
    }

    private static double[] thereAndBack(double[] there, double[] back) {
        int n = there.length;
        return IntStream.range(0, 2 * n)
                .mapToDouble(i -> i < n ? there[i] : back[2 * n - 1 - i])
                .toArray();
    }

    private static void sameLength(String name, int xs, int ys) {
        if (xs != ys) {
            throw new IllegalArgumentException("series \"" + name + "\" has " + xs + " x and " + ys + " y values");
        }
    }
}
