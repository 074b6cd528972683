package lowrank.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The layers and parameters of a network that is modelled on another: all settings that do not concern a layer are
 * those of the other.
 */
final class NetworkParts {
    private final MultiLayerNetwork model;
    private final List<NeuralNetConfiguration> layers = new ArrayList<>();
    private final Map<Integer, InputPreProcessor> reshaping = new HashMap<>();
    private final List<INDArray> parameters = new ArrayList<>();

    private int replaced = -1;

    NetworkParts(MultiLayerNetwork model) {
        this.model = model;
    }

    /** The next layer is one of the model, with what is done to its input. */
    void copy(int layer) {
        add(
                layer,
                LayerWeights.configuration(model, layer).clone(),
                model.getLayer(layer).params());
    }

    /**
     * The next layer is a new one in the place of one of the model; parameters may be null. What is done to the input
     * of that one is done to that of the first in its place.
     */
    void add(int layer, Layer instead, INDArray... values) {
        InputPreProcessor before = model.getLayerWiseConfigurations().getInputPreProcess(layer);
        if (before != null && layer != replaced) {
            reshaping.put(layers.size(), before.clone());
        }
        replaced = layer;
        NeuralNetConfiguration configuration =
                model.getLayerWiseConfigurations().getConf(layer).clone();
        configuration.setLayer(instead);
        configuration.clearVariables();
        configuration.setIterationCount(0);
        configuration.setEpochCount(0);
        layers.add(configuration);
        for (INDArray each : values) {
            if (each != null) {
                parameters.add(flat(each));
            }
        }
    }

    MultiLayerNetwork network() {
        MultiLayerConfiguration configuration =
                model.getLayerWiseConfigurations().clone();
        configuration.setConfs(layers);
        configuration.setInputPreProcessors(reshaping);
        configuration.setIterationCount(0);
        configuration.setEpochCount(0);
        var network = new MultiLayerNetwork(configuration);
        INDArray row = Nd4j.hstack(parameters);
        network.init(row.reshape(row.length()), true); // for a row, DL4J gives only views, which cannot be freed
        return network;
    }

    /** The parameters of one array in the order in which DL4J stores them: column by column, {@code [1, length]}. */
    private INDArray flat(INDArray a) {
        return a.castTo(model.params().dataType()).dup('f').reshape('f', 1, a.length());
    }
}
