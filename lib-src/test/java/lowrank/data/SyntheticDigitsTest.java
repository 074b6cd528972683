package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SyntheticDigitsTest {
    @Test
    void theSeedFixesEveryPixelOnAnyNumberOfThreads() throws ExecutionException, InterruptedException {
        DigitData data = SyntheticDigits.generate(240, 50, 1);
        ForkJoinPool one = new ForkJoinPool(1);
        assertEquals(
                data, one.submit(() -> SyntheticDigits.generate(240, 50, 1)).get());
        one.shutdown();
        assertNotEquals(data.sha256(), SyntheticDigits.generate(240, 50, 2).sha256());
    }

    @Test
    void theDrawnDigitsAreThoseOfEveryReleaseToTheLastBit() {
        assertEquals(
                "f7f0ac607e1124511432fe65ec01b70e2afa39d4c5bc64904deb0bd4370a1aa7",
                SyntheticDigits.generate(2400, 500, 1).sha256());
    }

    @Test
    void aSmallTestSetIsTheBeginningOfALargeOne() {
        assertEquals(
                SyntheticDigits.generate(12, 5, 1).test(),
                SyntheticDigits.generate(24, 9, 1).test().first(5));
    }

    @Test
    void noImageComesTwice() {
        DigitData data = SyntheticDigits.generate(2400, 500, 1);
        Set<Integer> images = new HashSet<>();
        for (DigitSet set : new DigitSet[] {data.train(), data.validation(), data.test()}) {
            for (int i = 0; i < set.size(); i++) {
                images.add(set.rows(i).hashCode());
            }
        }
        assertEquals(2900, images.size(), 1); // two of 2,900 images share a 32-bit hash once in 1,000 seeds
    }

    @Test
    void everyDigitIsAboutATenth() {
        DigitSet set = SyntheticDigits.generate(6000, 1, 1).train();
        int[] counts = new int[10];
        for (byte digit : set.labels()) {
            counts[digit]++;
        }
        for (int count : counts) {
            assertEquals(0.1, count / 5500.0, 0.02); // five standard deviations
        }
    }

    @Test
    void imagesLieInTwentyPixelsWithTheirMassInTheMiddle() {
        DigitSet set = SyntheticDigits.generate(12, 500, 1).test();
        for (int image = 0; image < set.size(); image++) {
            assertTrue(spread(set, image, true) <= 20 && spread(set, image, false) <= 20, "image " + image);
            assertTrue(Math.max(spread(set, image, true), spread(set, image, false)) >= 18, "image " + image);
            assertEquals(14, middle(set, image, true), 1.5, "image " + image); // half a pixel, and the rim
            assertEquals(14, middle(set, image, false), 1.5, "image " + image);
        }
    }

    /** MNIST's test images, measured the same way: 0.1325. */
    @Test
    void inkIsAsMuchAsOnMnist() {
        double ink = SyntheticDigits.generate(12, 1000, 1)
                .test()
                .images(0, 1000)
                .meanNumber()
                .doubleValue();
        assertEquals(0.13, ink, 0.02);
    }

    @Test
    void theNearestNeighbourIsOftenButNotAlwaysRight() {
        DigitData data = SyntheticDigits.generate(11_000, 1000, 1);
        double accuracy = nearestNeighbour(data.train().first(10_000), data.test());
        assertTrue(accuracy > 0.92 && accuracy < 0.97, "accuracy " + accuracy);
    }

    @Test
    void refusesTooFewDigits() {
        var error = assertThrows(IllegalArgumentException.class, () -> SyntheticDigits.generate(11, 0, 1));
        assertEquals("11 training and 0 test digits are too few: draw at least 12 and 1", error.getMessage());
    }

    /** The share of {@code test} whose nearest image of {@code train} (Euclidean) is the same digit. */
    private static double nearestNeighbour(DigitSet train, DigitSet test) {
        INDArray known = train.images(0, train.size());
        INDArray distances = test.images(0, test.size())
                .mmul(known.transpose())
                .muli(-2)
                .addiRowVector(known.mul(known).sum(1).reshape(1, train.size()));
        int[] nearest = Nd4j.argMin(distances, 1).toIntVector();
        int right = 0;
        for (int i = 0; i < nearest.length; i++) {
            right += train.labels()[nearest[i]] == test.labels()[i] ? 1 : 0;
        }
        return right / (double) test.size();
    }

    /** Rows, or columns, from the first with ink to the last. */
    private static int spread(DigitSet set, int image, boolean rows) {
        int[] lines = inkByLine(set, image, rows);
        int first = 0;
        int last = lines.length - 1;
        while (lines[first] == 0) {
            first++;
        }
        while (lines[last] == 0) {
            last--;
        }
        return last - first + 1;
    }

    private static double middle(DigitSet set, int image, boolean rows) {
        int[] lines = inkByLine(set, image, rows);
        double moment = 0;
        for (int i = 0; i < lines.length; i++) {
            moment += lines[i] * (i + 0.5);
        }
        return moment / Arrays.stream(lines).sum();
    }

    private static int[] inkByLine(DigitSet set, int image, boolean rows) {
        int[] lines = new int[DigitSet.SIDE];
        for (int i = 0; i < DigitSet.PIXELS; i++) {
            int line = rows ? i / DigitSet.SIDE : i % DigitSet.SIDE;
            lines[line] += set.pixels()[image * DigitSet.PIXELS + i] & 0xff;
        }
        return lines;
    }
}
