package lowrank.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The series of a plot, drawn by XChart. Axes, grid and names are drawn by {@link PlotPainter}: XChart 4 can neither
 * place ticks at chosen values nor align titles to the left, and its annotations at line ends all share one colour.
 */
final class PlotMarks {
    private final Plot plot;
    private final XYChart chart;

    /** The marks of a plot, to be drawn in an area of this size. */
    PlotMarks(Plot plot, int width, int height) {
        this.plot = plot;
        this.chart = new XYChartBuilder().width(width).height(height).build();
        style(chart.getStyler());
        for (Plot.Series series : plot.series()) {
            add(series);
        }
    }

    /** Draws all marks into the area whose upper left corner is at the pen's origin. */
    void paint(Graphics2D pen) {
        if (!plot.series().isEmpty()) {
            chart.paint(pen, chart.getWidth(), chart.getHeight());
        }
    }

    private void style(XYStyler styler) {
        styler.setLegendVisible(false)
                .setChartTitleVisible(false)
                .setChartPadding(0)
                .setPlotContentSize(1)
                .setPlotBorderVisible(false)
                .setPlotBackgroundColor(ChartStyle.CLEAR)
                .setChartBackgroundColor(ChartStyle.CLEAR)
                .setMarkerSize(ChartStyle.MARKER_SIZE);
        styler.setAxisTitlesVisible(false)
                .setAxisTicksVisible(false)
                .setPlotGridLinesVisible(false)
                .setPlotMargin(0);
        styler.setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
    }

    private void add(Plot.Series series) {
        double[] x = new double[series.x().length];
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = plot.x().position(series.x()[i]);
            y[i] = plot.y().position(series.y()[i]);
        }
        XYSeries marks = chart.addSeries(chart.getSeriesCollection().size() + " " + series.name(), x, y);
        Color colour = plot.colour(series.name());
        marks.setMarkerColor(colour).setMarker(SeriesMarkers.NONE).setLineColor(colour);
        switch (series.kind()) {
            case BAND -> {
                marks.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea).setFillColor(ChartStyle.faint(colour));
                marks.setLineStyle(SeriesLines.NONE);
            }
            case BAR -> marks.setLineStyle(ChartStyle.BAR);
            case LINE -> {
                marks.setLineStyle(series.isPlain() ? ChartStyle.PLAIN : ChartStyle.LINE);
                marks.setMarker(series.isPlain() ? SeriesMarkers.NONE : plot.marker(series.name()));
            }
            case POINTS, HOLLOW -> marks.setMarker(plot.marker(series.name())).setLineStyle(SeriesLines.NONE);
        }
    }
}
