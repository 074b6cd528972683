package lowrank.network;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The shape of a fully connected classifier: ReLU hidden layers, then softmax with cross-entropy.
 *
 * @param inputs numbers per example, at least 1
 * @param hidden widths of the hidden layers from input to output, at least one layer, each at least 1
 * @param classes classes told apart, at least 2
 */
public record MlpSpec(int inputs, List<Integer> hidden, int classes) {
    /** The network of the report: 784 pixels, five hidden layers of 1024, ten digits; 5,012,490 parameters. */
    public static final MlpSpec MNIST = new MlpSpec(784, List.of(1024, 1024, 1024, 1024, 1024), 10);

    /** @throws IllegalArgumentException if a width is below 1, no hidden layer is given, or classes are below 2 */
    public MlpSpec {
        hidden = List.copyOf(hidden);
        if (inputs < 1 || classes < 2 || hidden.isEmpty() || hidden.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(
                    "no network has the shape " + inputs + ", " + hidden + ", " + classes
                            + ": it needs inputs and hidden widths of at least 1, one hidden layer or more, two classes or more");
        }
    }

    /**
     * A new, untrained network of this shape.
     *
     * <p>Weights are uniform in ±1/√nIn and biases zero. That is a sixth of He's variance for ReLU: the random part
     * that initialization leaves in a trained matrix is smaller, so less of its spectrum is noise.
     *
     * @param seed of the initial weights; also the seed of what is drawn at random in training (dropout)
     * @return the network, ready for {@code output}, and for {@code fit} by Adam at 1e-3; a training plan sets its own
     *     optimizer
     */
    public MultiLayerNetwork create(long seed) {
        var layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam())
                .weightInit(WeightInit.UNIFORM)
                .activation(Activation.RELU)
                .list();
        for (int i = 0; i < hidden.size(); i++) {
            layers.layer(
                    new DenseLayer.Builder().nIn(inputs(i)).nOut(hidden.get(i)).build());
        }
        var network = new MultiLayerNetwork(layers.layer(outputLayer()).build());
        network.init();
        return network;
    }

    /** What a layer reads, the output layer being the last: the width of the one before it. */
    int inputs(int layer) {
        return layer == 0 ? inputs : hidden.get(layer - 1);
    }

    /** Softmax with cross-entropy over the classes, reading the last hidden layer. */
    OutputLayer outputLayer() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .weightInit(WeightInit.UNIFORM)
                .nIn(inputs(hidden.size()))
                .nOut(classes)
                .build();
    }
}
