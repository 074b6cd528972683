package lowrank.data;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A data set split in three: learn on {@code train}, choose on {@code validation}, and use {@code test} once, for the
 * results.
 *
 * @param name "MNIST", "FashionMNIST" or "SyntheticDigits"; named in every table, figure title and result line
 * @param sha256 what identifies the whole data set, 64 hexadecimal digits; unchanged by {@link #first}
 * @param train eleven twelfths of the training file: 55,000 of 60,000
 * @param validation one twelfth of the training file: 5,000 of 60,000
 * @param test the test file: 10,000
 */
public record DigitData(String name, String sha256, DigitSet train, DigitSet validation, DigitSet test) {
    /** One in this many images of the training file is used for validation. */
    static final int VALIDATION_SHARE = 12;

    private static final long SPLIT_SEED = 5_000;

    /**
     * Splits a training file: every twelfth image, drawn by a fixed seed, is for validation. The split is the same in
     * every run; both parts keep the order of the file.
     *
     * @throws IllegalArgumentException if the training file has fewer than 12 images
     */
    public static DigitData split(String name, String sha256, DigitSet trainingFile, DigitSet test) {
        int size = trainingFile.size();
        if (size < VALIDATION_SHARE) {
            throw new IllegalArgumentException(
                    "%d training images are too few to split: give at least %d".formatted(size, VALIDATION_SHARE));
        }
        int[] order = shuffled(size, new Random(SPLIT_SEED));
        int split = size / VALIDATION_SHARE;
        int[] validation = Arrays.stream(order, 0, split).sorted().toArray();
        int[] train = Arrays.stream(order, split, size).sorted().toArray();
        return new DigitData(name, sha256, trainingFile.rows(train), trainingFile.rows(validation), test);
    }

    /** The same data with the first images of each part only, for quick runs. */
    public DigitData first(int trainImages, int validationImages, int testImages) {
        return new DigitData(
                name, sha256, train.first(trainImages), validation.first(validationImages), test.first(testImages));
    }

    /** Short: the name and three counts. */
    @Override
    public String toString() {
        return "%s: %,d train, %,d validation, %,d test".formatted(name, train.size(), validation.size(), test.size());
    }

    /** The numbers 0 to n − 1 in random order (Fisher and Yates); the same on every machine for one state. */
    static int[] shuffled(int n, Random random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
