package lowrank.data;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Digits drawn by this library, which the notebooks use where MNIST is not available.
 *
 * <p>A digit is made from one of several skeletons of strokes. Its points are shaken, bent, stretched, slanted and
 * turned, drawn with a pen of random width, then scaled and centred like those of MNIST. It is roughly as hard as MNIST
 * for a nearest-neighbour classifier, but it is not MNIST: figures measured on it are comparable only with each other.
 */
public final class SyntheticDigits {
    private static final long SEED = 28;
    /** The number of the first test image; training images, numbered from 0, never reach it. */
    private static final long FIRST_TEST = 1L << 32;

    /** Drawing takes seconds, so the digits are kept as long as there is memory for them. */
    private static SoftReference<DigitData> drawn = new SoftReference<>(null);

    private SyntheticDigits() {}

    /** As many digits as MNIST has, 60,000 and 10,000, from a fixed seed: the same in every run. */
    public static synchronized DigitData standard() {
        DigitData digits = drawn.get();
        if (digits == null) {
            digits = generate(60_000, 10_000, SEED);
            drawn = new SoftReference<>(digits);
        }
        return digits;
    }

    /**
     * Draws a data set. A smaller data set is the beginning of a larger one with the same seed.
     *
     * @param train images of the training file, a twelfth of which is split off for validation; at least 12
     * @param test images of the test file, at least 1
     * @param seed determines every pixel, on every machine and with any number of threads
     */
    public static DigitData generate(int train, int test, long seed) {
        if (train < DigitData.VALIDATION_SHARE || test < 1) {
            throw new IllegalArgumentException("%d training and %d test digits are too few: draw at least %d and 1"
                    .formatted(train, test, DigitData.VALIDATION_SHARE));
        }
        DigitSet trainingFile = draw(seed, 0, train);
        DigitSet testFile = draw(seed, FIRST_TEST, test);
        String sha256 = PublishedImages.sha256(
                trainingFile.pixels(), trainingFile.labels(), testFile.pixels(), testFile.labels());
        return DigitData.split(DataSource.SYNTHETIC_DIGITS.toString(), sha256, trainingFile, testFile);
    }

    private static DigitSet draw(long seed, long first, int count) {
        byte[] pixels = new byte[count * DigitSet.PIXELS];
        byte[] labels = new byte[count];
        IntStream.range(0, count).parallel().forEach(i -> {
            Random random = new Random(mixed(mixed(seed) + first + i));
            labels[i] = (byte) random.nextInt(DigitSet.CLASSES);
            List<double[][][]> ways = Skeletons.of(labels[i]);
            double[][][] skeleton = ways.get(random.nextInt(ways.size()));
            Handwriting hand = new Handwriting(random);
            Rasterizer.draw(hand.write(skeleton), hand.radius, pixels, i * DigitSet.PIXELS);
        });
        return new DigitSet(pixels, labels);
    }

    /** Scatters neighbouring numbers over all 64 bits (Steele, Lea and Flood 2014). */
    private static long mixed(long number) {
        long mixed = number + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
