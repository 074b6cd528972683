package lowrank.charts;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A white image and a pen to draw on it. Sizes and positions are in layout units of {@link ChartStyle#SCALE} pixels
 * each.
 */
final class Canvas {
    private static final FontRenderContext SMOOTH = new FontRenderContext(null, true, true);

    static {
        // Images only: a server has no screen, and a Mac should not open an application for them.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    final BufferedImage image;
    final Graphics2D pen;

    Canvas(int width, int height) {
        image = new BufferedImage(width * ChartStyle.SCALE, height * ChartStyle.SCALE, BufferedImage.TYPE_INT_RGB);
        pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.scale(ChartStyle.SCALE, ChartStyle.SCALE);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
    }

    /**
     * How wide a text is.
     *
     * @throws IllegalStateException if Java finds no font to write with, as in a bare container
     */
    static double width(String text, Font font) {
        try {
            return font.getStringBounds(text, SMOOTH).getWidth();
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "Java finds no font to label charts with; install one, "
                            + "on Debian and Ubuntu with: apt-get install fontconfig fonts-dejavu-core",
                    e);
        }
    }

    /** Arranges texts of these widths, this far apart, in as many rows as they need. */
    static List<List<String>> rows(List<String> texts, ToDoubleFunction<String> width, double gap, double limit) {
        List<List<String>> rows = new ArrayList<>();
        double x = limit;
        for (String text : texts) {
            double needed = width.applyAsDouble(text);
            if (x + needed > limit) {
                rows.add(new ArrayList<>());
                x = 0;
            }
            rows.get(rows.size() - 1).add(text);
            x += needed + gap;
        }
        return rows;
    }

    void write(String text, double x, double baseline, Font font, Color colour) {
        pen.setFont(font);
        pen.setColor(colour);
        pen.drawString(text, (float) x, (float) baseline);
    }

    void line(double x0, double y0, double x1, double y1, Stroke stroke, Color colour) {
        pen.setStroke(stroke);
        pen.setColor(colour);
        pen.draw(new Line2D.Double(x0, y0, x1, y1));
    }
}
