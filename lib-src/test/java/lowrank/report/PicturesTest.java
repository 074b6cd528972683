package lowrank.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import lowrank.data.DigitSet;
import org.junit.jupiter.api.Test;

class PicturesTest {
  private static final int BLACK = 0xFF000000;
  private static final int WHITE = 0xFFFFFFFF;

  /** Five digits, white on black as MNIST stores them: the second all ink, the others empty. */
  private static DigitSet digits() {
    byte[] pixels = new byte[5 * DigitSet.PIXELS];
    Arrays.fill(pixels, DigitSet.PIXELS, 2 * DigitSet.PIXELS, (byte) 255);
    return new DigitSet(pixels, new byte[] {0, 1, 2, 3, 4});
  }

  @Test
  void inkIsDarkOnWhiteAndDigitsRunAlongTheRows() {
    BufferedImage image = Pictures.grid(digits(), 2, 2);
    int step = image.getWidth() / 2;
    assertEquals(WHITE, image.getRGB(step / 2, step / 2));
    assertEquals(BLACK, image.getRGB(step + step / 2, step / 2));
    assertEquals(WHITE, image.getRGB(step / 2, step + step / 2));
  }

  @Test
  void captionsMakeRoomBelowEachDigit() {
    BufferedImage plain = Pictures.grid(digits(), 1, 4);
    BufferedImage captioned = Pictures.captioned(digits(), 4, List.of("a", "b", "c", "d"));
    assertEquals(plain.getWidth(), captioned.getWidth());
    assertEquals(plain.getHeight() + 32, captioned.getHeight());
  }

  @Test
  void refusesAGridOfMoreDigitsThanThereAre() {
    var error = assertThrows(IllegalArgumentException.class, () -> Pictures.grid(digits(), 2, 3));
    assertEquals("a grid of 2 x 3 needs 1 to 5 digits, the size of the set", error.getMessage());
  }
}
