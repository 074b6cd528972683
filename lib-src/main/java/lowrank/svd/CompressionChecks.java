package lowrank.svd;

import java.util.Arrays;
import java.util.List;
import lowrank.network.InputShape;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The requirements of activation-aware truncation for a network and images. */
final class CompressionChecks {
    private CompressionChecks() {}

    /** @throws IllegalArgumentException if one is not met; the message says which, and what to do */
    static void require(MultiLayerNetwork network, INDArray images, AwareStep awareness) {
        for (int layer : LayerWeights.hiddenLayers(network)) {
            requireBias(network, layer);
            if (((DenseLayer) LayerWeights.configuration(network, layer)).hasLayerNorm()) {
                throw new IllegalArgumentException(LayerWeights.label(network, layer)
                        + " has a layer norm, which is not followed: compress a network without");
            }
        }
        if (awareness.compareTo(AwareStep.SEQUENTIAL) >= 0) {
            requireBias(network, LayerWeights.outputLayer(network));
        }
        if (images.isEmpty() || images.rank() < 2) {
            throw new IllegalArgumentException("calibration images of shape " + Arrays.toString(images.shape())
                    + ": give at least one, one along the first dimension");
        }
        InputShape.require(network, images);
        if (awareness.compareTo(AwareStep.TWO_SIDED) >= 0) {
            OutputSensitivity.requireDense(network);
        }
        if (network.params().dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "the network computes in " + network.params().dataType() + ": convert it to FLOAT first");
        }
        requireFinite(
                network.params(), "the network holds NaN or infinite numbers: one that diverged cannot be compressed");
        requireFinite(images, "the calibration images hold NaN or infinite numbers: give finite ones");
    }

    /** @throws IllegalArgumentException if there is not one rank for each hidden layer, or one is below 1 */
    static void requireRanks(MultiLayerNetwork network, List<Integer> ranks) {
        List<Integer> hidden = oneEach(network, "ranks", ranks);
        for (int i = 0; i < ranks.size(); i++) {
            if (ranks.get(i) < 1) {
                throw new IllegalArgumentException("rank " + ranks.get(i) + " for "
                        + LayerWeights.label(network, hidden.get(i)) + ": give at least 1");
            }
        }
    }

    /** @throws IllegalArgumentException if there is not one width for each hidden layer, or one does not fit it */
    static void requireWidths(MultiLayerNetwork network, List<Integer> widths) {
        List<Integer> hidden = oneEach(network, "widths", widths);
        for (int i = 0; i < widths.size(); i++) {
            int most = LayerWeights.weights(network, hidden.get(i)).columns();
            if (widths.get(i) < 1 || widths.get(i) > most) {
                throw new IllegalArgumentException("width " + widths.get(i) + " for "
                        + LayerWeights.label(network, hidden.get(i)) + ": give 1 to " + most + ", as many as it has");
            }
        }
    }

    private static List<Integer> oneEach(MultiLayerNetwork network, String what, List<Integer> given) {
        List<Integer> hidden = LayerWeights.hiddenLayers(network);
        if (given.size() != hidden.size()) {
            throw new IllegalArgumentException(
                    given.size() + " " + what + " for " + hidden.size() + " hidden layers: give one per layer");
        }
        return hidden;
    }

    private static void requireBias(MultiLayerNetwork network, int layer) {
        if (LayerWeights.bias(network, layer) == null) {
            throw new IllegalArgumentException(LayerWeights.label(network, layer)
                    + " has no bias to correct: truncate without activations, or train it with a bias");
        }
    }

    private static void requireFinite(INDArray numbers, String otherwise) {
        if (!Double.isFinite(numbers.norm1Number().doubleValue())) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
