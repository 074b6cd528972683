package lowrank.network;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A forward pass layer by layer, with the two steps of a dense layer separate: {@code z = x · W + b}, and {@code f(z)}.
 *
 * @hidden
 */
public final class DenseForward {
    private DenseForward() {}

    /** {@code x · W + b} of a layer of the network, {@code [n, nOut]}. */
    public static INDArray preActivation(MultiLayerNetwork network, int layer, INDArray x) {
        INDArray z = x.mmul(LayerWeights.weights(network, layer));
        INDArray bias = LayerWeights.bias(network, layer);
        return bias == null ? z : z.addiRowVector(bias);
    }

    /** {@code f(z)}; z may be overwritten. */
    public static INDArray activation(MultiLayerNetwork network, int layer, INDArray z) {
        return function(network, layer).getActivation(z, false);
    }

    /** {@code f'(z) ∘ ε}: the loss gradient at z for that at the output, ε; both may be overwritten. */
    public static INDArray backward(MultiLayerNetwork network, int layer, INDArray z, INDArray epsilon) {
        return function(network, layer).backprop(z, epsilon).getFirst();
    }

    /** Whether the activation is a plain ReLU. */
    public static boolean isRelu(MultiLayerNetwork network, int layer) {
        return isRelu(function(network, layer));
    }

    /** Whether the output of a dense layer goes through a plain ReLU next: its own, or that of a layer after it. */
    public static boolean isBeforeRelu(MultiLayerNetwork network, int layer) {
        return isRelu(network, layer)
                || function(network, layer) instanceof ActivationIdentity
                        && layer + 1 < network.getnLayers()
                        && LayerWeights.configuration(network, layer + 1) instanceof ActivationLayer
                        && isRelu(network, layer + 1);
    }

    /** Whether a function is {@code max(z, 0)}: DL4J's ReLU without a cap, a threshold or a slope below zero. */
    public static boolean isRelu(IActivation function) {
        return function.equals(new ActivationReLU());
    }

    /** The output of a layer of any kind for its input, as {@code output} computes it. */
    public static INDArray passed(MultiLayerNetwork network, int layer, INDArray x) {
        return network.getLayer(layer).activate(x.dup(), false, LayerWorkspaceMgr.noWorkspaces());
    }

    /** The input of a layer after the input preprocessor before it. */
    public static INDArray preprocessed(MultiLayerNetwork network, int layer, INDArray x) {
        return network.getLayerWiseConfigurations()
                .getInputPreProcess(layer)
                .preProcess(x.dup(), (int) x.size(0), LayerWorkspaceMgr.noWorkspaces());
    }

    /** The function of a dense, activation, output or loss layer. */
    public static IActivation function(MultiLayerNetwork network, int layer) {
        Layer configuration = LayerWeights.configuration(network, layer);
        return configuration instanceof ActivationLayer apart
                ? apart.getActivationFn()
                : ((BaseLayer) configuration).getActivationFn();
    }
}
