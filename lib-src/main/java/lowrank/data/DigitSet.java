package lowrank.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled grey images of 28 × 28 pixels in ten classes: handwritten digits, or clothes.
 *
 * <p>The arrays are not copied: changing them changes the set.
 *
 * @param pixels one byte per pixel, 0 (background) to 255, row by row, image after image
 * @param labels one class per image, 0 to 9
 */
public record DigitSet(byte[] pixels, byte[] labels) {
    /** Rows and columns of an image. */
    public static final int SIDE = 28;
    /** Pixels of an image. */
    public static final int PIXELS = SIDE * SIDE;
    /** Classes of images. */
    public static final int CLASSES = 10;

    /** @throws IllegalArgumentException if the set is empty, the counts differ, or a label is above 9 */
    public DigitSet {
        if (labels.length == 0) {
            throw new IllegalArgumentException("0 images are too few for a set: give at least 1");
        }
        if (pixels.length != (long) labels.length * PIXELS) {
            throw new IllegalArgumentException("%,d pixels do not fit %,d labels: %d pixels a label are needed"
                    .formatted(pixels.length, labels.length, PIXELS));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= CLASSES) {
                throw new IllegalArgumentException("label %d of image %,d is outside 0..%d, the range of classes"
                        .formatted(labels[i] & 0xff, i, CLASSES - 1));
            }
        }
    }

    /** The number of images. */
    public int size() {
        return labels.length;
    }

    /** Images {@code from} (included) to {@code to} (excluded), {@code [to - from, 784]}, values 0 to 1. */
    public INDArray images(int from, int to) {
        checkRange(from, to);
        return images(IntStream.range(from, to).toArray(), new int[to - from], new int[to - from]);
    }

    /** The labels as a new float array, {@code [size, 10]}: 1 in the column of its class, 0 elsewhere. */
    public INDArray oneHot() {
        return targets(IntStream.range(0, size()).toArray(), 0);
    }

    /**
     * The images of some rows with their targets, as DL4J trains on them; both arrays are new.
     *
     * @param rows numbers of images, in the order wanted
     * @param labelSmoothing s in 0 ≤ s &lt; 1: the target is 1 − s + s/10 for its class, s/10 for the others
     */
    public DataSet batch(int[] rows, double labelSmoothing) {
        return batch(rows, labelSmoothing, new int[rows.length], new int[rows.length]);
    }

    /**
     * The same with each image moved: pixels that leave the frame are lost, and the space they leave is background.
     *
     * @param down pixels that each image moves down, −27 to 27, negative for up; one per row
     * @param right pixels that each image moves to the right, likewise
     */
    DataSet batch(int[] rows, double labelSmoothing, int[] down, int[] right) {
        checkSmoothing(labelSmoothing);
        return new DataSet(images(rows, down, right), targets(rows, labelSmoothing));
    }

    /** The first {@code n} images, copied. */
    public DigitSet first(int n) {
        checkRange(0, n);
        return new DigitSet(Arrays.copyOf(pixels, n * PIXELS), Arrays.copyOf(labels, n));
    }

    /** The images of some rows in the order given, copied. */
    public DigitSet rows(int... rows) {
        byte[] chosen = new byte[rows.length * PIXELS];
        byte[] classes = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(pixels, rows[i] * PIXELS, chosen, i * PIXELS, PIXELS);
            classes[i] = labels[rows[i]];
        }
        return new DigitSet(chosen, classes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DigitSet set && Arrays.equals(pixels, set.pixels) && Arrays.equals(labels, set.labels);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(pixels) + Arrays.hashCode(labels);
    }

    /** Short: the number of images, not the images. */
    @Override
    public String toString() {
        return "%,d images".formatted(size());
    }

    static void checkSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException(
                    "label smoothing %s is outside 0 (none) to 1 (excluded)".formatted(labelSmoothing));
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
                    values[i * PIXELS + y * SIDE + x] = (pixels[from + x] & 0xff) / 255f;
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
}
