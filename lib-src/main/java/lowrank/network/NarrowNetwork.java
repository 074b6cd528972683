package lowrank.network;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network with other numbers of neurons in its hidden layers, and otherwise all settings of the one it is made from.
 *
 * @hidden
 */
public final class NarrowNetwork {
    private NarrowNetwork() {}

    /**
     * @param network not modified
     * @param weights of each hidden layer and the output layer, from input to output, copied; their shapes become those
     *     of the layers
     * @param biases of the same layers
     */
    public static MultiLayerNetwork of(MultiLayerNetwork network, List<INDArray> weights, List<INDArray> biases) {
        List<Integer> hidden = LayerWeights.hiddenLayers(network);
        int last = LayerWeights.outputLayer(network);
        var parts = new NetworkParts(network);
        for (int i = 0; i < network.getnLayers(); i++) {
            int position = i == last ? hidden.size() : hidden.indexOf(i);
            if (position < 0) {
                parts.copy(i);
            } else {
                INDArray w = weights.get(position);
                var layer = (FeedForwardLayer)
                        LayerWeights.configuration(network, i).clone();
                layer.setNIn(w.rows());
                layer.setNOut(w.columns());
                parts.add(i, layer, w, biases.get(position));
            }
        }
        return parts.network();
    }
}
