package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import lowrank.data.DigitSet;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class TeacherTest {
    /** Probabilities in float after a power and a division. */
    private static final float FLOAT = 1e-5f;

    @Test
    void temperatureTwoTurnsNineToOneIntoThreeToOne() {
        DataSet taught = new Teacher(always(0.9, 0.1), 2).teach(batch(1, 3, 2));
        assertArrayEquals(new float[] {0.75f, 0.25f}, taught.getLabels().toFloatVector(), FLOAT);
    }

    @Test
    void temperatureOneTellsTheOutputs() {
        MultiLayerNetwork network = random();
        DataSet batch = batch(8, 5, 4);
        assertClose(
                network.output(batch.getFeatures()),
                new Teacher(network, 1).teach(batch).getLabels());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 5, 20})
    void targetsAreTheSoftmaxOfTheLogitsDividedByTheTemperature(double temperature) {
        MultiLayerNetwork network = random();
        DataSet batch = batch(8, 5, 4);
        INDArray hidden = DenseForward.passed(network, 0, batch.getFeatures());
        INDArray logits = DenseForward.preActivation(network, 1, hidden);
        INDArray targets = new Teacher(network, temperature).teach(batch).getLabels();
        assertClose(Transforms.softmax(logits.div(temperature), true), targets);
        assertClose(Nd4j.ones(8, 1), targets.sum(true, 1));
    }

    @Test
    void classThatIsRuledOutStaysRuledOut() {
        DataSet taught = new Teacher(always(1, 0), 4).teach(batch(1, 3, 2)); // no 0/0, no NaN
        assertArrayEquals(new float[] {1, 0}, taught.getLabels().toFloatVector(), FLOAT);
    }

    @Test
    void teachesTheSameImagesWithoutTheirLabelsAndWithoutLearning() {
        MultiLayerNetwork network = random();
        float[] before = network.params().toFloatVector();
        DataSet batch = batch(8, 5, 4);
        INDArray images = batch.getFeatures().dup();
        INDArray labels = batch.getLabels().dup();
        DataSet taught = new Teacher(network, 3).teach(batch);
        assertSame(batch.getFeatures(), taught.getFeatures());
        assertEquals(images, batch.getFeatures());
        assertEquals(labels, batch.getLabels());
        assertArrayEquals(before, network.params().toFloatVector());
    }

    @Test
    void targetsOfASetAreThoseOfItsBatchesInItsOrder() {
        MultiLayerNetwork network = new MlpSpec(DigitSet.PIXELS, List.of(6), DigitSet.CLASSES).create(1);
        DigitSet set = digits(2_003);
        Teacher teacher = new Teacher(network, 2);
        INDArray targets = teacher.targets(set);
        assertArrayEquals(new long[] {2_003, DigitSet.CLASSES}, targets.shape());
        for (int row : new int[] {0, 999, 1_000, 1_999, 2_002}) {
            assertClose(teacher.teach(set.batch(new int[] {row}, 0)).getLabels(), targets.getRow(row, true));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.999, 0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesATemperatureBelowOneOrWithoutEnd(double temperature) {
        MultiLayerNetwork network = random();
        var error = assertThrows(IllegalArgumentException.class, () -> new Teacher(network, temperature));
        assertEquals("temperature is " + temperature + ", the range is 1 or above", error.getMessage());
    }

    private static DigitSet digits(int size) {
        byte[] pixels = new byte[size * DigitSet.PIXELS];
        new Random(1).nextBytes(pixels);
        return new DigitSet(pixels, new byte[size]);
    }

    /** A network that answers so whatever it sees. */
    private static MultiLayerNetwork always(double first, double second) {
        MultiLayerNetwork network = new MlpSpec(3, List.of(4), 2).create(1);
        LayerWeights.weights(network, 1).assign(0);
        LayerWeights.bias(network, 1).assign(Nd4j.createFromArray(new float[][] {
            {(float) Math.log(first), (float) Math.max(-200, Math.log(second))}
        }));
        return network;
    }

    private static MultiLayerNetwork random() {
        MultiLayerNetwork network = new MlpSpec(5, List.of(7), 4).create(1);
        Nd4j.getRandom().setSeed(4);
        network.params().assign(Nd4j.randn(network.params().shape()));
        return network;
    }

    private static DataSet batch(int size, int inputs, int classes) {
        Nd4j.getRandom().setSeed(5);
        return new DataSet(Nd4j.rand(size, inputs), Nd4j.ones(size, classes).divi(classes));
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        double distance = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(distance <= FLOAT, "largest difference " + distance);
    }
}
