package lowrank.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Map;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The looks all charts share: the colour-blind-safe palette of Okabe and Ito (2008), one colour a method in every
 * chart, white ground, a light grid.
 */
public final class ChartStyle {
    /** Pixels drawn for one of the layout: sharp on a high-density screen. */
    public static final int SCALE = 2;

    static final Font TITLE = font(Font.BOLD, 15);
    static final Font TEXT = font(Font.PLAIN, 12);
    static final Color INK = new Color(0x222222);
    static final Color GREY = new Color(0x5F5F5F);
    static final Color GRID = new Color(0xE4E4E4);
    static final Color CLEAR = new Color(255, 255, 255, 0);
    static final BasicStroke LINE = new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final BasicStroke THIN = new BasicStroke(1f);
    static final BasicStroke BAR = new BasicStroke(1.4f);
    static final BasicStroke DASHED =
            new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {6f, 4f}, 0f);

    private static final float DARKER = 0.72f;
    private static final Color BLUE = new Color(0x0072B2);
    private static final Color VERMILION = new Color(0xD55E00);
    private static final Color GREEN = new Color(0x009E73);
    private static final Color PURPLE = new Color(0xCC79A7);
    private static final Color ORANGE = new Color(0xE69F00);
    private static final Color SKY = new Color(0x56B4E9);
    private static final Color[] PALETTE = {BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY};
    private static final Map<String, Color> METHODS = Map.ofEntries(
            Map.entry("dense", INK),
            Map.entry("truncated", VERMILION),
            Map.entry("fine-tuned", BLUE),
            Map.entry("random-start", ORANGE),
            Map.entry("dynamic", GREEN),
            Map.entry("dynamic-per-epoch", SKY),
            Map.entry("aware", PURPLE),
            Map.entry("aware-fine-tuned", ORANGE),
            Map.entry("published", GREY),
            Map.entry("published, low-rank", GREY),
            Map.entry("published, pruned", SKY),
            Map.entry("", new Color(0xC4C4C4)));
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN
    };

    static {
        // Images only: a server has no screen, and a Mac should not open an application for them.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private ChartStyle() {}

    /** The colour of a method wherever it appears, or that of the {@code index}-th line. */
    static Color colour(String name, int index) {
        return METHODS.getOrDefault(name, PALETTE[Math.floorMod(index, PALETTE.length)]);
    }

    /** A colour dark enough for text on white. */
    static Color forText(Color colour) {
        float[] channels = colour.getRGBColorComponents(null);
        return new Color(DARKER * channels[0], DARKER * channels[1], DARKER * channels[2]);
    }

    static Color faint(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 50);
    }

    static Marker marker(int index) {
        return MARKERS[Math.floorMod(index, MARKERS.length)];
    }

    static Font font(int style, float size) {
        return new Font(Font.SANS_SERIF, style, 1).deriveFont(size);
    }

    /** A white image of this layout size, drawn {@link #SCALE} times as large. */
    static BufferedImage canvas(int width, int height) {
        return new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    }

    /**
     * A pen that draws in layout sizes, on a ground painted white.
     *
     * @throws IllegalStateException if Java finds no font to write with, as in a bare container
     */
    static Graphics2D pen(BufferedImage image) {
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.scale(SCALE, SCALE);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        requireFonts(pen);
        return pen;
    }

    private static void requireFonts(Graphics2D pen) {
        try {
            pen.getFontMetrics(font(Font.PLAIN, 12)).stringWidth("0");
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "Java finds no font to label charts with; install one, "
                            + "on Debian and Ubuntu with: apt-get install fontconfig fonts-dejavu-core",
                    e);
        }
    }
}
