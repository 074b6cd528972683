package lowrank.svd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import lowrank.linalg.NativeMemory;
import lowrank.linalg.Workspaces;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Activation-aware truncation: low rank that preserves what a network does with real inputs, rather than its weights.
 * It needs no training and no labels.
 *
 * <p>Plain truncation keeps what is largest in W. That is wasted on inputs that vary little, and on outputs that
 * nothing later depends on. Here each layer keeps what is largest in {@code Kᵀ W M} ({@link Weighting}; the one-sided
 * form is the whitening of SVD-LLM, Wang et al. 2024), where {@code K Kᵀ} is the covariance of its inputs and {@code M
 * Mᵀ} that of the loss gradient at its outputs; layer by layer, each one fitted to the inputs it gets from the layers
 * compressed before it.
 *
 * <p>Time: a forward pass of all images, and for each layer two products of the form xᵀy over them (x with x is half a
 * product) and some products and decompositions of the size of W. {@link AwareStep#REVISITED} adds a pass over a third
 * of the images, and follows the gradient through half of them in the original network and through the other half in
 * that first draft. Memory: the images, two arrays of {@code [images, width]} floats and some twenty of {@code [width,
 * width]} doubles; two of those per layer are kept until this is closed. The same arguments on the same machine give
 * the same network.
 */
public final class ActivationAware implements AutoCloseable {
    private static final int BATCH = 1000;
    /** The first of two passes sees every third batch. */
    private static final int DRAFT_STEP = 3;
    /** Truncations of a layer after the first; on validation four gave hardly more than two, at twice the time. */
    private static final int ROUNDS = 2;

    /** Each two factors multiplied. */
    private final MultiLayerNetwork network;
    /** Those it had. */
    private final List<Optional<LowRankFactors>> pairs;

    private final INDArray images;
    private final AwareStep awareness;
    private final List<INDArray> sensitivities;
    private LayerwisePass.Statistics statistics;
    private Narrowing narrowing;
    private boolean closed;

    private ActivationAware(
            MultiLayerNetwork network, List<Optional<LowRankFactors>> pairs, INDArray images, AwareStep awareness) {
        this.network = network;
        this.pairs = pairs;
        this.images = images;
        this.awareness = awareness;
        this.sensitivities = awareness.compareTo(AwareStep.TWO_SIDED) < 0
                ? List.of()
                : lookingAt(batches -> OutputSensitivity.of(
                        network, awareness == AwareStep.REVISITED ? every(2, 0, batches) : batches));
    }

    /** With all there is to be aware of: {@link AwareStep#REVISITED}. */
    public static ActivationAware of(MultiLayerNetwork network, INDArray images) {
        return of(network, images, AwareStep.REVISITED);
    }

    /**
     * Gathers the statistics of a network on these images.
     *
     * @param network not modified; keep it as it is while this object is in use
     * @param images inputs like those it will see, one along the first dimension, float, at least one; not modified and
     *     not copied: do not change this array either. 10,000 are enough on MNIST. In random order, not sorted by
     *     class, because some steps use only a part of them
     * @param awareness what is looked at
     * @throws IllegalArgumentException if there is no image, a number is not finite, the network does not compute in
     *     float, has no hidden dense layer, one without bias or with a layer norm, or no bias in the output layer where
     *     that is fitted too, or the awareness asks for gradients and it is more than dense layers and a softmax
     */
    public static ActivationAware of(MultiLayerNetwork network, INDArray images, AwareStep awareness) {
        MultiLayerNetwork merged = FactorizedNetwork.merged(network);
        CompressionChecks.require(merged, images, awareness);
        return new ActivationAware(merged, FactorizedNetwork.factors(network), images, awareness);
    }

    /**
     * The furthest step that works for a network: {@link AwareStep#REVISITED}, with gradients, if it has only dense
     * layers and a softmax, otherwise {@link AwareStep#SEQUENTIAL}.
     */
    public static AwareStep furthest(MultiLayerNetwork network) {
        try {
            OutputSensitivity.requireDense(FactorizedNetwork.merged(network));
            return AwareStep.REVISITED;
        } catch (IllegalArgumentException notFollowed) {
            return AwareStep.SEQUENTIAL;
        }
    }

    /** The network that is compressed, each two factors multiplied; not a copy where it has none. */
    MultiLayerNetwork network() {
        return network;
    }

    /** What comes of the images in batches, which are given back afterwards with all that is scratch. */
    private <T> T lookingAt(Function<List<INDArray>, T> look) {
        List<INDArray> batches = new ArrayList<>();
        try {
            for (long from = 0; from < images.size(0); from += BATCH) {
                var rows = NDArrayIndex.interval(from, Math.min(images.size(0), from + BATCH));
                batches.add(images.get(rows).castTo(DataType.FLOAT).dup('f'));
            }
            return look.apply(batches);
        } finally {
            NativeMemory.free(batches);
            Workspaces.release();
        }
    }

    /** A remark on the number of images, if there are fewer images than inputs of a hidden layer. */
    public Optional<String> remark() {
        long count = images.size(0);
        long inputs = LayerWeights.hiddenWeights(network).stream()
                .mapToLong(INDArray::rows)
                .max()
                .orElseThrow();
        return count >= inputs
                ? Optional.empty()
                : Optional.of(count + " calibration images for layers of up to " + inputs
                        + " inputs: directions that none of them shows count as unimportant; give " + inputs
                        + " or more");
    }

    /**
     * Compresses every hidden layer to the same rank.
     *
     * @return a network of stock DL4J layers, each hidden layer as two factors; one whose rank saves nothing (see
     *     {@link LowRankFactors#breakEvenRank}) stays dense. A network whose layers all are at or below the rank is
     *     copied
     * @throws IllegalArgumentException if the rank is below 1
     */
    public MultiLayerNetwork compress(int rank) {
        return compress(Collections.nCopies(LayerWeights.hiddenLayers(network).size(), rank));
    }

    /** Compresses with the ranks that make the best use of a budget. */
    public MultiLayerNetwork compress(RankBudget budget) {
        return compress(budget.ranks(network, spectra()));
    }

    /** Compresses each hidden layer to its own rank, from input to output. */
    public MultiLayerNetwork compress(List<Integer> ranks) {
        CompressionChecks.requireRanks(network, ranks);
        List<INDArray> weights = LayerWeights.hiddenWeights(network);
        List<Integer> reached = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < ranks.size(); i++) {
            int now = pairs.get(i).map(LowRankFactors::rank).orElse(Integer.MAX_VALUE);
            long rows = weights.get(i).rows();
            long columns = weights.get(i).columns();
            reached.add(Math.min(now, ranks.get(i)));
            same &= LowRankFactors.saves(now, rows, columns)
                    ? now <= ranks.get(i)
                    : pairs.get(i).isEmpty() && !LowRankFactors.saves(ranks.get(i), rows, columns);
        }
        requireOpen();
        return same ? FactorizedNetwork.partly(network, pairs) : lookingAt(batches -> fitted(reached, batches));
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "this object is closed and its statistics are freed: compress before closing, or make a new one");
        }
    }

    private MultiLayerNetwork fitted(List<Integer> ranks, List<INDArray> batches) {
        List<INDArray> used = awareness == AwareStep.REVISITED ? revisited(ranks, batches) : sensitivities;
        try (LayerwisePass pass = pass(used, batches, awareness == AwareStep.REVISITED ? ROUNDS : 0)) {
            return pass.compress(ranks).factorized();
        } finally {
            if (used != sensitivities) {
                NativeMemory.free(used);
            }
        }
    }

    /** The gradient covariances of the original network and of a draft of the compressed one, each scaled, together. */
    private List<INDArray> revisited(List<Integer> ranks, List<INDArray> batches) {
        List<INDArray> both;
        try (LayerwisePass draft = pass(sensitivities, every(DRAFT_STEP, 0, batches), 0)) {
            both = draft.compress(ranks).reached(every(2, Math.min(1, batches.size() - 1), batches));
        }
        for (int i = 0; i < both.size(); i++) {
            try (MemoryWorkspace scratch = Workspaces.openLayer()) {
                both.get(i).divi(scale(both.get(i))).addi(sensitivities.get(i).div(scale(sensitivities.get(i))));
            }
        }
        return both;
    }

    private static <T> List<T> every(int step, int first, List<T> all) {
        return IntStream.iterate(first, i -> i < all.size(), i -> i + step)
                .mapToObj(all::get)
                .toList();
    }

    private LayerwisePass pass(List<INDArray> sensitivities, List<INDArray> batches, int rounds) {
        return new LayerwisePass(network, batches, awareness != AwareStep.INPUTS, sensitivities, rounds);
    }

    /** The mean eigenvalue, so that two covariances can be added. */
    private static double scale(INDArray covariance) {
        double mean = Nd4j.diag(covariance).meanNumber().doubleValue();
        return mean > 0 ? mean : 1;
    }

    /**
     * The weighted singular values of each hidden layer of the original network, from input to output. With gradients
     * (from {@link AwareStep#TWO_SIDED} on) their squares are in the same unit for all layers, that of the loss.
     */
    public List<Spectrum> spectra() {
        return statistics().spectra();
    }

    private synchronized LayerwisePass.Statistics statistics() {
        requireOpen();
        if (statistics == null) {
            statistics = lookingAt(batches -> LayerwisePass.statistics(network, batches, sensitivities));
        }
        return statistics;
    }

    private synchronized Narrowing narrowing() {
        requireOpen();
        if (awareness.compareTo(AwareStep.TWO_SIDED) < 0) {
            throw new IllegalArgumentException(
                    "neurons are chosen by what the loss depends on: ask for TWO_SIDED or REVISITED, not " + awareness);
        }
        if (narrowing == null) {
            narrowing = new Narrowing(network, statistics().inputs(), sensitivities);
        }
        return narrowing;
    }

    /**
     * The widths and ranks that make the best use of a budget: those with the least loss for the numbers they cost.
     *
     * @throws IllegalArgumentException if the budget is below the smallest network, one neuron in each hidden layer, or
     *     gradients are not looked at (see {@link AwareStep#TWO_SIDED})
     */
    public NetworkShape shape(RankBudget budget) {
        return shapes().within(budget.parameters());
    }

    ShapeSearch shapes() {
        return new ShapeSearch(network, spectra(), narrowing().orders());
    }

    /**
     * What to know before narrowing: neurons that are the same for all images, and layers that stay whole; one sentence
     * for each layer that has some.
     *
     * @throws IllegalArgumentException if gradients are not looked at (see {@link AwareStep#TWO_SIDED})
     */
    public List<String> narrowingRemarks() {
        return narrowing().remarks();
    }

    /**
     * The network with fewer neurons in its hidden layers, and otherwise as it is: the neurons kept are those that the
     * next layer's pre-activations can best be predicted from, and the next layer's weights are fitted to them.
     *
     * @param widths of the hidden layers, from input to output
     * @return a network of stock DL4J layers
     * @throws IllegalArgumentException if there is not one width per layer, one is below 1 or above that of the layer,
     *     or gradients are not looked at (see {@link AwareStep#TWO_SIDED})
     */
    public MultiLayerNetwork narrow(List<Integer> widths) {
        CompressionChecks.requireWidths(network, widths);
        return narrowing().toWidths(widths);
    }

    /** Narrows the network to the widths of a shape, and compresses the result to its ranks. */
    public MultiLayerNetwork compress(NetworkShape shape) {
        MultiLayerNetwork narrow = narrow(shape.widths());
        try (ActivationAware again = of(narrow, images, awareness)) {
            return again.compress(shape.ranks());
        } finally {
            NativeMemory.free(narrow);
        }
    }

    /**
     * Frees the memory of the statistics at once, without waiting for the garbage collector. Nothing can be compressed
     * afterwards. Networks made before stay as they are, and so does the array of the caller.
     */
    @Override
    public synchronized void close() {
        closed = true;
        NativeMemory.free(sensitivities);
        if (statistics != null) {
            statistics.inputs().forEach(each -> NativeMemory.free(each.mean(), each.covariance()));
        }
    }
}
