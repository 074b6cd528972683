package lowrank.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;

/** The layers of a network in the form that a {@link Predictor} computes. Refuses everything it cannot compute. */
final class PackedLayers {
    private PackedLayers() {}

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
        List<Integer> weighted = new ArrayList<>();
        List<PackedLayer.Activation> functions = new ArrayList<>();
        int last = LayerWeights.outputLayer(network);
        for (int i = 0; i < network.getnLayers(); i++) {
            requireNothingBefore(network, i);
            Layer layer = LayerWeights.configuration(network, i);
            if (layer.getClass() == DenseLayer.class || i == last && layer.getClass() == OutputLayer.class) {
                requirePlain(network, i, (BaseLayer) layer);
                weighted.add(i);
                functions.add(activation(network, i, i >= last));
            } else if (!weighted.isEmpty() && isFunction(layer)) {
                int before = functions.size() - 1;
                functions.set(before, then(network, i, functions.get(before), activation(network, i, i >= last)));
            } else if (!(layer instanceof DropoutLayer)) {
                throw refused(
                        network,
                        i,
                        "is a " + layer.getClass().getSimpleName() + ", where "
                                + (i == last ? "an OutputLayer" : "a DenseLayer") + " is needed");
            }
        }
        return IntStream.range(0, weighted.size())
                .mapToObj(k -> new PackedLayer(
                        LayerWeights.weights(network, weighted.get(k)),
                        LayerWeights.bias(network, weighted.get(k)),
                        functions.get(k),
                        k == 0))
                .toList();
    }

    private static boolean isFunction(Layer layer) {
        return layer.getClass() == ActivationLayer.class || layer.getClass() == LossLayer.class;
    }

    private static void requireNothingBefore(MultiLayerNetwork network, int i) {
        InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(i);
        if (before != null) {
            throw refused(network, i, "has a " + before.getClass().getSimpleName() + " before it");
        }
    }

    private static void requirePlain(MultiLayerNetwork network, int i, BaseLayer layer) {
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            throw refused(network, i, "has a layer norm");
        }
        if (layer.getWeightNoise() != null) {
            throw refused(
                    network,
                    i,
                    "has the weight noise " + layer.getWeightNoise().getClass().getSimpleName());
        }
    }

    /** One function after another, if the result is one of the supported functions. */
    private static PackedLayer.Activation then(
            MultiLayerNetwork network, int i, PackedLayer.Activation first, PackedLayer.Activation second) {
        if (first == PackedLayer.Activation.IDENTITY) {
            return second;
        }
        if (second == PackedLayer.Activation.IDENTITY || first == second && first == PackedLayer.Activation.RELU) {
            return first;
        }
        throw refused(network, i, "applies " + second + " to what " + first + " gave, where one of them is needed");
    }

    private static PackedLayer.Activation activation(MultiLayerNetwork network, int i, boolean last) {
        IActivation function = DenseForward.function(network, i);
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
                network,
                i,
                "has the activation " + function + ", where identity, relu" + (last ? " or softmax" : "")
                        + " is needed");
    }

    private static IllegalArgumentException refused(MultiLayerNetwork network, int i, String reason) {
        return new IllegalArgumentException(
                LayerWeights.label(network, i) + " " + reason + ": use the network's own output");
    }
}
