package lowrank.svd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import lowrank.linalg.NativeMemory;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Finds the {@link RankBudget} for a goal that is not a number of parameters: a largest file size, or a largest loss of
 * accuracy. Bisection between rank 1 in each hidden layer and the dense network, on a logarithmic scale, until the
 * bounds are within 2 % of each other; each step compresses the network once. Accuracy and file size need not grow
 * evenly with the budget: the result is where the search ended, which need not be the best, but it always meets the
 * goal.
 */
public final class BudgetSearch {
    private static final double CLOSE = 1.02;

    private final MultiLayerNetwork network;
    private final ActivationAware aware;
    private final List<Spectrum> spectra;

    private BudgetSearch(MultiLayerNetwork network, ActivationAware aware) {
        this.network = network;
        this.aware = aware;
        this.spectra = aware.spectra();
    }

    /** @param aware of the network that is to be compressed */
    public static BudgetSearch of(ActivationAware aware) {
        return new BudgetSearch(aware.network(), aware);
    }

    /**
     * The smallest network that loses no more than this.
     *
     * @param accuracy of a network, 0 to 1, on images used for choices: validation, not test
     * @param largestLoss below the accuracy of the original network, 0 or more
     * @throws IllegalArgumentException if the loss is negative or not a number, or an accuracy is not a number
     */
    public MultiLayerNetwork smallest(ToDoubleFunction<MultiLayerNetwork> accuracy, double largestLoss) {
        if (!(largestLoss >= 0)) {
            throw new IllegalArgumentException("a largest loss of " + largestLoss + " is below 0, the least there is");
        }
        double least = measured(accuracy, network) - largestLoss;
        Bounds bounds = new Bounds();
        try {
            if (measured(accuracy, bounds.below) >= least) {
                return bounds.takeBelow();
            }
            bounds.narrow(tried -> measured(accuracy, tried) >= least);
            return bounds.takeAbove();
        } finally {
            bounds.free();
        }
    }

    private static double measured(ToDoubleFunction<MultiLayerNetwork> accuracy, MultiLayerNetwork network) {
        double measured = accuracy.applyAsDouble(network);
        if (Double.isNaN(measured)) {
            throw new IllegalArgumentException("the accuracy of a network of " + network.numParams()
                    + " parameters is NaN: give a function that measures at least one image");
        }
        return measured;
    }

    /**
     * The largest network whose file has no more bytes than this.
     *
     * @param precision of the file; see {@link ModelFile#save}
     * @throws IllegalArgumentException if rank 1 in each hidden layer makes a larger file; names its size
     * @throws UncheckedIOException if there is no room for a file to measure
     */
    public MultiLayerNetwork largestFile(long bytes, Precision precision) {
        if (bytes(network, precision) <= bytes) {
            return network.clone();
        }
        Bounds bounds = new Bounds();
        try {
            long fewest = bytes(bounds.below, precision);
            if (fewest > bytes) {
                throw new IllegalArgumentException("a budget of " + bytes + " bytes is below " + fewest
                        + ", the size of the file with rank 1 in each hidden layer");
            }
            bounds.narrow(tried -> bytes(tried, precision) > bytes);
            return bounds.takeBelow();
        } finally {
            bounds.free();
        }
    }

    /** Two networks, at first the smallest and the dense one; the result lies between them. This object owns both. */
    private final class Bounds {
        private long low = RankBudget.smallest(network).parameters();
        private long high = network.numParams();
        private MultiLayerNetwork below = compress(low);
        private MultiLayerNetwork above = network.clone();

        /**
         * Bisects until the two are close, or nothing lies between them; {@code large} says on which side a network is.
         */
        void narrow(Predicate<MultiLayerNetwork> large) {
            for (long tried = between(); high > CLOSE * low && low < tried && tried < high; tried = between()) {
                MultiLayerNetwork network = compress(tried);
                boolean isLarge;
                try {
                    isLarge = large.test(network);
                } catch (RuntimeException | Error e) {
                    NativeMemory.free(network);
                    throw e;
                }
                NativeMemory.free(isLarge ? above : below);
                if (isLarge) {
                    high = tried;
                    above = network;
                } else {
                    low = tried;
                    below = network;
                }
            }
        }

        private long between() {
            return Math.round(Math.sqrt((double) low * high));
        }

        MultiLayerNetwork takeBelow() {
            MultiLayerNetwork taken = below;
            below = null;
            return taken;
        }

        MultiLayerNetwork takeAbove() {
            MultiLayerNetwork taken = above;
            above = null;
            return taken;
        }

        /** What nobody has taken. */
        void free() {
            for (MultiLayerNetwork left : new MultiLayerNetwork[] {below, above}) {
                if (left != null) {
                    NativeMemory.free(left);
                }
            }
        }
    }

    private MultiLayerNetwork compress(long parameters) {
        return aware.compress(new RankBudget(parameters).ranks(network, spectra));
    }

    private static long bytes(MultiLayerNetwork network, Precision precision) {
        try {
            Path file = Files.createTempFile("weighed-", ".model");
            try {
                return ModelFile.save(network, file, precision);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a file to measure its size (" + e.getMessage() + ")", e);
        }
    }
}
