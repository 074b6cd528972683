package lowrank.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A network whose hidden layers are stored and computed as factors, in layers of stock DL4J.
 *
 * <p>Each hidden layer {@code f(x · W + b)} becomes two: {@code x · L}, without bias or activation, and {@code f((x ·
 * L) · R + b)}. Any DL4J program can load the result; nothing of this project is needed to run it.
 *
 * <p>The second has the name of the dense layer, and so gives the same output under the same name; the first has that
 * name followed by {@code .left}. These two names distinguish factors from dense layers: a layer without bias or
 * activation that has another name is an ordinary layer. All settings are those of the dense network (updaters,
 * gradient clipping, data type, seed, input preprocessors), except those that {@link #notCarried} lists.
 */
public final class FactorizedNetwork {
    private static final Optional<LowRankFactors> NONE = Optional.empty();

    private FactorizedNetwork() {}

    /**
     * A new network that computes with factors instead of the hidden weights.
     *
     * @param dense the network to compress; not modified. Its biases, activations and output layer are copied
     * @param factors one for each hidden dense layer, from input to output, with matching shapes; copied
     * @throws IllegalArgumentException if number or shapes do not fit the network, or a hidden layer has a layer norm
     */
    public static MultiLayerNetwork of(MultiLayerNetwork dense, List<LowRankFactors> factors) {
        return partly(dense, factors.stream().map(Optional::of).toList());
    }

    /** The same with some hidden layers left as they are: those that have no factors. */
    public static MultiLayerNetwork partly(MultiLayerNetwork dense, List<Optional<LowRankFactors>> factors) {
        List<Integer> hidden = LayerWeights.hiddenLayers(dense);
        requireFit(dense, hidden, factors);
        var parts = new NetworkParts(dense);
        for (int i = 0; i < dense.getnLayers(); i++) {
            int position = hidden.indexOf(i);
            if (position < 0 || factors.get(position).isEmpty()) {
                parts.copy(i);
            } else {
                LowRankFactors pair = factors.get(position).get();
                parts.add(i, FactorLayers.left(dense(dense, i), pair.rank()), pair.left());
                parts.add(
                        i, FactorLayers.right(dense(dense, i), pair.rank()), pair.right(), LayerWeights.bias(dense, i));
            }
        }
        return parts.network();
    }

    /**
     * The settings of a network that are dropped when a hidden layer becomes factors: one sentence for each, naming the
     * layer; empty if there are none. All others are those of the dense network.
     *
     * @param dense to be compressed; not modified
     * @throws IllegalArgumentException if the network has no hidden dense layer
     */
    public static List<String> notCarried(MultiLayerNetwork dense) {
        return whole(dense)
                .flatMap(i -> FactorLayers.notCarried(dense, i).stream())
                .toList();
    }

    /**
     * A network with each pair of factors multiplied back to one dense layer, from which another compression starts.
     *
     * @param network not modified
     * @return a new network; the same object if it has no factors
     */
    public static MultiLayerNetwork merged(MultiLayerNetwork network) {
        List<Integer> left = leftLayers(network);
        if (left.isEmpty()) {
            return network;
        }
        var parts = new NetworkParts(network);
        for (int i = 0; i < network.getnLayers(); i++) {
            if (left.contains(i)) {
                parts.add(
                        i,
                        FactorLayers.merged(dense(network, i), dense(network, i + 1)),
                        factors(network, i).product(),
                        LayerWeights.bias(network, i + 1));
                i++;
            } else {
                parts.copy(i);
            }
        }
        return parts.network();
    }

    /** The factors of each hidden layer, from input to output, as views; none for a layer that is dense. */
    public static List<Optional<LowRankFactors>> factors(MultiLayerNetwork network) {
        return LayerWeights.hiddenLayers(network).stream()
                .filter(i -> !FactorLayers.arePair(network, i - 1))
                .map(i -> FactorLayers.arePair(network, i) ? Optional.of(factors(network, i)) : NONE)
                .toList();
    }

    /**
     * Which hidden layers are dense, and from which rank on factors would save nothing: one sentence for each.
     *
     * @param network compressed or not; not modified
     */
    public static List<String> stayedDense(MultiLayerNetwork network) {
        return whole(network)
                .map(i -> {
                    DenseLayer layer = dense(network, i);
                    return "%s is dense: factors of its [%d, %d] matrix save numbers only below rank %.1f"
                            .formatted(
                                    LayerWeights.label(network, i),
                                    layer.getNIn(),
                                    layer.getNOut(),
                                    LowRankFactors.breakEvenRank(layer.getNIn(), layer.getNOut()));
                })
                .toList();
    }

    /** The hidden layers that are no factors. */
    private static Stream<Integer> whole(MultiLayerNetwork network) {
        return LayerWeights.hiddenLayers(network).stream()
                .filter(i -> !FactorLayers.arePair(network, i) && !FactorLayers.arePair(network, i - 1));
    }

    /**
     * An untrained network with the same layers, for comparison: random factors, scaled so that signals keep their size
     * (LeCun's variance 1/nIn before no activation, He's 2/nIn before ReLU).
     *
     * @param spec shape of the dense network it replaces
     * @param ranks one for each hidden layer, from input to output, each at least 1
     * @param seed of the weights
     * @throws IllegalArgumentException if the ranks do not fit
     */
    public static MultiLayerNetwork random(MlpSpec spec, List<Integer> ranks, long seed) {
        requireRanks(spec, ranks);
        var layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam())
                .list();
        for (int i = 0; i < ranks.size(); i++) {
            layers.layer(new DenseLayer.Builder()
                    .name(FactorLayers.name("layer" + i))
                    .nIn(spec.inputs(i))
                    .nOut(ranks.get(i))
                    .activation(Activation.IDENTITY)
                    .weightInit(WeightInit.LECUN_NORMAL)
                    .hasBias(false)
                    .build());
            layers.layer(new DenseLayer.Builder()
                    .name("layer" + i)
                    .nIn(ranks.get(i))
                    .nOut(spec.hidden().get(i))
                    .activation(Activation.RELU)
                    .weightInit(WeightInit.RELU)
                    .build());
        }
        OutputLayer output = spec.outputLayer();
        output.setLayerName("layer" + ranks.size());
        var network = new MultiLayerNetwork(layers.layer(output).build());
        network.init();
        return network;
    }

    /**
     * The ranks of a network made by this class, from input to output; for a layer left as it is, the shorter side of
     * its matrix. Empty for a network that has no factors.
     */
    public static List<Integer> ranks(MultiLayerNetwork network) {
        List<Integer> left = leftLayers(network);
        if (left.isEmpty()) {
            return List.of();
        }
        return LayerWeights.hiddenLayers(network).stream()
                .filter(i -> !left.contains(i - 1))
                .map(i -> (int) (left.contains(i) ? dense(network, i).getNOut() : shorterSide(network, i, i)))
                .toList();
    }

    /** The widths of the hidden layers, from input to output, two factors counted as one layer. */
    public static List<Integer> widths(MultiLayerNetwork network) {
        return LayerWeights.hiddenLayers(network).stream()
                .filter(i -> !FactorLayers.arePair(network, i))
                .map(i -> (int) dense(network, i).getNOut())
                .toList();
    }

    /** Whether every pair of factors of a factorized network has the rank of the shorter side: nothing is cut off. */
    public static boolean isFullRank(MultiLayerNetwork network) {
        return leftLayers(network).stream()
                .allMatch(i -> dense(network, i).getNOut() == shorterSide(network, i, i + 1));
    }

    private static long shorterSide(MultiLayerNetwork network, int first, int last) {
        return Math.min(dense(network, first).getNIn(), dense(network, last).getNOut());
    }

    /** The positions of the first of two factors, found by their names. */
    public static List<Integer> leftLayers(MultiLayerNetwork network) {
        return IntStream.range(0, network.getnLayers())
                .boxed()
                .filter(i -> FactorLayers.arePair(network, i))
                .toList();
    }

    private static LowRankFactors factors(MultiLayerNetwork network, int left) {
        return new LowRankFactors(LayerWeights.weights(network, left), LayerWeights.weights(network, left + 1));
    }

    private static DenseLayer dense(MultiLayerNetwork network, int layer) {
        return (DenseLayer) LayerWeights.configuration(network, layer);
    }

    private static void requireRanks(MlpSpec spec, List<Integer> ranks) {
        ParameterCount.folded(spec, ranks); // refuses another number of ranks, and those below 1
        for (int i = 0; i < ranks.size(); i++) {
            int limit = Math.min(spec.inputs(i), spec.hidden().get(i));
            if (ranks.get(i) > limit) {
                throw new IllegalArgumentException("rank " + ranks.get(i) + " of hidden layer " + (i + 1) + " is above "
                        + limit + ", the shorter side of its matrix");
            }
        }
    }

    private static void requireFit(
            MultiLayerNetwork dense, List<Integer> hidden, List<Optional<LowRankFactors>> factors) {
        if (hidden.size() != factors.size()) {
            throw new IllegalArgumentException(factors.size() + " pairs of factors for " + hidden.size()
                    + " hidden layers: give one pair per layer");
        }
        for (int i = 0; i < factors.size(); i++) {
            if (factors.get(i).isEmpty()) {
                continue;
            }
            if (dense(dense, hidden.get(i)).hasLayerNorm()) {
                throw new IllegalArgumentException(LayerWeights.label(dense, hidden.get(i))
                        + " has a layer norm, which factors cannot keep: compress a network without");
            }
            long[] shape = LayerWeights.weights(dense, hidden.get(i)).shape();
            LowRankFactors pair = factors.get(i).get();
            if (pair.left().rows() != shape[0] || pair.right().columns() != shape[1]) {
                throw new IllegalArgumentException(LayerWeights.label(dense, hidden.get(i)) + " has weights of shape "
                        + Arrays.toString(shape) + ", its factors make ["
                        + pair.left().rows() + ", "
                        + pair.right().columns() + "]: give factors of the same shape");
            }
        }
    }
}
