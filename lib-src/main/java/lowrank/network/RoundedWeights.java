package lowrank.network;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Training for {@link Precision#INT4}: a network computes with its weights as the file will keep them, and each step
 * updates the weights that are not rounded, with the gradient at the rounded ones (the straight-through estimator,
 * Bengio et al. 2013). To DL4J it is a weight noise, so {@code fit} trains such a network.
 */
public final class RoundedWeights implements IWeightNoise {
    private static final long serialVersionUID = 1L;

    /**
     * A copy of a network that rounds the weights of its dense layers, but for those that have another weight noise.
     */
    public static MultiLayerNetwork in(MultiLayerNetwork network) {
        return with(network, null, new RoundedWeights());
    }

    /** A copy of such a network that does not round; its weights are those that training updated. */
    public static MultiLayerNetwork removed(MultiLayerNetwork rounding) {
        return with(rounding, RoundedWeights.class, null);
    }

    private static MultiLayerNetwork with(MultiLayerNetwork network, Class<?> before, IWeightNoise after) {
        MultiLayerConfiguration configuration =
                network.getLayerWiseConfigurations().clone();
        for (var each : configuration.getConfs()) {
            if (each.getLayer() instanceof BaseLayer layer
                    && before
                            == (layer.getWeightNoise() == null
                                    ? null
                                    : layer.getWeightNoise().getClass())) {
                layer.setWeightNoise(after);
            }
        }
        var copy = new MultiLayerNetwork(configuration);
        copy.init(network.params(), true);
        return copy;
    }

    @Override
    public INDArray getParameter(
            Layer layer, String key, int iteration, int epoch, boolean train, LayerWorkspaceMgr workspaces) {
        INDArray parameter = layer.getParam(key);
        return key.equals(DefaultParamInitializer.WEIGHT_KEY) && parameter.rank() == 2
                ? workspaces.leverageTo(
                        ArrayType.INPUT,
                        Int8File.Integers.of(parameter, Int8File.LARGEST_INT4).in(parameter))
                : parameter;
    }

    @Override
    public RoundedWeights clone() {
        return new RoundedWeights();
    }
}
