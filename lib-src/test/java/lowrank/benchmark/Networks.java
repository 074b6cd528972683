package lowrank.benchmark;

import lowrank.network.MlpSpec;
import lowrank.training.StockTraining;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The networks that are timed, and what they are fed: 784 inputs, five hidden layers of 1024, ten classes. */
final class Networks {
    static final int BATCH = 128;
    private static final double LEARNING_RATE = 1e-4;
    private static final long SEED = 1;

    private Networks() {}

    /** As this project trains a network. */
    static MultiLayerNetwork ours(MultiLayerNetwork network) {
        return new TrainingPlan(1, BATCH, LEARNING_RATE, 0, 0, 0, 0, 0).prepare(network, Integer.MAX_VALUE, SEED);
    }

    /** As DL4J trains it by itself: its layers, its Adam. */
    static MultiLayerNetwork stock(MultiLayerNetwork network) {
        return StockTraining.of(network, new Adam(LEARNING_RATE));
    }

    /** Numbers in 0 to 1, about as many of them zero as of a digit's pixels. */
    static INDArray images(int count) {
        Nd4j.getRandom().setSeed(SEED);
        INDArray images = Nd4j.rand(DataType.FLOAT, count, MlpSpec.MNIST.inputs());
        return images.muli(
                Nd4j.rand(DataType.FLOAT, count, MlpSpec.MNIST.inputs()).gt(0.8).castTo(DataType.FLOAT));
    }

    static DataSet minibatch() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, MlpSpec.MNIST.classes());
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i % MlpSpec.MNIST.classes(), 1);
        }
        return new DataSet(images(BATCH), labels);
    }
}
