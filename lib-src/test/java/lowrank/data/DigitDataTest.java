package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitDataTest {
    private static final DigitSet FILE = DigitSetTest.digits(120);
    private static final DigitSet TEST = DigitSetTest.digits(7);

    @Test
    void splitPutsEachTrainingImageInExactlyOnePart() {
        DigitData data = DigitData.split("name", "hash", FILE, TEST);
        assertEquals(110, data.train().size());
        assertEquals(10, data.validation().size());
        assertEquals(TEST, data.test());
        int[] images = IntStream.concat(numbers(data.train()), numbers(data.validation()))
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(0, 120).toArray(), images);
    }

    @Test
    void splitKeepsLabelsWithTheirImages() {
        DigitSet validation = DigitData.split("name", "hash", FILE, TEST).validation();
        assertArrayEquals(
                numbers(validation).map(number -> number % 10).toArray(),
                IntStream.range(0, validation.size())
                        .map(i -> validation.labels()[i])
                        .toArray());
    }

    @Test
    void splitIsThatOfEveryReleaseDrawnFromTheWholeFile() {
        DigitData data = DigitData.split("name", "hash", FILE, TEST);
        assertArrayEquals(
                new int[] {18, 34, 36, 52, 75, 77, 85, 106, 109, 118},
                numbers(data.validation()).toArray());
    }

    @Test
    void firstShortensEachPartAndKeepsNameAndHash() {
        DigitData data = DigitData.split("name", "hash", FILE, TEST);
        DigitData first = data.first(3, 2, 1);
        assertEquals(
                new DigitData(
                        "name", "hash", data.train().first(3), data.validation().first(2), TEST.first(1)),
                first);
        assertThrows(IllegalArgumentException.class, () -> data.first(111, 1, 1));
    }

    @Test
    void refusesATrainingFileTooSmallToSplit() {
        var error = assertThrows(IllegalArgumentException.class, () -> DigitData.split("name", "hash", TEST, TEST));
        assertEquals("7 training images are too few to split: give at least 12", error.getMessage());
    }

    /** The number of each image, which its pixels show. */
    private static IntStream numbers(DigitSet set) {
        return IntStream.range(0, set.size()).map(row -> set.pixels()[row * DigitSet.PIXELS] & 0xff);
    }
}
