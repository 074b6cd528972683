package lowrank.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Dynamic SVD: train the full weights while the network computes with their truncation. Turns a stock network into one
 * of {@link StraightThroughDense} layers and back; in between, it trains as any DL4J network does.
 */
public final class DynamicSvd {
    /** Columns tracked beyond the rank. With none at all a prototype lost accuracy. */
    private static final int OVERSAMPLING = 12;

    private DynamicSvd() {}

    /**
     * A copy of a network whose hidden layers compute with the truncated SVD of their weights.
     *
     * @param dense a network of plain dense layers with biases; not modified
     * @param rank from 1 to the shorter side of the smallest hidden matrix
     * @param truncation when the truncated weights are renewed
     * @throws IllegalArgumentException if the rank is outside its range, or a hidden layer is not a plain one
     */
    public static MultiLayerNetwork of(MultiLayerNetwork dense, int rank, Truncation truncation) {
        LayerWeights.hiddenLayers(dense);
        return rebuilt(
                dense,
                layer -> layer instanceof DenseLayer plain
                        ? new StraightThroughDense(plain, rank, OVERSAMPLING, truncation)
                        : layer);
    }

    /**
     * A copy in stock layers: the full weights, as {@link lowrank.svd.NetworkSvd} wants them for the final truncation.
     */
    public static MultiLayerNetwork dense(MultiLayerNetwork dynamic) {
        return rebuilt(dynamic, layer -> layer instanceof StraightThroughDense straight ? straight.dense() : layer);
    }

    /**
     * How far the left subspace in use is from that of the exact truncated SVD of the present weights, in each hidden
     * layer: the share of its energy that it misses, 0 to 1. Costs an SVD a layer and changes nothing. NaN before the
     * first training step.
     */
    public static double[] energyGaps(MultiLayerNetwork dynamic) {
        List<Double> gaps = new ArrayList<>();
        for (var layer : dynamic.getLayers()) {
            if (layer instanceof StraightThroughLayer straight) {
                gaps.add(straight.energyGap());
            }
        }
        return gaps.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static MultiLayerNetwork rebuilt(MultiLayerNetwork network, UnaryOperator<Layer> change) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(network.getDefaultConfiguration().getSeed())
                .updater(new NoOp())
                .list();
        for (NeuralNetConfiguration layer : network.getLayerWiseConfigurations().getConfs()) {
            builder.layer(change.apply(layer.getLayer().clone()));
        }
        var copy = new MultiLayerNetwork(builder.build());
        copy.init(network.params(), true);
        return copy;
    }
}
