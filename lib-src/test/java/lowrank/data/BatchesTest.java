package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class BatchesTest {
    private static final DigitSet SET = DigitSetTest.digits(50);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 25, 49, 50, 51, 1000})
    void everyImageComesOnceAnEpochInBatchesOfTheSize(int batchSize) {
        Batches batches = new Batches(SET, batchSize, 0, 0, 1);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> sizes = new ArrayList<>();
            List<Integer> images = epoch(batches, sizes);
            assertArrayEquals(
                    IntStream.range(0, 50).toArray(),
                    images.stream().mapToInt(i -> i).sorted().toArray());
            assertEquals(batches.batchesPerEpoch(), sizes.size());
            assertEquals(50 - batchSize * (sizes.size() - 1), sizes.get(sizes.size() - 1));
            batches.reset();
        }
    }

    @Test
    void oneSeedGivesOneOrderAndAnotherSeedAnother() {
        assertEquals(epoch(new Batches(SET, 8, 0, 0, 1)), epoch(new Batches(SET, 8, 0, 0, 1)));
        assertNotEquals(epoch(new Batches(SET, 8, 0, 0, 1)), epoch(new Batches(SET, 8, 0, 0, 2)));
    }

    @Test
    void eachEpochHasItsOwnOrderTheSameInEveryRun() {
        Batches one = new Batches(SET, 8, 0, 0, 1);
        Batches other = new Batches(SET, 8, 0, 0, 1);
        List<Integer> first = epoch(one);
        epoch(other);
        one.reset();
        other.reset();
        List<Integer> second = epoch(one);
        assertNotEquals(first, second);
        assertEquals(second, epoch(other));
    }

    @Test
    void aResetBeforeReadingChangesNothing() {
        Batches batches = new Batches(SET, 8, 0, 0, 1);
        batches.reset();
        assertEquals(epoch(new Batches(SET, 8, 0, 0, 1)), epoch(batches));
    }

    @Test
    void imagesMoveByAtMostTheShiftAndEveryMoveOccurs() {
        byte[] dot = new byte[DigitSet.PIXELS];
        dot[10 * DigitSet.SIDE + 20] = (byte) 255;
        DigitSet set = new DigitSet(dot, new byte[1]);
        Batches batches = new Batches(set, 1, 0, 1, 5);
        Set<String> moves = new TreeSet<>();
        for (int epoch = 0; epoch < 200; epoch++) {
            int at = batches.next().getFeatures().argMax(1).getInt(0);
            moves.add((at / DigitSet.SIDE - 10) + " " + (at % DigitSet.SIDE - 20));
            batches.reset();
        }
        assertEquals(Set.of("-1 -1", "-1 0", "-1 1", "0 -1", "0 0", "0 1", "1 -1", "1 0", "1 1"), moves);
    }

    @Test
    void bentImagesKeepTheirOrderAndTheSeedSaysHowTheyAreBent() {
        DigitSet blob = blob();
        INDArray straight = new Batches(blob, 64, 0, 0, 1).next().getFeatures();
        Batches bent = new Batches(blob, 64, 0, 0, 1).bent(1.5);
        INDArray first = bent.next().getFeatures();
        bent.reset();
        INDArray second = bent.next().getFeatures();
        assertEquals(first, new Batches(blob, 64, 0, 0, 1).bent(1.5).next().getFeatures());
        assertNotEquals(first, second);
        assertNotEquals(first, new Batches(blob, 64, 0, 0, 2).bent(1.5).next().getFeatures());
        assertTrue(first.minNumber().doubleValue() >= 0 && first.maxNumber().doubleValue() <= 1);
        double mass = straight.sumNumber().doubleValue();
        assertEquals(mass, first.sumNumber().doubleValue(), 0.05 * mass);
        assertEquals(straight, new Batches(blob, 64, 0, 0, 1).bent(1e-9).next().getFeatures());
    }

    /** On a ramp from left to right, the value at a place says where it was taken from. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2})
    void displacementsHaveTheSizeAskedFor(double pixels) {
        byte[] ramp = new byte[400 * DigitSet.PIXELS];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (9 * (i % DigitSet.SIDE));
        }
        DigitSet set = new DigitSet(ramp, new byte[400]);
        INDArray x = new Batches(set, 400, 0, 0, 1).bent(pixels).next().getFeatures();
        int middle = 14 * DigitSet.SIDE + 14;
        INDArray moved = x.getColumn(middle).mul(255 / 9.0).sub(14);
        double size = Math.sqrt(moved.mul(moved).meanNumber().doubleValue());
        assertEquals(pixels, size, 0.1 * pixels);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 5.1, Double.NaN})
    void displacementsThatAreNoneOrTooLargeAreRefused(double pixels) {
        var error = assertThrows(IllegalArgumentException.class, () -> new Batches(SET, 8, 0, 0, 1).bent(pixels));
        assertEquals("displacements of " + pixels + " pixels are outside 0 (excluded) to 5.0", error.getMessage());
    }

    private static DigitSet blob() {
        byte[] pixels = new byte[64 * DigitSet.PIXELS];
        for (int i = 0; i < pixels.length; i++) {
            int y = i % DigitSet.PIXELS / DigitSet.SIDE;
            int x = i % DigitSet.SIDE;
            pixels[i] = (byte) (y > 8 && y < 19 && x > 8 && x < 19 ? 255 : 0);
        }
        return new DigitSet(pixels, new byte[64]);
    }

    @Test
    void targetsAreSmoothedAndFollowTheirImages() {
        DataSet batch = new Batches(SET, 50, 0.5, 0, 3).next();
        for (int i = 0; i < 50; i++) {
            int image = number(batch, i);
            assertEquals(0.55, batch.getLabels().getDouble(i, image % 10), 1e-7); // float arrays
            assertEquals(0.05, batch.getLabels().getDouble(i, (image + 1) % 10), 1e-7);
        }
    }

    @Test
    void otherTargetsFollowTheirImagesThroughEveryEpoch() {
        INDArray targets = Nd4j.linspace(1, SET.size() * 10, SET.size() * 10)
                .reshape(SET.size(), 10)
                .castTo(DataType.FLOAT);
        Batches plain = new Batches(SET, 8, 0, 0, 1);
        Batches other = plain.withTargets(targets);
        for (int epoch = 0; epoch < 2; epoch++) {
            while (plain.hasNext()) {
                DataSet labelled = plain.next();
                DataSet batch = other.next();
                assertEquals(labelled.getFeatures(), batch.getFeatures());
                for (int i = 0; i < batch.numExamples(); i++) {
                    int row = number(batch, i);
                    assertEquals(targets.getRow(row), batch.getLabels().getRow(i));
                }
            }
            plain.reset();
            other.reset();
        }
    }

    @Test
    void refusesOtherTargetsThanOneAnImage() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> new Batches(SET, 8, 0, 0, 1).withTargets(Nd4j.ones(3, 10)));
        assertEquals("3 rows of targets for " + SET.size() + " images: give one per image", error.getMessage());
    }

    @Test
    void nextAfterTheLastBatchIsRefused() {
        Batches batches = new Batches(SET, 50, 0, 0, 1);
        batches.next();
        assertFalse(batches.hasNext());
        var error = assertThrows(NoSuchElementException.class, batches::next);
        assertEquals("all 50 images of the epoch are read: reset begins the next", error.getMessage());
    }

    @Test
    void refusesABatchSizeBelowOne() {
        var error = assertThrows(IllegalArgumentException.class, () -> new Batches(SET, 0, 0, 0, 1));
        assertEquals("batch size 0 is below 1, the smallest batch", error.getMessage());
    }

    private static List<Integer> epoch(Batches batches) {
        return epoch(batches, new ArrayList<>());
    }

    private static List<Integer> epoch(Batches batches, List<Integer> sizes) {
        List<Integer> images = new ArrayList<>();
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            sizes.add(batch.numExamples());
            IntStream.range(0, batch.numExamples()).forEach(i -> images.add(number(batch, i)));
        }
        return images;
    }

    private static int number(DataSet batch, int i) {
        return (int) Math.round(255 * batch.getFeatures().getDouble(i, 0));
    }
}
