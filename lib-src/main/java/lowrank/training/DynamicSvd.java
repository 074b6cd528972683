package lowrank.training;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.training.layers.StraightThroughDense;
import lowrank.training.layers.StraightThroughLayer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Dynamic SVD trains the full weights while the network computes with their truncation. This class turns a stock
 * network into one of {@link StraightThroughDense} layers and back; in between, it is trained like any DL4J network.
 */
public final class DynamicSvd {
    /** Columns tracked beyond the rank. Without any, a prototype lost accuracy. */
    private static final int OVERSAMPLING = 12;

    private DynamicSvd() {}

    /**
     * A copy of a network whose hidden layers compute with the truncated SVD of their weights. Layers of other kinds,
     * and hidden layers with a side no longer than the rank, stay stock layers; existing factors are multiplied first.
     *
     * @param network whose hidden dense layers have a bias and no layer norm; not modified. Its settings are copied,
     *     except those that {@link #notCarried} lists
     * @param rank at least 1
     * @param truncation when the truncated weights are renewed
     * @throws IllegalArgumentException if the rank is below 1, or a hidden layer has no bias or a layer norm, naming it
     */
    public static MultiLayerNetwork of(MultiLayerNetwork network, int rank, Truncation truncation) {
        return of(network, List.of(rank), truncation);
    }

    /**
     * A copy of a network that is trained once and may be truncated at any rank afterwards. Each minibatch is divided
     * evenly among the ranks, and each part sees the hidden weights truncated at its rank, renewed at every minibatch.
     * A smaller rank uses the leading directions of a larger one, as in nested dropout (Rippel, Gelbart and Adams
     * 2014). {@code output}, and so the accuracy during training, is that at the largest rank.
     *
     * @param network as for {@link #of}
     * @param ranks at least 1 each; one that is not below a layer's shorter side means its full weights there, and one
     *     that is given twice gets two parts. A layer for which all are full stays a stock layer
     * @throws NoSuchElementException if there is no rank
     * @throws IllegalArgumentException as {@link #of}
     */
    public static MultiLayerNetwork anyRank(MultiLayerNetwork network, List<Integer> ranks) {
        return of(network, ranks, Truncation.TRACKED_EACH_STEP);
    }

    private static MultiLayerNetwork of(MultiLayerNetwork network, List<Integer> ranks, Truncation truncation) {
        MultiLayerNetwork dense = FactorizedNetwork.merged(network);
        List<Integer> hidden = LayerWeights.hiddenLayers(dense);
        int least = Collections.min(ranks);
        int[] descending = ranks.stream()
                .sorted(Comparator.reverseOrder())
                .mapToInt(r -> r)
                .toArray();
        hidden.forEach(layer -> require(dense, layer, least));
        return rebuilt(
                dense,
                (i, layer) -> hidden.contains(i)
                                && layer instanceof DenseLayer plain
                                && least < Math.min(plain.getNIn(), plain.getNOut())
                        ? new StraightThroughDense(plain, descending, OVERSAMPLING, truncation)
                        : layer);
    }

    /** The settings of a network that have no effect while it trains in this form: one sentence for each. */
    public static List<String> notCarried(MultiLayerNetwork network) {
        return LayerWeights.hiddenLayers(network).stream()
                .filter(i -> layer(network, i).getWeightNoise() != null)
                .map(
                        i -> LayerWeights.label(network, i) + ": "
                                + layer(network, i).getWeightNoise().getClass().getSimpleName()
                                + " is not applied during dynamic SVD, which computes with factors; it is back in the dense network")
                .toList();
    }

    private static DenseLayer layer(MultiLayerNetwork network, int i) {
        return (DenseLayer) LayerWeights.configuration(network, i);
    }

    private static void require(MultiLayerNetwork network, int i, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException(
                    "rank " + rank + " for " + LayerWeights.label(network, i) + ": give at least 1");
        }
        if (!layer(network, i).hasBias() || layer(network, i).hasLayerNorm()) {
            throw new IllegalArgumentException(LayerWeights.label(network, i)
                    + " has no bias, or a layer norm: dynamic SVD is for plain dense layers with a bias");
        }
    }

    /**
     * A copy in stock layers with the full weights, as {@link lowrank.svd.NetworkSvd} needs them for the final
     * truncation.
     */
    public static MultiLayerNetwork dense(MultiLayerNetwork dynamic) {
        return rebuilt(
                dynamic, (i, layer) -> layer instanceof StraightThroughDense straight ? straight.dense() : layer);
    }

    /**
     * How far the left subspace in use is from that of the exact truncated SVD of the current weights, in each hidden
     * layer: the share of the energy that it misses, 0 to 1. Costs one SVD per layer and changes nothing. NaN before
     * the first training step.
     */
    public static double[] energyGaps(MultiLayerNetwork dynamic) {
        return Arrays.stream(dynamic.getLayers())
                .filter(StraightThroughLayer.class::isInstance)
                .mapToDouble(layer -> ((StraightThroughLayer) layer).energyGap())
                .toArray();
    }

    private static MultiLayerNetwork rebuilt(MultiLayerNetwork network, BiFunction<Integer, Layer, Layer> change) {
        MultiLayerConfiguration configuration =
                network.getLayerWiseConfigurations().clone();
        for (int i = 0; i < network.getnLayers(); i++) {
            NeuralNetConfiguration layer = configuration.getConf(i);
            layer.setLayer(change.apply(i, layer.getLayer()));
            layer.setIterationCount(0);
            layer.setEpochCount(0);
        }
        configuration.setIterationCount(0);
        configuration.setEpochCount(0);
        var copy = new MultiLayerNetwork(configuration);
        copy.init(network.params(), true);
        return copy;
    }
}
