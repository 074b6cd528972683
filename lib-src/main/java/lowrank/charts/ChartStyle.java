package lowrank.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Map;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The look that all charts share: the colour-blind-safe palette of Okabe and Ito (2008), the same colour for a method
 * in every chart, a white background and a light grid.
 */
public final class ChartStyle {
    /** Pixels drawn for each layout unit, so that charts are sharp on a high-density screen. */
    public static final int SCALE = 2;

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final int LINE_HEIGHT = 20;
    static final int MARKER_SIZE = 8;
    static final Color INK = new Color(0x222222);
    static final Color GREY = new Color(0x5F5F5F);
    static final Color GRID = new Color(0xE4E4E4);
    static final Color CLEAR = new Color(255, 255, 255, 0);
    static final BasicStroke LINE = new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final BasicStroke PLAIN = new BasicStroke(1.6f);
    static final BasicStroke HAIR = new BasicStroke(0.8f);
    static final BasicStroke THIN = new BasicStroke(1f);
    static final BasicStroke BAR = new BasicStroke(1.4f);
    static final BasicStroke HALO = new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final BasicStroke DASHED =
            new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {6f, 4f}, 0f);

    private static final float DARKER = 0.72f;
    private static final Color BLUE = new Color(0x0072B2);
    private static final Color VERMILION = new Color(0xD55E00);
    private static final Color GREEN = new Color(0x009E73);
    private static final Color PURPLE = new Color(0xCC79A7);
    private static final Color ORANGE = new Color(0xE69F00);
    private static final Color SKY = new Color(0x56B4E9);
    private static final Color WINE = new Color(0x882255);
    private static final Color INDIGO = new Color(0x332288);
    private static final Color[] PALETTE = {BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY};
    private static final Map<String, Color> METHODS = Map.ofEntries(
            Map.entry("dense", INK),
            Map.entry("truncated", VERMILION),
            Map.entry("fine-tuned", BLUE),
            Map.entry("random-start", ORANGE),
            Map.entry("dynamic", GREEN),
            Map.entry("dynamic-per-epoch", SKY),
            Map.entry("aware", PURPLE),
            Map.entry("aware, ranks chosen", WINE),
            Map.entry("aware-fine-tuned", ORANGE),
            Map.entry("any-rank", SKY),
            Map.entry("narrow", BLUE),
            Map.entry("narrow-fine-tuned", INDIGO),
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
}
