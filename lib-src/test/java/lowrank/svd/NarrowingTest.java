package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.inverse.InvertMatrix;

class NarrowingTest {
    /** Of probabilities, after a fit with a small ridge. */
    private static final double FIT = 2e-3;

    private static final MlpSpec SPEC = new MlpSpec(12, List.of(20, 18, 16), 4);

    private final MultiLayerNetwork network = biased(SPEC.create(1));
    private final INDArray images = uniform(400, 12, 5);

    @TempDir
    Path folder;

    @Test
    void fourNeuronsByHand() {
        // Two twins, one with a third of their variance, one that never changes; all are worth as much to the next
        // layer.
        INDArray c = Nd4j.createFromArray(new double[][] {{3, 3, 0, 0}, {3, 3, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 0}});
        NeuronOrder order = NeuronOrder.of(c, Nd4j.ones(DataType.DOUBLE, 4, 1));
        assertArrayEquals(new int[] {0, 2, 1, 3}, order.order());
        // z = h1 + h2 + h3 varies by 4 · 3 + 1; a twin predicts the other; the third is apart.
        assertArrayEquals(new double[] {13, 1, 0, 0, 0}, order.losses(), 0.02);
    }

    @Test
    void eachNextNeuronIsTheBestOfAllThatAreLeft() {
        INDArray a = Nd4j.createFromArray(new Random(3).doubles(60 * 7).toArray())
                .reshape(60, 7)
                .subi(0.5);
        INDArray mixed =
                a.mmul(Nd4j.createFromArray(new Random(4).doubles(49).toArray()).reshape(7, 7));
        INDArray c = Nd4j.gemm(mixed, mixed, true, false).divi(60);
        INDArray w = Nd4j.createFromArray(new Random(5).doubles(21).toArray())
                .reshape(7, 3)
                .subi(0.5);
        NeuronOrder order = NeuronOrder.of(c, w);
        double[] losses = order.losses();
        for (int k = 0; k < 4; k++) {
            int taken = k;
            int[] before = Arrays.copyOf(order.order(), k);
            double least = IntStream.range(0, 7)
                    .filter(j -> Arrays.stream(before).noneMatch(b -> b == j))
                    .mapToDouble(j -> loss(
                            c,
                            w,
                            IntStream.concat(Arrays.stream(before), IntStream.of(j))
                                    .toArray()))
                    .min()
                    .orElseThrow();
            double next = loss(c, w, Arrays.copyOf(order.order(), k + 1));
            assertEquals(least, next, 1e-9, () -> "neuron " + (taken + 1));
            assertEquals(next, losses[k + 1], 0.02 * losses[0]);
        }
    }

    /** What is left of the variance of h W if it is predicted from some of h: the definition, by least squares. */
    private static double loss(INDArray c, INDArray w, int[] kept) {
        double floor = 1e-3 * Nd4j.diag(c).meanNumber().doubleValue();
        INDArray part = Nd4j.pullRows(c, 1, kept);
        INDArray own = Nd4j.pullRows(part, 0, kept)
                .addi(Nd4j.eye(kept.length).castTo(DataType.DOUBLE).muli(floor));
        INDArray x = part.mmul(w);
        INDArray fitted = InvertMatrix.invert(own, false).mmul(x);
        return w.mul(c.mmul(w)).sumNumber().doubleValue()
                - fitted.mul(x).sumNumber().doubleValue();
    }

    @Test
    void allNeuronsGiveTheSameNetwork() {
        try (ActivationAware aware = ActivationAware.of(network, images)) {
            MultiLayerNetwork same = aware.narrow(List.of(20, 18, 16));
            assertArrayEquals(network.params().toFloatVector(), same.params().toFloatVector(), 1e-6f);
            NetworkShape whole = new NetworkShape(List.of(20, 18, 16), List.of(12, 18, 16));
            assertClose(network.output(images), aware.compress(whole).output(images), 1e-4);
        }
    }

    @Test
    void twinsAreLeftOutWithoutLoss() {
        MultiLayerNetwork twice = new MlpSpec(12, List.of(40, 18, 16), 4).create(1);
        for (int i = 0; i < network.getnLayers(); i++) {
            INDArray w = LayerWeights.weights(network, i);
            INDArray bias = LayerWeights.bias(network, i);
            LayerWeights.weights(twice, i)
                    .assign(
                            i == 0
                                    ? Nd4j.hstack(w, w)
                                    : i == 1 ? Nd4j.vstack(w, w).muli(0.5) : w);
            LayerWeights.bias(twice, i).assign(i == 0 ? Nd4j.hstack(bias.reshape(1, 20), bias.reshape(1, 20)) : bias);
        }
        try (ActivationAware aware = ActivationAware.of(twice, images)) {
            assertClose(
                    network.output(images), aware.narrow(List.of(20, 18, 16)).output(images), FIT);
        }
    }

    @Test
    void theOrderOfNeuronsChangesNothing() {
        MultiLayerNetwork turned = network.clone();
        int[] backwards = IntStream.range(0, 20).map(i -> 19 - i).toArray();
        LayerWeights.weights(turned, 0).assign(Nd4j.pullRows(LayerWeights.weights(network, 0), 0, backwards));
        LayerWeights.bias(turned, 0)
                .assign(Nd4j.pullRows(LayerWeights.bias(network, 0).reshape(1, 20), 0, backwards));
        LayerWeights.weights(turned, 1).assign(Nd4j.pullRows(LayerWeights.weights(network, 1), 1, backwards));
        List<Integer> widths = List.of(11, 9, 8);
        try (ActivationAware aware = ActivationAware.of(network, images);
                ActivationAware other = ActivationAware.of(turned, images)) {
            assertClose(
                    aware.narrow(widths).output(images), other.narrow(widths).output(images), 1e-4);
        }
    }

