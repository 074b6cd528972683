package lowrank.network;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of input that a network expects, as far as its first layer shows it.
 *
 * @hidden
 */
public final class InputShape {
    private InputShape() {}

    /**
     * Refuses an array that does not fit the network.
     *
     * @param x inputs; not modified
     * @throws IllegalArgumentException if the first layer, activations and dropout aside, is dense, without a
     *     preprocessor, and x is not {@code [n, nIn]}; or if it is a two-dimensional convolution and x does not have
     *     four dimensions
     */
    public static void require(MultiLayerNetwork network, INDArray x) {
        Layer first;
        int i = 0;
        do {
            first = LayerWeights.configuration(network, i);
            if (network.getLayerWiseConfigurations().getInputPreProcess(i) != null) {
                return;
            }
            i++;
        } while (i < network.getnLayers() && (first instanceof ActivationLayer || first instanceof DropoutLayer));
        if (first instanceof DenseLayer dense) {
            require(dense.getNIn(), x);
        } else if (first.getClass() == ConvolutionLayer.class && x.rank() != 4) {
            throw misfit(x, "[n, channels, height, width]");
        }
    }

    /** The same for a network that expects rows of this many numbers. */
    public static void require(long inputs, INDArray x) {
        if (x.rank() != 2 || x.size(1) != inputs) {
            throw misfit(x, "[n, " + inputs + "], a row for each example");
        }
    }

    private static IllegalArgumentException misfit(INDArray x, String needed) {
        return new IllegalArgumentException(
                "an input of shape " + Arrays.toString(x.shape()) + " does not fit the network: give " + needed);
    }
}
