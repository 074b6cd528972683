package lowrank.training;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;

/** Training as DL4J does it by itself: what ours is compared with. */
public final class StockTraining {
    private StockTraining() {}

    /** A copy of a network, in its own layers, that {@code fit} trains with this updater. */
    public static MultiLayerNetwork of(MultiLayerNetwork network, IUpdater updater) {
        var configuration = network.getLayerWiseConfigurations().clone();
        for (NeuralNetConfiguration layer : configuration.getConfs()) {
            ((BaseLayer) layer.getLayer()).setIUpdater(updater);
        }
        var stock = new MultiLayerNetwork(configuration);
        stock.init(network.params(), true);
        return stock;
    }
}
