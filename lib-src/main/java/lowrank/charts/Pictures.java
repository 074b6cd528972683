package lowrank.charts;

import java.awt.Color;
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
     * @param title what the picture shows
     * @param data name of the data set, the line below the title
     * @throws IllegalArgumentException if the set has fewer, or a side of the grid is below 1
     */
    public static BufferedImage grid(String title, String data, DigitSet digits, int rows, int columns) {
        if (rows < 1 || columns < 1 || (long) rows * columns > digits.size()) {
            throw new IllegalArgumentException("a grid of " + rows + " x " + columns + " needs 1 to " + digits.size()
                    + " images, the size of the set");
        }
        double words = Math.max(Canvas.width(title, ChartStyle.TITLE), Canvas.width(data, ChartStyle.TEXT));
        int width = Math.max(columns * (DIGIT + GAP), (int) Math.ceil(words) + GAP) + GAP;
        Canvas canvas = new Canvas(width, HEADER + rows * (DIGIT + GAP) + GAP);
        canvas.write(title, GAP, TITLE_BASELINE, ChartStyle.TITLE, ChartStyle.INK);
        canvas.write(data, GAP, DATA_BASELINE, ChartStyle.TEXT, ChartStyle.GREY);
        Graphics2D pen = canvas.pen;
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        pen.setColor(ChartStyle.GRID);
        for (int i = 0; i < rows * columns; i++) {
            int x = GAP + i % columns * (DIGIT + GAP);
            int y = HEADER + GAP + i / columns * (DIGIT + GAP);
            pen.drawImage(digit(digits, i), x, y, DIGIT, DIGIT, null);
            pen.drawRect(x, y, DIGIT, DIGIT);
        }
        pen.dispose();
        return canvas.image;
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
