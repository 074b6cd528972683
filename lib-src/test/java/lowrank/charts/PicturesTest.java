package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
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

    /** Of digits alone: what is above them is cut off. */
    private static BufferedImage digitsOf(BufferedImage image) {
        int header = Pictures.HEADER * ChartStyle.SCALE;
        return image.getSubimage(0, header, image.getWidth(), image.getHeight() - header);
    }

    @Test
    void inkIsDarkOnWhiteAndDigitsRunAlongTheRows() {
        BufferedImage image = digitsOf(Pictures.grid("A", "B", digits(), 2, 2));
        int step = image.getWidth() / 2;
        assertEquals(WHITE, image.getRGB(step / 2, step / 2));
        assertEquals(BLACK, image.getRGB(step + step / 2, step / 2));
        assertEquals(WHITE, image.getRGB(step / 2, step + step / 2));
    }

    @Test
    void titleAndDataSetStandAboveTheDigits() {
        BufferedImage bare = Pictures.grid("", "", digits(), 1, 1);
        int row = 40 * ChartStyle.SCALE - 1;
        assertEquals(0, inked(bare, 0, Pictures.HEADER * ChartStyle.SCALE));
        BufferedImage named = Pictures.grid("", "MNIST", digits(), 1, 1);
        assertTrue(inked(named, row - 20, row) > 0, "the name of the data is drawn");
        assertEquals(digitsOf(bare).getHeight(), digitsOf(named).getHeight());
    }

    @Test
    void aTitleWiderThanTheDigitsMakesThePictureWider() {
        assertTrue(Pictures.grid("A title of a good many words", "MNIST", digits(), 1, 1)
                        .getWidth()
                > Pictures.grid("A", "MNIST", digits(), 1, 1).getWidth());
    }

    private static long inked(BufferedImage image, int from, int to) {
        int[] pixels = image.getRGB(0, from, image.getWidth(), to - from, null, 0, image.getWidth());
        return Arrays.stream(pixels).filter(pixel -> pixel != WHITE).count();
    }

    @Test
    void refusesAGridOfMoreDigitsThanThereAre() {
        var error = assertThrows(IllegalArgumentException.class, () -> Pictures.grid("A", "B", digits(), 2, 3));
        assertEquals("a grid of 2 x 3 needs 1 to 5 images, the size of the set", error.getMessage());
    }
}
