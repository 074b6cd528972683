package lowrank.charts;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import lowrank.data.DigitSet;

/** Digits as pictures: dark strokes on white, in a grid. */
public final class Pictures {
    /** Where the digits begin, below the title and the name of the data. */
    static final int HEADER = 52;

    private static final int DIGIT = 2 * DigitSet.SIDE;
    private static final int GAP = 4;
    private static final int TITLE_BASELINE = 20;
    private static final int DATA_BASELINE = 40;

    private Pictures() {}

    /**
     * The first {@code rows · columns} digits of a set, each 56 pixels wide as shown.
     *
     * @param title what there is to see
     * @param data name of the data set, the line below the title
     * @throws IllegalArgumentException if the set has fewer, or a side of the grid is below 1
     */
    public static BufferedImage grid(String title, String data, DigitSet digits, int rows, int columns) {
        if (rows < 1 || columns < 1 || (long) rows * columns > digits.size()) {
            throw new IllegalArgumentException("a grid of " + rows + " x " + columns + " needs 1 to " + digits.size()
                    + " images, the size of the set");
        }
        int words = Math.max(width(title, ChartStyle.TITLE), width(data, ChartStyle.TEXT));
        int width = Math.max(columns * (DIGIT + GAP), words + GAP) + GAP;
        BufferedImage image = ChartStyle.canvas(width, HEADER + rows * (DIGIT + GAP) + GAP);
        Graphics2D pen = ChartStyle.pen(image);
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        write(pen, title, TITLE_BASELINE, ChartStyle.TITLE, ChartStyle.INK);
        write(pen, data, DATA_BASELINE, ChartStyle.TEXT, ChartStyle.GREY);
        pen.setColor(ChartStyle.GRID);
        for (int i = 0; i < rows * columns; i++) {
            int x = GAP + i % columns * (DIGIT + GAP);
            int y = HEADER + GAP + i / columns * (DIGIT + GAP);
            pen.drawImage(digit(digits, i), x, y, DIGIT, DIGIT, null);
            pen.drawRect(x, y, DIGIT, DIGIT);
        }
        pen.dispose();
        return image;
    }

    private static void write(Graphics2D pen, String text, int baseline, Font font, Color colour) {
        pen.setFont(font);
        pen.setColor(colour);
        pen.drawString(text, GAP, baseline);
    }

    private static int width(String text, Font font) {
        Graphics2D pen = ChartStyle.pen(ChartStyle.canvas(1, 1));
        FontMetrics metrics = pen.getFontMetrics(font);
        pen.dispose();
        return metrics.stringWidth(text);
    }

    private static BufferedImage digit(DigitSet digits, int index) {
        BufferedImage image = new BufferedImage(DigitSet.SIDE, DigitSet.SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < DigitSet.PIXELS; i++) {
            int grey = 255 - (digits.pixels()[index * DigitSet.PIXELS + i] & 0xFF);
            image.setRGB(i % DigitSet.SIDE, i / DigitSet.SIDE, new Color(grey, grey, grey).getRGB());
        }
        return image;
    }
}