    @Test
    void neuronThatNeverChangesIsLeftOutFirstAndThatIsTold() {
        LayerWeights.weights(network, 1).getColumn(3).assign(0);
        LayerWeights.bias(network, 1).putScalar(3, 2);
        try (ActivationAware aware = ActivationAware.of(network, images)) {
            long constant = network.feedForwardToLayer(1, images)
                    .get(2)
                    .std(0)
                    .lt(1e-9)
                    .castTo(DataType.INT32)
                    .sumNumber()
                    .longValue();
            assertTrue(constant > 0);
            assertEquals(
                    "layer 1 (layer1): " + constant
                            + " of 18 neurons are the same for all images; they are left out first",
                    aware.narrowingRemarks().get(0));
            assertClose(
                    network.output(images), aware.narrow(List.of(20, 17, 16)).output(images), FIT);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 20, 100, 200, 400})
    void shapeKeepsToItsBudgetAndTheNetworkHasIt(long above) {
        long parameters = 25 + above;
        try (ActivationAware aware = ActivationAware.of(network, images)) {
            NetworkShape shape = aware.shape(new RankBudget(parameters));
            MultiLayerNetwork small = aware.compress(shape);
            assertTrue(small.numParams() <= parameters, shape + " has " + small.numParams());
            assertEquals(images.rows(), small.output(images).rows());
        }
    }

    @Test
    void moreNumbersLoseLess() throws IOException {
        double before = Double.POSITIVE_INFINITY;
        try (ActivationAware aware = ActivationAware.of(network, images)) {
            for (long parameters : new long[] {150, 300, 600}) {
                MultiLayerNetwork small = aware.compress(aware.shape(new RankBudget(parameters)));
                double error = small.output(images).distance2(network.output(images));
                assertTrue(error < before, parameters + " numbers: " + error + ", with fewer " + before);
                before = error;
                Path file = folder.resolve(parameters + ".zip");
                ModelFile.save(small, file, Precision.FLOAT32);
                INDArray loaded = MultiLayerNetwork.load(file.toFile(), false).output(images);
                assertClose(small.output(images), loaded, 1e-6);
            }
        }
    }

    @Test
    void onceClosedNothingIsNarrowed() {
        ActivationAware aware = ActivationAware.of(network, images);
        List<Integer> widths = List.of(5, 5, 5);
        MultiLayerNetwork made = aware.narrow(widths);
        INDArray output = made.output(images);
        aware.close();
        assertClose(output, made.output(images), 0);
        assertThrows(IllegalStateException.class, () -> aware.narrow(widths));
        assertThrows(IllegalStateException.class, () -> aware.shape(new RankBudget(100)));
    }

    @Test
    void layerBeforeASoftmaxStaysWhole() {
        var layers = new NeuralNetConfiguration.Builder().seed(1).list();
        layers.layer(new DenseLayer.Builder()
                .nIn(12)
                .nOut(9)
                .activation(Activation.SOFTMAX)
                .build());
        layers.layer(new DenseLayer.Builder()
                .nIn(9)
                .nOut(8)
                .activation(Activation.TANH)
                .build());
        layers.layer(new OutputLayer.Builder()
                .nIn(8)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build());
        var soft = new MultiLayerNetwork(layers.build());
        soft.init();
        try (ActivationAware aware = ActivationAware.of(soft, images)) {
            assertEquals(
                    List.of("layer 0 (layer0) keeps all its neurons: a softmax follows it"), aware.narrowingRemarks());
            assertEquals(9, aware.shape(new RankBudget(180)).widths().get(0));
            refused(
                    "a budget of 40 parameters is below 46, which one neuron in each hidden layer needs",
                    () -> aware.shape(new RankBudget(40)));
            refused(
                    "width 8 for layer 0 (layer0): a softmax follows it, so keep all 9",
                    () -> aware.narrow(List.of(8, 8)));
            assertEquals(8, LayerWeights.weights(aware.narrow(List.of(9, 4)), 0).columns() - 1);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (ActivationAware aware = ActivationAware.of(network, images);
                ActivationAware without = ActivationAware.of(network, images, AwareStep.SEQUENTIAL)) {
            refused("2 widths for 3 hidden layers: give one per layer", () -> aware.narrow(List.of(5, 5)));
            refused(
                    "width 0 for layer 1 (layer1): give 1 to 18, as many as it has",
                    () -> aware.narrow(List.of(5, 0, 5)));
            refused(
                    "width 21 for layer 0 (layer0): give 1 to 20, as many as it has",
                    () -> aware.narrow(List.of(21, 5, 5)));
            refused(
                    "a budget of 24 parameters is below 25, which one neuron in each hidden layer needs",
                    () -> aware.shape(new RankBudget(24)));
            refused(
                    "neurons are chosen by what the loss depends on: ask for TWO_SIDED or REVISITED, not SEQUENTIAL",
                    () -> without.narrow(List.of(5, 5, 5)));
        }
    }

    private static void refused(String message, Executable attempt) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, attempt).getMessage());
    }

    private static MultiLayerNetwork biased(MultiLayerNetwork network) {
        for (int i = 0; i < network.getnLayers(); i++) {
            INDArray bias = LayerWeights.bias(network, i);
            bias.assign(uniform(1, (int) bias.length(), i).reshape(bias.shape()).muli(0.3));
        }
        return network;
    }

    private static INDArray uniform(int rows, int columns, long seed) {
        return Nd4j.createFromArray(
                        new Random(seed).doubles((long) rows * columns, -1, 1).toArray())
                .castTo(DataType.FLOAT)
                .reshape(rows, columns);
    }
}
