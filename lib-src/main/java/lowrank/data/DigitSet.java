package lowrank.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled grey images of handwritten digits, 28 × 28 pixels each.
 *
 * <p>The arrays are kept, not copied: whoever changes them changes the set.
 *
 * @param pixels one byte a pixel, 0 (paper) to 255 (ink), row by row, image after image
 * @param labels one digit an image, 0 to 9
 */
public record DigitSet(byte[] pixels, byte[] labels) {
    /** Rows and columns of an image. */
    public static final int SIDE = 28;
    /** Pixels of an image. */
    public static final int PIXELS = SIDE * SIDE;
    /** Digits there are. */
    public static final int CLASSES = 10;

    private static final float[] GREY = greys();

    /** @throws IllegalArgumentException if the set is empty, the counts differ, or a label is not a digit */
    public DigitSet {
        if (labels.length == 0) {
            throw new IllegalArgumentException("0 digits are too few for a set: give at least 1");
        }
        if (pixels.length != (long) labels.length * PIXELS) {
            throw new IllegalArgumentException("%,d pixels do not fit %,d labels: %d pixels a label are needed"
                    .formatted(pixels.length, labels.length, PIXELS));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= CLASSES) {
                throw new IllegalArgumentException("label %d of image %,d is outside 0..%d, the range of digits"
                        .formatted(labels[i] & 0xff, i, CLASSES - 1));
            }
        }
    }

    /** The number of images. */
    public int size() {
        return labels.length;
    }

    /** All images as a new float array, {@code [size, 784]} in 'c' order, values 0 to 1. */
    public INDArray images() {
        return images(0, size());
    }

    /** Images {@code from} (included) to {@code to} (excluded), {@code [to - from, 784]}, values 0 to 1. */
    public INDArray images(int from, int to) {
        checkRange(from, to);
        return images(IntStream.range(from, to).toArray(), new int[to - from], new int[to - from]);
    }

    /** The labels as a new float array, {@code [size, 10]}: 1 in the column of the digit, 0 elsewhere. */
    public INDArray oneHot() {
        return targets(IntStream.range(0, size()).toArray(), 0);
    }

    /**
     * The images of some rows with their targets, as DL4J trains on them; both arrays are new.
     *
     * @param rows numbers of images, in the order wanted
     * @param labelSmoothing s in 0 ≤ s &lt; 1: the target is 1 − s + s/10 for the digit, s/10 for the others
     */
    public DataSet batch(int[] rows, double labelSmoothing) {
        return batch(rows, labelSmoothing, new int[rows.length], new int[rows.length]);
    }

    /**
     * The same with each image moved: what leaves the frame is gone, what comes in is paper.
     *
     * @param down pixels that each image moves down, −27 to 27, negative for up; one a row
     * @param right pixels that each image moves to the right, likewise
     */
    DataSet batch(int[] rows, double labelSmoothing, int[] down, int[] right) {
        checkSmoothing(labelSmoothing);
        return new DataSet(images(rows, down, right), targets(rows, labelSmoothing));
    }

    /** The first {@code n} images, copied. */
    public DigitSet first(int n) {
        return range(0, n);
    }

    /** Images {@code from} (included) to {@code to} (excluded), copied. */
    public DigitSet range(int from, int to) {
        checkRange(from, to);
        return new DigitSet(
                Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS), Arrays.copyOfRange(labels, from, to));
    }

    /** The images of some rows in the order given, copied. */
    public DigitSet rows(int... rows) {
        byte[] chosen = new byte[rows.length * PIXELS];
        byte[] digits = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(pixels, rows[i] * PIXELS, chosen, i * PIXELS, PIXELS);
            digits[i] = labels[rows[i]];
        }
        return new DigitSet(chosen, digits);
    }

    /** The rows that show a digit, ascending; none if the digit does not occur. */
    public int[] rowsOf(int digit) {
        return IntStream.range(0, size()).filter(row -> labels[row] == digit).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DigitSet set && Arrays.equals(pixels, set.pixels) && Arrays.equals(labels, set.labels);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(pixels) + Arrays.hashCode(labels);
    }

    /** Short: the number of digits, not the digits. */
    @Override
    public String toString() {
        return "%,d digits".formatted(size());
    }

    static void checkSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException(
                    "label smoothing %s is outside 0 (none) to 1 (excluded)".formatted(labelSmoothing));
        }
    }

    static void checkShift(int shift) {
        if (shift < 0 || shift >= SIDE) {
            throw new IllegalArgumentException(
                    "shift %d is outside 0 (none) to %d, the last pixel of an image".formatted(shift, SIDE - 1));
        }
    }

    private INDArray images(int[] rows, int[] down, int[] right) {
        float[] values = new float[rows.length * PIXELS];
        for (int i = 0; i < rows.length; i++) {
            int left = Math.max(0, right[i]);
            int end = Math.min(SIDE, SIDE + right[i]);
            for (int y = Math.max(0, down[i]); y < Math.min(SIDE, SIDE + down[i]); y++) {
                int from = rows[i] * PIXELS + (y - down[i]) * SIDE - right[i];
                for (int x = left; x < end; x++) {
                    values[i * PIXELS + y * SIDE + x] = GREY[pixels[from + x] & 0xff];
                }
            }
        }
        return Nd4j.create(values, new long[] {rows.length, PIXELS}, 'c');
    }

    private INDArray targets(int[] rows, double smoothing) {
        float[] values = new float[rows.length * CLASSES];
        Arrays.fill(values, (float) (smoothing / CLASSES));
        for (int i = 0; i < rows.length; i++) {
            values[i * CLASSES + labels[rows[i]]] += (float) (1 - smoothing);
        }
        return Nd4j.create(values, new long[] {rows.length, CLASSES}, 'c');
    }

    private void checkRange(int from, int to) {
        if (from < 0 || to > size() || from >= to) {
            throw new IllegalArgumentException(
                    "images %,d to %,d are not a range of at least 1 within 0 to %,d, the size of the set"
                            .formatted(from, to, size()));
        }
    }

    private static float[] greys() {
        float[] greys = new float[256];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = i / 255f;
        }
        return greys;
    }
}
