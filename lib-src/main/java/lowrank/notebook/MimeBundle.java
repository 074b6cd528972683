package lowrank.notebook;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Map;
import lowrank.charts.ChartStyle;
import lowrank.charts.Png;

/**
 * What a notebook keeps of one output: the same thing in several forms, and how large to show it.
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
     * An image with {@link ChartStyle#SCALE} pixels to one shown.
     *
     * <p>It goes as {@code image/png} and not as HTML with an image inside, which some code hosts strip. Its width as
     * metadata is kept to by JupyterLab and nbconvert; who ignores it, shows it as wide as the page.
     */
    static MimeBundle of(BufferedImage image, String words) {
        Map<String, Object> size = Map.of("width", image.getWidth() / ChartStyle.SCALE);
        return new MimeBundle(
                Map.of(PNG, Base64.getEncoder().encodeToString(Png.encode(image)), PLAIN, words), Map.of(PNG, size));
    }

    String text() {
        return data.get(PLAIN);
    }
}
