package lowrank.data;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A set of images in shuffled batches, each image once per epoch; the last batch of an epoch may be smaller.
 *
 * <p>The seed fixes the order of every epoch. {@link #reset} begins the next one, in a new order; a reset before
 * anything was read changes nothing. Not thread-safe.
 */
public final class Batches implements DataSetIterator {
    private static final long serialVersionUID = 1;
    /** Beyond it, digits are no longer readable. */
    private static final double MOST_BENT = 5;

    private final transient DigitSet set;
    private final int batchSize;
    private final double labelSmoothing;
    private final int shift;
    private final long seed;
    private transient INDArray targets;
    private transient ElasticDistortion distortion;
    private final Random random;
    private int[] order;
    private int read;

    /**
     * @param labelSmoothing share of a label spread evenly over all classes, 0 to below 1
     * @param shift largest number of pixels by which an image is moved at random each time it is read, up or down and
     *     left or right; 0 for unmoved images
     * @throws IllegalArgumentException if the batch size is below 1, the smoothing outside 0 to 1, or the shift not
     *     from 0 to 27
     */
    public Batches(DigitSet set, int batchSize, double labelSmoothing, int shift, long seed) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size %d is below 1, the smallest batch".formatted(batchSize));
        }
        DigitSet.checkSmoothing(labelSmoothing);
        if (shift < 0 || shift >= DigitSet.SIDE) {
            throw new IllegalArgumentException("shift %d is outside 0 (none) to %d, the last pixel of an image"
                    .formatted(shift, DigitSet.SIDE - 1));
        }
        this.set = set;
        this.batchSize = batchSize;
        this.labelSmoothing = labelSmoothing;
        this.shift = shift;
        this.seed = seed;
        this.random = new Random(seed);
        this.order = DigitData.shuffled(set.size(), random);
    }

    /**
     * The same images in the same order from the beginning, with targets other than their smoothed labels.
     *
     * @param other {@code [images, classes]}, one row for each image of the set, whether or not it is moved; not copied
     * @throws IllegalArgumentException if there is not one row per image
     */
    public Batches withTargets(INDArray other) {
        if (other.rows() != set.size()) {
            throw new IllegalArgumentException(
                    "%,d rows of targets for %,d images: give one per image".formatted(other.rows(), set.size()));
        }
        Batches same = new Batches(set, batchSize, labelSmoothing, shift, seed);
        same.targets = other;
        same.distortion = distortion;
        return same;
    }

    /**
     * The same images in the same order from the beginning, each bent at random each time it is read: elastic
     * distortion (Simard, Steinkraus and Platt 2003).
     *
     * @param pixels root mean square of the displacements in each direction, above 0 to 5
     * @throws IllegalArgumentException if it is outside its range
     */
    public Batches bent(double pixels) {
        if (!(pixels > 0 && pixels <= MOST_BENT)) {
            throw new IllegalArgumentException(
                    "displacements of %s pixels are outside 0 (excluded) to %s".formatted(pixels, MOST_BENT));
        }
        Batches same = new Batches(set, batchSize, labelSmoothing, shift, seed);
        same.targets = targets;
        same.distortion = new ElasticDistortion(pixels, seed);
        return same;
    }

    /** The number of batches in an epoch, including a smaller last one. */
    public int batchesPerEpoch() {
        return (set.size() + batchSize - 1) / batchSize;
    }

    @Override
    public boolean hasNext() {
        return read < order.length;
    }

    @Override
    public DataSet next() {
        return next(batchSize);
    }

    @Override
    public DataSet next(int images) {
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "all %,d images of the epoch are read: reset begins the next".formatted(order.length));
        }
        int[] rows = Arrays.copyOfRange(order, read, Math.min(read + images, order.length));
        read += rows.length;
        DataSet batch = set.batch(rows, labelSmoothing, moves(rows.length), moves(rows.length));
        if (distortion != null) {
            batch.setFeatures(distortion.of(batch.getFeatures()));
        }
        if (targets != null) {
            batch.setLabels(Nd4j.pullRows(targets, 1, rows));
        }
        return batch;
    }

    private int[] moves(int images) {
        return shift == 0
                ? new int[images]
                : random.ints(images, -shift, shift + 1).toArray();
    }

    @Override
    public void reset() {
        if (read > 0) {
            order = DigitData.shuffled(set.size(), random);
            read = 0;
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** No: making a batch takes less time than handing it over between threads. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public int batch() {
        return batchSize;
    }

    @Override
    public int inputColumns() {
        return DigitSet.PIXELS;
    }

    @Override
    public int totalOutcomes() {
        return DigitSet.CLASSES;
    }

    @Override
    public List<String> getLabels() {
        return IntStream.range(0, DigitSet.CLASSES).mapToObj(String::valueOf).toList();
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return null;
    }

    /** @throws UnsupportedOperationException always: images are already in 0..1 */
    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("batches take no preprocessor: their images are already in 0..1");
    }
}
