package lowrank.network;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;

/** The layers of a network as a {@link Predictor} computes them, and the refusal of all that it cannot. */
final class PlainLayers {
    private PlainLayers() {}

    static List<PackedLayer> of(MultiLayerNetwork network) {
        if (!network.isInitCalled()) {
            throw new IllegalArgumentException("the network has no weights yet: call init() first");
        }
        DataType type = network.getLayerWiseConfigurations().getDataType();
        if (type != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "the network computes in " + type
                            + ", which a predictor does not: call convertDataType(DataType.FLOAT) first, or use the network's own output");
        }
        return IntStream.range(0, network.getnLayers())
                .mapToObj(i -> packed(network, i))
                .toList();
    }

    private static PackedLayer packed(MultiLayerNetwork network, int i) {
        Layer layer = network.getLayerWiseConfigurations().getConf(i).getLayer();
        boolean last = i == network.getnLayers() - 1;
        if (layer.getClass() != (last ? OutputLayer.class : DenseLayer.class)) {
            throw refused(
                    i,
                    "is a " + layer.getClass().getSimpleName() + ", where " + (last ? "an OutputLayer" : "a DenseLayer")
                            + " is needed");
        }
        if (network.getLayerWiseConfigurations().getInputPreProcess(i) != null) {
            throw refused(
                    i,
                    "has a "
                            + network.getLayerWiseConfigurations()
                                    .getInputPreProcess(i)
                                    .getClass()
                                    .getSimpleName() + " before it");
        }
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            throw refused(i, "has a layer norm");
        }
        BaseLayer weighted = (BaseLayer) layer;
        if (weighted.getWeightNoise() != null) {
            throw refused(
                    i,
                    "has the weight noise "
                            + weighted.getWeightNoise().getClass().getSimpleName());
        }
        return new PackedLayer(
                LayerWeights.weights(network, i),
                LayerWeights.bias(network, i),
                activation(i, weighted.getActivationFn(), last),
                i == 0);
    }

    private static PackedLayer.Activation activation(int i, IActivation function, boolean last) {
        if (function.getClass() == ActivationIdentity.class) {
            return PackedLayer.Activation.IDENTITY;
        }
        if (DenseForward.isRelu(function)) {
            return PackedLayer.Activation.RELU;
        }
        if (last && function.getClass() == ActivationSoftmax.class) {
            return PackedLayer.Activation.SOFTMAX;
        }
        throw refused(
                i,
                "has the activation " + function + ", where identity, relu" + (last ? " or softmax" : "")
                        + " is needed");
    }

    private static IllegalArgumentException refused(int i, String reason) {
        return new IllegalArgumentException("layer " + i + " " + reason + ": use the network's own output");
    }
}
