package lowrank.svd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import lowrank.linalg.NativeMemory;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Finds the {@link RankBudget} for a goal that is not a number of parameters: a largest file size, or a largest loss of
 * accuracy. Bisection between the smallest network and the dense one, on a logarithmic scale, until the bounds are
 * within 2 % of each other; each step compresses the network once. Accuracy and file size need not grow evenly with the
 * budget: the result is where the search ended, which need not be the best, but it always meets the goal.
 */
public final class BudgetSearch {
    private static final double CLOSE = 1.02;

    private final MultiLayerNetwork network;
    private final long smallest;
    private final LongFunction<MultiLayerNetwork> compress;

    private BudgetSearch(MultiLayerNetwork network, long smallest, LongFunction<MultiLayerNetwork> compress) {
        this.network = network;
        this.smallest = smallest;
        this.compress = compress;
    }

    /**
     * Chooses ranks alone, down to rank 1 in each hidden layer.
     *
     * @param aware of the network that is to be compressed
     */
    public static BudgetSearch of(ActivationAware aware) {
        long smallest = RankBudget.smallest(aware.network()).parameters();
        return new BudgetSearch(aware.network(), smallest, parameters -> aware.compress(new RankBudget(parameters)));
    }

    /**
     * Chooses widths and ranks, down to one neuron in each hidden layer; see {@link ActivationAware#shape}.
     *
     * @param aware of the network that is to be compressed, with gradients
     */
    public static BudgetSearch narrowing(ActivationAware aware) {
        return new BudgetSearch(
                aware.network(),
                aware.shapes().smallest(),
                parameters -> aware.compress(aware.shape(new RankBudget(parameters))));
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
        return search(tried -> measured(accuracy, tried) >= least, true);
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
     * @throws IllegalArgumentException if the smallest network makes a larger file; names its size
     * @throws UncheckedIOException if there is no room for a file to measure
     */
    public MultiLayerNetwork largestFile(long bytes, Precision precision) {
        if (bytes(network, precision) <= bytes) {
            return network.clone();
        }
        MultiLayerNetwork found = search(tried -> bytes(tried, precision) > bytes, false);
        long least = bytes(found, precision);
        if (least > bytes) {
            NativeMemory.free(found);
            throw new IllegalArgumentException(
                    "a budget of " + bytes + " bytes is below " + least + ", the size of the smallest network's file");
        }
        return found;
    }

    /**
     * Bisects between the smallest network and the dense one until the two are close, or nothing lies between them.
     *
     * @param large says on which side of the wish a network is
     * @param larger whether the larger of the two is wanted
     * @return that one; the smallest network if it is large itself
     */
    private MultiLayerNetwork search(Predicate<MultiLayerNetwork> large, boolean larger) {
        long low = smallest;
        long high = network.numParams();
        MultiLayerNetwork below = compress.apply(low);
        MultiLayerNetwork above = network.clone();
        MultiLayerNetwork tried = below;
        MultiLayerNetwork found = null;
        try {
            boolean open = !large.test(below);
            long middle = between(low, high);
            while (open && high > CLOSE * low && low < middle && middle < high) {
                tried = compress.apply(middle);
                if (large.test(tried)) {
                    NativeMemory.free(above);
                    high = middle;
                    above = tried;
                } else {
                    NativeMemory.free(below);
                    low = middle;
                    below = tried;
                }
                middle = between(low, high);
            }
            found = open && larger ? above : below;
            return found;
        } finally {
            for (MultiLayerNetwork each : List.of(below, above, tried)) {
                if (each != found) {
                    NativeMemory.free(each);
                }
            }
        }
    }

    private static long between(long low, long high) {
        return Math.round(Math.sqrt((double) low * high));
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
