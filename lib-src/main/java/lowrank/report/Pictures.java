package lowrank.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import lowrank.data.DigitSet;

/** Digits as pictures: dark strokes on white, in a grid. */
public final class Pictures {
  private static final int DIGIT = 2 * DigitSet.SIDE;
  private static final int GAP = 4;
  private static final int CAPTION = 16;

  private Pictures() {}

  /**
   * The first {@code rows · columns} digits of a set, each 56 pixels wide as shown.
   *
   * @throws IllegalArgumentException if the set has fewer, or a side of the grid is below 1
   */
  public static BufferedImage grid(DigitSet digits, int rows, int columns) {
    if (rows < 1 || columns < 1 || (long) rows * columns > digits.size()) {
      throw new IllegalArgumentException("a grid of " + rows + " x " + columns + " needs 1 to "
          + digits.size() + " digits, the size of the set");
    }
    return draw(digits, rows, columns, null);
  }

  /**
   * One row for each {@code columns} captions: as many digits as there are captions, with the words below.
   *
   * @throws IllegalArgumentException if there is no caption, or more than digits
   */
  public static BufferedImage captioned(DigitSet digits, int columns, List<String> captions) {
    if (captions.isEmpty() || captions.size() > digits.size() || columns < 1) {
      throw new IllegalArgumentException(captions.size() + " captions in rows of " + columns + " for "
          + digits.size() + " digits; at least 1 and at most as many as digits are needed");
    }
    return draw(digits, (captions.size() + columns - 1) / columns, columns, captions);
  }

  private static BufferedImage draw(DigitSet digits, int rows, int columns, List<String> captions) {
    int high = DIGIT + GAP + (captions == null ? 0 : CAPTION);
    BufferedImage image = ChartStyle.canvas(columns * (DIGIT + GAP) + GAP, rows * high + GAP);
    Graphics2D pen = ChartStyle.pen(image);
    pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
        RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    pen.setFont(ChartStyle.font(Font.PLAIN, 11));
    int count = captions == null ? rows * columns : captions.size();
    for (int i = 0; i < count; i++) {
      int x = GAP + i % columns * (DIGIT + GAP);
      int y = GAP + i / columns * high;
      pen.drawImage(digit(digits, i), x, y, DIGIT, DIGIT, null);
      pen.setColor(ChartStyle.GRID);
      pen.drawRect(x, y, DIGIT, DIGIT);
      if (captions != null) {
        pen.setColor(ChartStyle.INK);
        int width = pen.getFontMetrics().stringWidth(captions.get(i));
        pen.drawString(captions.get(i), x + (DIGIT - width) / 2, y + DIGIT + 13);
      }
    }
    pen.dispose();
    return image;
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
