package lowrank.training;

import java.util.List;
import lowrank.data.Batches;
import lowrank.data.DigitSet;
import lowrank.network.FactorizedNetwork;
import lowrank.training.layers.CosineDecay;
import lowrank.training.layers.DecoupledWeightDecay;
import lowrank.training.layers.FusedAdam;
import lowrank.training.layers.OnePassDense;
import lowrank.training.layers.OwnDropout;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.rng.Random;

/**
 * How a network is trained: Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019), a
 * learning rate that falls from {@code learningRate} to zero along half a cosine, dropout and label smoothing.
 *
 * @param epochs passes over the training set, at least 1
 * @param batchSize images per step, at least 1
 * @param learningRate of the first step, above 0
 * @param inputDropout share of the pixels set to zero at random, 0 to below 1
 * @param hiddenDropout share of each hidden layer's outputs set to zero at random, 0 to below 1
 * @param weightDecay share of a hidden weight removed in a step, divided by the learning rate; 0 for none
 * @param labelSmoothing share of a label spread evenly over all classes, 0 to below 1
 * @param shift largest number of pixels by which an image is moved at random in each direction each time it is read; 0
 *     for none
 * @param elastic root mean square, in pixels, of the displacements by which an image is bent at random each time it is
 *     read ({@link Batches#bent}); 0 for none
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        double learningRate,
        double inputDropout,
        double hiddenDropout,
        double weightDecay,
        double labelSmoothing,
        int shift,
        double elastic) {

    /** @throws IllegalArgumentException if a number is outside its range */
    public TrainingPlan {
        require(epochs >= 1, "epochs", epochs, "at least 1");
        require(batchSize >= 1, "batchSize", batchSize, "at least 1");
        require(learningRate > 0 && Double.isFinite(learningRate), "learningRate", learningRate, "above 0");
        require(inputDropout >= 0 && inputDropout < 1, "inputDropout", inputDropout, "0 to below 1");
        require(hiddenDropout >= 0 && hiddenDropout < 1, "hiddenDropout", hiddenDropout, "0 to below 1");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", weightDecay, "0 or above");
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing", labelSmoothing, "0 to below 1");
        require(shift >= 0 && shift < DigitSet.SIDE, "shift", shift, "0 to " + (DigitSet.SIDE - 1));
        require(elastic >= 0 && elastic <= 5, "elastic", elastic, "0 to 5");
    }

    /** A plan for images that are not bent. */
    public TrainingPlan(
            int epochs,
            int batchSize,
            double learningRate,
            double inputDropout,
            double hiddenDropout,
            double weightDecay,
            double labelSmoothing,
            int shift) {
        this(epochs, batchSize, learningRate, inputDropout, hiddenDropout, weightDecay, labelSmoothing, shift, 0);
    }

    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", the range is " + range);
        }
    }

    /** The same plan with another learning rate. */
    public TrainingPlan withLearningRate(double rate) {
        return with(epochs, rate, shift, elastic);
    }

    /** The same plan with another number of epochs. */
    public TrainingPlan withEpochs(int number) {
        return with(number, learningRate, shift, elastic);
    }

    /** The same plan for moved images. */
    public TrainingPlan withShift(int pixels) {
        return with(epochs, learningRate, pixels, elastic);
    }

    /** The same plan for bent images. */
    public TrainingPlan withElastic(double pixels) {
        return with(epochs, learningRate, shift, pixels);
    }

    private TrainingPlan with(int number, double rate, int moved, double bent) {
        return new TrainingPlan(
                number, batchSize, rate, inputDropout, hiddenDropout, weightDecay, labelSmoothing, moved, bent);
    }

    /** How the images are changed, by its name in results: {@code none}, {@code shift} or {@code elastic}. */
    public String augmentation() {
        return elastic > 0 ? "elastic" : shift > 0 ? "shift" : "none";
    }

    /** Batches of a set as this plan uses them. */
    Batches batches(DigitSet set, long seed) {
        Batches batches = new Batches(set, batchSize, labelSmoothing, shift, seed);
        return elastic > 0 ? batches.bent(elastic) : batches;
    }

    /**
     * All settings; that of bent images only if there is one, because the names of kept networks depend on this text.
     */
    @Override
    public String toString() {
        return "TrainingPlan[epochs=" + epochs + ", batchSize=" + batchSize + ", learningRate=" + learningRate
                + ", inputDropout=" + inputDropout + ", hiddenDropout=" + hiddenDropout + ", weightDecay=" + weightDecay
                + ", labelSmoothing=" + labelSmoothing + ", shift=" + shift
                + (elastic > 0 ? ", elastic=" + elastic : "") + "]";
    }

    /**
     * A copy of a network, with its weights, that {@code fit} trains with this plan. Its Adam and its plain dense
     * layers are faster versions of DL4J's ({@code FusedAdam}, {@code OnePassLayer}) with the same parameters and
     * results.
     *
     * <p>Dropout is applied to the input of a layer: the pixels, or the outputs of a hidden layer. The values between
     * the two factors of a layer are not the output of a hidden layer, so they get no dropout. Weight decay applies
     * only to hidden weights, not to biases or the output layer.
     *
     * @param network not modified
     * @param steps in all, after which the learning rate is zero
     * @param seed of the dropout masks
     */
    public MultiLayerNetwork prepare(MultiLayerNetwork network, int steps, long seed) {
        MultiLayerConfiguration configuration =
                network.getLayerWiseConfigurations().clone();
        List<NeuralNetConfiguration> layers = configuration.getConfs();
        Random masks = OwnDropout.generator(seed);
        List<Integer> left = FactorizedNetwork.leftLayers(network);
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).setSeed(seed);
            layers.get(i).setLayer(OnePassDense.of(layers.get(i).getLayer()));
            if (layers.get(i).getLayer() instanceof BaseLayer layer) {
                layer.setIUpdater(new FusedAdam(new CosineDecay(learningRate, steps)));
                boolean decays = weightDecay > 0 && !(layer instanceof BaseOutputLayer);
                layer.setRegularization(decays ? List.of(new DecoupledWeightDecay(weightDecay)) : List.of());
                double share = i == 0 ? inputDropout : left.contains(i - 1) ? 0 : hiddenDropout;
                layer.setIDropout(share > 0 ? new OwnDropout(1 - share, seed, masks) : null);
            }
        }
        configuration.setIterationCount(0);
        configuration.setEpochCount(0);
        var prepared = new MultiLayerNetwork(configuration);
        prepared.init(network.params(), true);
        return prepared;
    }
}
