package lowrank.network;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a DL4J network keeps its dense weights.
 *
 * <p>DL4J stores W as {@code [nIn, nOut]} in 'f' order and computes {@code x · W + b} for rows x; papers write {@code W
 * · x}. All matrices of this project are in DL4J's orientation. The hidden layers are the dense layers before the
 * output layer: those are compressed, the output layer is left alone.
 */
public final class LayerWeights {
    private LayerWeights() {}

    /**
     * The positions of the hidden dense layers, from input to output.
     *
     * @throws IllegalArgumentException if the network has none, or does not end in an output layer
     */
    public static List<Integer> hiddenLayers(MultiLayerNetwork network) {
        var layers = network.getLayerWiseConfigurations().getConfs();
        List<Integer> hidden = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).getLayer() instanceof DenseLayer) {
                hidden.add(i);
            }
        }
        if (hidden.isEmpty() || !(layers.get(layers.size() - 1).getLayer() instanceof BaseOutputLayer)) {
            throw new IllegalArgumentException("the network has " + hidden.size() + " dense layers and ends in "
                    + layers.get(layers.size() - 1).getLayer().getClass().getSimpleName()
                    + ": give one with hidden dense layers and an output layer");
        }
        return hidden;
    }

    /** W of a layer, {@code [nIn, nOut]}: a view, so writing to it changes the network. */
    public static INDArray weights(MultiLayerNetwork network, int layer) {
        return network.getLayer(layer).getParam(DefaultParamInitializer.WEIGHT_KEY);
    }

    /** The bias of a layer, {@code [nOut]}, a view; null where the layer has none. */
    public static INDArray bias(MultiLayerNetwork network, int layer) {
        return network.getLayer(layer).getParam(DefaultParamInitializer.BIAS_KEY);
    }

    /** The weights of all hidden layers, from input to output: views. */
    public static List<INDArray> hiddenWeights(MultiLayerNetwork network) {
        return hiddenLayers(network).stream()
                .map(layer -> weights(network, layer))
                .toList();
    }
}
