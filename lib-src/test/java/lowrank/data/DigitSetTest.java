package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class DigitSetTest {
    /** Exact in decimal; float arrays hold it to about 1e-8. */
    private static final double FLOAT = 1e-7;

    @Test
    void imagesAreFloatsBetweenNoneAndOne() {
        byte[] pixels = new byte[2 * DigitSet.PIXELS];
        pixels[1] = (byte) 255;
        pixels[DigitSet.PIXELS] = 51;
        INDArray images = new DigitSet(pixels, new byte[2]).images(0, 2);
        assertArrayEquals(new long[] {2, 784}, images.shape());
        assertEquals('c', images.ordering());
        assertEquals(1, images.getDouble(0, 1), 0);
        assertEquals(0.2, images.getDouble(1, 0), FLOAT);
        assertEquals(1.2, images.sumNumber().doubleValue(), FLOAT);
    }

    @Test
    void oneHotHasOneInTheColumnOfTheDigit() {
        INDArray oneHot = digits(3).oneHot();
        assertEquals(3, oneHot.sumNumber().doubleValue(), 0);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, oneHot.getDouble(i, i), 0);
        }
    }

    @Test
    void aBatchHoldsTheRowsAskedForWithSmoothedTargets() {
        DataSet batch = digits(12).batch(new int[] {11, 4}, 0.1);
        assertEquals(11 / 255.0, batch.getFeatures().getDouble(0, 783), FLOAT);
        assertEquals(4 / 255.0, batch.getFeatures().getDouble(1, 0), FLOAT);
        assertEquals(0.91, batch.getLabels().getDouble(0, 1), FLOAT);
        assertEquals(0.01, batch.getLabels().getDouble(0, 4), FLOAT);
        assertEquals(0.91, batch.getLabels().getDouble(1, 4), FLOAT);
    }

    @Test
    void whatMovesOutOfTheFrameIsGoneAndWhatComesInIsBackground() {
        byte[] pixels = new byte[DigitSet.PIXELS];
        pixels[0] = (byte) 255; // top left
        pixels[DigitSet.PIXELS - 1] = (byte) 255; // bottom right
        INDArray moved = new DigitSet(pixels, new byte[1])
                .batch(new int[] {0}, 0, new int[] {2}, new int[] {1})
                .getFeatures();
        assertEquals(1, moved.getDouble(0, 2 * DigitSet.SIDE + 1));
        assertEquals(1, moved.sumNumber().doubleValue());
        INDArray back = new DigitSet(pixels, new byte[1])
                .batch(new int[] {0}, 0, new int[] {0}, new int[] {-1})
                .getFeatures();
        assertEquals(1, back.getDouble(0, DigitSet.PIXELS - 2));
        assertEquals(1, back.sumNumber().doubleValue());
    }

    @Test
    void partsAreCopies() {
        DigitSet set = digits(5);
        DigitSet part = set.rows(1, 2);
        part.pixels()[0] = 99;
        assertEquals(digits(5), set);
        assertArrayEquals(new byte[] {1, 2}, part.labels());
        assertEquals(set.rows(0, 1), set.first(2));
        assertEquals(set.images(1, 3), set.rows(1, 2).images(0, 2));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 2", "2, 1", "0, 6", "5, 6"})
    void refusesARangeOutsideTheSet(int from, int to) {
        var error = assertThrows(IllegalArgumentException.class, () -> digits(5).images(from, to));
        assertEquals(
                "images %d to %d are not a range of at least 1 within 0 to 5, the size of the set".formatted(from, to),
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesSmoothingThatIsNoShare(double smoothing) {
        assertThrows(IllegalArgumentException.class, () -> digits(5).batch(new int[] {0}, smoothing));
    }

    @Test
    void refusesAnEmptySetCountsThatDifferAndLabelsThatAreNoClass() {
        assertThrows(IllegalArgumentException.class, () -> new DigitSet(new byte[0], new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new DigitSet(new byte[783], new byte[1]));
        var error = assertThrows(
                IllegalArgumentException.class, () -> new DigitSet(new byte[784], new byte[] {(byte) 200}));
        assertEquals("label 200 of image 0 is outside 0..9, the range of classes", error.getMessage());
    }

    /** Image i is all i, its label i mod 10. */
    static DigitSet digits(int count) {
        byte[] images = TinyMnist.images(count);
        byte[] labels = TinyMnist.labels(count);
        return new DigitSet(
                Arrays.copyOfRange(images, 16, images.length), Arrays.copyOfRange(labels, 8, labels.length));
    }
}
