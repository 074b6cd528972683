package lowrank.notebook;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lowrank.charts.ChartStyle;
import lowrank.charts.Plot;
import lowrank.charts.Png;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;
import tech.tablesaw.api.Table;

/**
 * One output as a notebook stores it: the same content in several forms, and its display size.
 *
 * @param data by MIME type
 * @param metadata by MIME type
 */
record MimeBundle(Map<String, String> data, Map<String, Map<String, Object>> metadata) {
    static final String PLAIN = "text/plain";
    static final String HTML = "text/html";
    static final String PNG = "image/png";

    static MimeBundle of(HtmlView view) {
        return new MimeBundle(Map.of(HTML, view.html(), PLAIN, view.text()), Map.of());
    }

    static MimeBundle of(String text) {
        return of(new HtmlView("<div>" + HtmlView.escape(text) + "</div>", text));
    }

    /**
     * An image with {@link ChartStyle#SCALE} pixels for each pixel shown.
     *
     * <p>It is sent as {@code image/png} and not as HTML with an image inside, which some code hosts remove. JupyterLab
     * and nbconvert respect the width in the metadata; programs that ignore it show the image as wide as the page.
     */
    static MimeBundle of(BufferedImage image, String words) {
        return of(image, words, words);
    }

    /** A chart with its description. */
    static MimeBundle of(Plot plot) {
        return of(plot.image(), plot.title(), plot.description());
    }

    /** A table in the style of the report, below its name. */
    static MimeBundle of(Table table) {
        return of(Tables.html(table, table.name()));
    }

    /** A chart of XChart, drawn for high-density screens. */
    static MimeBundle of(Chart<?, ?> chart) {
        int scale = ChartStyle.SCALE;
        var image = new BufferedImage(scale * chart.getWidth(), scale * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.scale(scale, scale);
        chart.paint(pen, chart.getWidth(), chart.getHeight());
        pen.dispose();
        List<String> names =
                chart.getSeriesCollection().stream().map(Series::getName).toList();
        return of(image, chart.getTitle(), chart.getTitle() + ": " + String.join(", ", names));
    }

    /** The alternative text in the metadata: nbconvert uses it, JupyterLab does not yet. */
    private static MimeBundle of(BufferedImage image, String words, String alternative) {
        Map<String, Object> shown = Map.of("width", image.getWidth() / ChartStyle.SCALE, "alt", alternative);
        return new MimeBundle(
                Map.of(PNG, Base64.getEncoder().encodeToString(Png.encode(image)), PLAIN, words), Map.of(PNG, shown));
    }

    String text() {
        return data.get(PLAIN);
    }
}
