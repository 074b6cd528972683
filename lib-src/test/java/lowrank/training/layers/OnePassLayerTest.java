package lowrank.training.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lowrank.data.DigitSet;
import lowrank.network.MlpSpec;
import lowrank.svd.NetworkSvd;
import lowrank.training.Blobs;
import lowrank.training.StockTraining;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

public class OnePassLayerTest {
    /** Float: a few products of up to 784 terms, in another order. */
    private static final double FLOAT = 1e-5;

    private static final MlpSpec SPEC = new MlpSpec(DigitSet.PIXELS, List.of(40, 30, 20), DigitSet.CLASSES);
    private static final DigitSet DIGITS = Blobs.of(60, 1);
    private static final TrainingPlan PLAN = new TrainingPlan(1, 20, 1e-3, 0, 0, 0, 0, 0);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAndLossAreThoseOfTheStockLayer(boolean factorized) {
        MultiLayerNetwork stock = start(factorized);
        MultiLayerNetwork ours = PLAN.prepare(stock, 10, 1);
        assertInstanceOf(OnePassLayer.class, ours.getLayer(1));
        assertClose(gradient(stock, DIGITS.first(30)), gradient(ours, DIGITS.first(30)), FLOAT);
        assertEquals(
                stock.score(),
                ours.score(),
                FLOAT * stock.score(),
                "DL4J reads the activations once more for the loss");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainingIsThatOfTheStockLayersAndAdam(boolean factorized) {
        MultiLayerNetwork ours = PLAN.prepare(start(factorized), 10, 1);
        MultiLayerNetwork stock = StockTraining.of(start(factorized), new Adam(new CosineDecay(1e-3, 10)));
        for (int step = 0; step < 10; step++) {
            DataSet batch = DIGITS.batch(new int[] {step, step + 10, step + 20, step + 30, step + 40}, 0);
            ours.fit(batch);
            stock.fit(batch);
            assertEquals(stock.score(), ours.score(), FLOAT * stock.score());
        }
        assertTrue(ours.params().distance2(start(factorized).params()) > 0.1, "they were trained");
        assertClose(stock.params(), ours.params(), FLOAT);
        assertClose(stock.output(DIGITS.images(0, 30)), ours.output(DIGITS.images(0, 30)), FLOAT);
    }

    /** What the layer keeps for the backward pass is its output, because DL4J's ReLU writes over what it is given. */
    @Test
    void reluIsComputedInPlace() {
        INDArray z = Nd4j.createFromArray(new float[][] {{-1, 2}});
        assertSame(z, new ActivationReLU().getActivation(z, true));
        assertEquals(0, z.getFloat(0, 0));
    }

    @Test
    void outputBetweenTwoStepsDoesNotDisturbTraining() {
        MultiLayerNetwork asked = PLAN.prepare(SPEC.create(3), 10, 1);
        MultiLayerNetwork left = PLAN.prepare(SPEC.create(3), 10, 1);
        for (int step = 0; step < 3; step++) {
            DataSet batch = DIGITS.batch(new int[] {step, step + 10}, 0);
            asked.fit(batch);
            left.fit(batch);
            asked.output(DIGITS.images(0, 7));
            asked.feedForward(DIGITS.images(0, 7), true);
        }
        assertEquals(left.params(), asked.params());
    }

    @Test
    void layersItDoesNotFitStayAsTheyAre() {
        assertFalse(becomesOnePass(new DenseLayer.Builder().activation(Activation.TANH)));
        assertFalse(becomesOnePass(
                new DenseLayer.Builder().activation(Activation.RELU).hasLayerNorm(true)));
        assertFalse(becomesOnePass(new DenseLayer.Builder().activation(new ActivationReLU(6.0, null, null))));
        assertFalse(becomesOnePass(
                new DenseLayer.Builder().activation(Activation.RELU).weightNoise(new DropConnect(0.5))));
        assertTrue(becomesOnePass(new DenseLayer.Builder().activation(Activation.RELU)));
        assertTrue(becomesOnePass(
                new DenseLayer.Builder().activation(Activation.IDENTITY).hasBias(false)));
        assertEquals(OutputLayer.class, OnePassDense.of(new OutputLayer()).getClass());
    }

    private static boolean becomesOnePass(DenseLayer.Builder layer) {
        return OnePassDense.of(layer.nIn(4).nOut(3).build()) instanceof OnePassDense;
    }

    private static MultiLayerNetwork start(boolean factorized) {
        MultiLayerNetwork dense = SPEC.create(1);
        return factorized ? NetworkSvd.of(dense).truncate(6) : dense;
    }

    /** Of the loss on a set, at all parameters. */
    public static INDArray gradient(MultiLayerNetwork network, DigitSet set) {
        network.setInput(set.images(0, set.size()));
        network.setLabels(set.oneHot());
        network.computeGradientAndScore();
        return network.gradient().gradient();
    }

    /** @param tolerance of the largest difference, relative to the largest entry */
    public static void assertClose(INDArray expected, INDArray actual, double tolerance) {
        double distance = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(distance <= tolerance * expected.amaxNumber().doubleValue(), "largest difference " + distance);
    }
}
