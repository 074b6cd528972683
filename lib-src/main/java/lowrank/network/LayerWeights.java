package lowrank.network;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a DL4J network keeps its dense weights.
 *
 * <p>DL4J stores W as {@code [nIn, nOut]} in 'f' order and computes {@code x · W + b} for rows x; papers write {@code W
 * · x}. All matrices of this project are in DL4J's orientation. The output layer is the last one that is dense or
 * DL4J's output layer; losses, activations and dropout may follow it, as in networks from Keras. The hidden layers are
 * the dense layers before it: those are compressed, and the output layer is left as it is.
 */
public final class LayerWeights {
    private LayerWeights() {}

    /**
     * The positions of the hidden dense layers, from input to output; frozen layers are not included.
     *
     * @throws IllegalArgumentException if the network has none
     */
    public static List<Integer> hiddenLayers(MultiLayerNetwork network) {
        List<Integer> hidden = IntStream.range(0, Math.max(0, outputLayer(network)))
                .filter(i -> configuration(network, i) instanceof DenseLayer)
                .boxed()
                .toList();
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("the network has no hidden dense layer among its layers "
                    + IntStream.range(0, network.getnLayers())
                            .mapToObj(i -> configuration(network, i).getClass().getSimpleName())
                            .toList()
                    + ": give one with a dense layer, not frozen, before the last dense or output layer");
        }
        return hidden;
    }

    /**
     * The position of the last layer that is dense or an output layer with weights, frozen or not; -1 if there is none.
     */
    public static int outputLayer(MultiLayerNetwork network) {
        int i = network.getnLayers() - 1;
        while (i >= 0 && !isOutput(configuration(network, i))) {
            i--;
        }
        return i;
    }

    private static boolean isOutput(Layer layer) {
        return layer instanceof FrozenLayer frozen
                ? isOutput(frozen.getLayer())
                : layer instanceof DenseLayer || layer instanceof BaseOutputLayer;
    }

    /** DL4J's configuration of a layer. */
    public static Layer configuration(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getConf(layer).getLayer();
    }

    /** The name of a layer in error messages: its position, from 0, and its name. */
    public static String label(MultiLayerNetwork network, int layer) {
        return "layer " + layer + " (" + configuration(network, layer).getLayerName() + ")";
    }

    /** W of a layer, {@code [nIn, nOut]}: a view, so writing to it changes the network. */
    public static INDArray weights(MultiLayerNetwork network, int layer) {
        return network.getLayer(layer).getParam(DefaultParamInitializer.WEIGHT_KEY);
    }

    /** The bias of a layer, {@code [nOut]}, a view; null if the layer has none. */
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
