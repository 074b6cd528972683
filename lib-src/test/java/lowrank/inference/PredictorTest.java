package lowrank.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class PredictorTest {
    /** Relative to the size of a row of outputs, in float after a dozen products. */
    private static final double FLOAT = 1e-5;
    /** Around the borders of blocks of rows, and 1 to 1,000. */
    private static final List<Integer> BATCHES =
            List.of(1, 2, 3, 7, 8, 9, 31, 32, 33, 40, 63, 64, 65, 97, 256, 257, 1000);

    private static final MlpSpec SPEC = new MlpSpec(12, List.of(9, 7, 11), 4);

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(7);
    }

    @Test
    void aNetworkOfTwoNeuronsIsComputedAsByHand() {
        MultiLayerNetwork network =
                network(DataType.FLOAT, dense(2, 2, Activation.RELU), output(2, 2, Activation.IDENTITY));
        set(network, 0, new float[][] {{1, -1}, {2, 3}}, 0.5f, -4);
        set(network, 1, new float[][] {{2, 1}, {10, -1}}, 100, 0);
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 1}, {0, 2}});
        // (1, 1): 1 + 2 + 0.5 = 3.5, and -1 + 3 - 4 = -2, cut to 0. (0, 2): 4 + 0.5 = 4.5, and 6 - 4 = 2.
        assertArrayEquals(
                new float[][] {{2 * 3.5f + 100, 3.5f}, {2 * 4.5f + 10 * 2 + 100, 4.5f - 2}},
                Predictor.of(network).output(x).toFloatMatrix());
    }

    @Test
    void softmaxSharesOutOneByTheExponentials() {
        MultiLayerNetwork network = network(DataType.FLOAT, output(1, 3, Activation.SOFTMAX));
        set(network, 0, new float[][] {{1, 2, 0}}, 0, 0, 0);
        INDArray probabilities =
                Predictor.of(network).output(Nd4j.createFromArray(new float[][] {{(float) Math.log(2)}}));
        assertArrayEquals(new float[] {2 / 7f, 4 / 7f, 1 / 7f}, probabilities.toFloatVector(), 1e-7f);
        INDArray large = Predictor.of(network).output(Nd4j.createFromArray(new float[][] {{1000}}));
        assertArrayEquals(new float[] {0, 1, 0}, large.toFloatVector(), "no exponential overflows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 1 2",
                "1 7 2",
                "5 1 1 3",
                "784 1 10",
                "3 33 17 2",
                "64 65 63 10",
                "20 1024 20 10",
                "1024 1024 7",
                "333 401 10 9000 5",
                "12 9001"
            })
    void equalsTheOutputOfDl4jAtEveryShape(String widths) {
        int[] width =
                List.of(widths.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
        for (boolean bias : new boolean[] {true, false}) {
            MultiLayerNetwork network = random(bias, width);
            for (int n : new int[] {1, 2, 5, 33, 70}) {
                INDArray x = Nd4j.rand(n, width[0]).subi(0.3);
                assertAgrees(network, Predictor.of(network), x);
            }
        }
    }

    @Test
    void equalsTheOutputOfDl4jAtEveryBatchSizeInBothOrders() {
        MultiLayerNetwork network = random(true, 50, 130, 10, 90, 10);
        Predictor predictor = Predictor.of(network);
        for (int n : BATCHES) {
            INDArray x = Nd4j.rand(n, 50).subi(0.3);
            assertAgrees(network, predictor, x.dup('c'));
            assertAgrees(network, predictor, x.dup('f'));
        }
    }

    @Test
    void readsViewsWhereTheyLie() {
        MultiLayerNetwork network = random(true, 6, 40, 3, 5);
        Predictor predictor = Predictor.of(network);
        for (int n : new int[] {1, 4, 70}) {
            INDArray wide = Nd4j.rand(2 * n + 1, 13);
            assertAgrees(network, predictor, wide.get(NDArrayIndex.interval(1, n + 1), NDArrayIndex.interval(2, 8)));
            assertAgrees(
                    network, predictor, wide.get(NDArrayIndex.interval(1, 2, 2 * n + 1), NDArrayIndex.interval(0, 6)));
            assertAgrees(network, predictor, wide.get(NDArrayIndex.interval(0, n), NDArrayIndex.interval(0, 2, 12)));
            assertAgrees(
                    network,
                    predictor,
                    Nd4j.rand(6, 9 + n)
                            .get(NDArrayIndex.all(), NDArrayIndex.interval(3, 3 + n))
                            .transpose());
            assertAgrees(
                    network,
                    predictor,
                    Nd4j.rand('f', 9 + n, 6).get(NDArrayIndex.interval(3, 3 + n), NDArrayIndex.all()));
            assertAgrees(
                    network, predictor, strided(Nd4j.rand(1, 6 + n), n, 6, 1, 1)); // each row a step behind the last
            assertAgrees(network, predictor, strided(Nd4j.rand(1, 6), n, 6, 0, 1));
            assertAgrees(network, predictor, strided(Nd4j.rand(1, n), n, 6, 1, 0));
        }
        MultiLayerNetwork narrow = random(true, 1, 4, 3);
        assertAgrees(
                narrow, Predictor.of(narrow), Nd4j.rand(70, 5).get(NDArrayIndex.all(), NDArrayIndex.interval(2, 3)));
    }

    @Test
    void leavesItsInputUnchanged() {
        Predictor predictor = Predictor.of(random(true, 6, 40, 5));
        for (INDArray x : List.of(
                Nd4j.rand(70, 6),
                Nd4j.rand('f', 70, 6),
                Nd4j.rand(70, 12).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 12)))) {
            INDArray before = x.dup();
            predictor.output(x);
            assertEquals(before, x);
        }
    }

    @Test
    void factorizedNetworksAreComputedWholeOrInPart() {
        for (List<Integer> ranks : List.of(List.of(1, 1, 1), List.of(9, 7, 7), List.of(4, 3, 2))) {
            MultiLayerNetwork low = FactorizedNetwork.random(SPEC, ranks, 1);
            assertAgrees(low, Predictor.of(low), Nd4j.rand(40, 12));
        }
        LowRankFactors middle =
                new LowRankFactors(Nd4j.rand(9, 2), Nd4j.rand(2, 7).subi(0.5));
        MultiLayerNetwork partly = FactorizedNetwork.partly(
                SPEC.create(1), List.of(Optional.empty(), Optional.of(middle), Optional.empty()));
        assertAgrees(partly, Predictor.of(partly), Nd4j.rand(40, 12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 300})
    void theNetworkOfTheReportIsComputedAtEveryRank(int rank) {
        MultiLayerNetwork low = FactorizedNetwork.random(MlpSpec.MNIST, List.of(rank, rank, rank, rank, rank), 1);
        Predictor predictor = Predictor.of(low);
        for (int n : new int[] {1, 16, 100}) {
            assertAgrees(low, predictor, Nd4j.rand(n, 784));
        }
    }

    @Test
    void aRowDoesNotDependOnThoseItCameWith() {
        Predictor predictor = Predictor.of(random(true, 50, 130, 10));
        INDArray x = Nd4j.rand(300, 50).subi(0.3);
        INDArray whole = predictor.output(x);
        for (int size : new int[] {1, 7, 32, 100}) {
            for (int from = 0; from < 300; from += size) {
                var rows = NDArrayIndex.interval(from, Math.min(300, from + size));
                assertClose(
                        whole.get(rows, NDArrayIndex.all()), predictor.output(x.get(rows, NDArrayIndex.all())), size);
            }
        }
    }

    @Test
    void whatOneInputLeavesBehindDoesNotReachTheNext() {
        Predictor predictor = Predictor.of(random(true, 6, 40, 5));
        for (int n : new int[] {1, 20}) {
            INDArray x = Nd4j.rand(n, 6);
            INDArray before = predictor.output(x);
            predictor.output(Nd4j.valueArrayOf(new long[] {n, 6}, Float.NaN));
            predictor.output(Nd4j.valueArrayOf(new long[] {n, 6}, Float.POSITIVE_INFINITY));
            assertEquals(before, predictor.output(x));
        }
    }

    @Test
    void notANumberGoesThrough() {
        MultiLayerNetwork network = random(true, 6, 40, 5);
        INDArray x = Nd4j.rand(3, 6).putScalar(1, 2, Float.NaN);
        INDArray output = Predictor.of(network).output(x);
        assertTrue(Float.isNaN(output.getFloat(1, 0)));
        assertFalse(Float.isNaN(output.getFloat(0, 0)));
        assertFalse(Float.isNaN(output.getFloat(2, 0)));
    }

    @Test
    void laterChangesOfTheNetworkDoNotReachIt() {
        MultiLayerNetwork network = random(true, 6, 40, 5);
        Predictor predictor = Predictor.of(network);
        INDArray x = Nd4j.rand(3, 6);
        INDArray before = predictor.output(x);
        network.params().assign(1);
        assertEquals(before, predictor.output(x));
    }

    @Test
    void threadsDoNotDisturbEachOther() {
        Predictor predictor = Predictor.of(random(true, 50, 130, 10));
        List<INDArray> inputs = IntStream.range(0, 6)
                .mapToObj(i -> Nd4j.rand(1 + 37 * i, 50).subi(0.3))
                .toList();
        List<INDArray> alone = inputs.stream().map(predictor::output).toList();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, 6)
                .mapToObj(i -> new Thread(() -> {
                    for (int round = 0; round < 100; round++) {
                        assertEquals(alone.get(i), predictor.output(inputs.get(i)));
                    }
                }))
                .toList();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((failed, error) -> failures.add(error)));
        threads.forEach(Thread::start);
        threads.forEach(PredictorTest::join);
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Test
    void aWorkspaceOfTheCallerHoldsNothingOfIt() {
        var configuration =
                WorkspaceConfiguration.builder().initialSize(1 << 20).build();
        MultiLayerNetwork network = random(true, 6, 40, 5);
        Predictor predictor;
        INDArray output;
        INDArray x = Nd4j.rand(3, 6);
        try (var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "predictor")) {
            predictor = Predictor.of(network);
            output = predictor.output(x);
            assertFalse(output.isAttached());
            assertTrue(Nd4j.create(1).isAttached(), "the caller's workspace is open again");
        }
        assertEquals(output, predictor.output(x));
    }

    @Test
    void noRowsInAreNoRowsOut() {
        INDArray output = Predictor.of(random(true, 6, 40, 5)).output(Nd4j.create(DataType.FLOAT, 0, 6));
        assertArrayEquals(new long[] {0, 5}, output.shape());
    }

    @Test
    void writesIntoTheArrayOfTheCaller() {
        MultiLayerNetwork network = random(true, 6, 40, 5);
        for (int n : new int[] {1, 70}) {
            INDArray around = Nd4j.ones(n + 2, 5);
            INDArray into = around.get(NDArrayIndex.interval(1, n + 1), NDArrayIndex.all());
            for (INDArray x : List.of(
                    Nd4j.rand(n, 6), Nd4j.rand(n, 12).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 12)))) {
                assertEquals(into, Predictor.of(network).output(x, into));
                assertClose(network.output(x.dup()), into, n);
                assertEquals(Nd4j.ones(5), around.getRow(0));
                assertEquals(Nd4j.ones(5), around.getRow(n + 1));
            }
        }
    }

    @Test
    void refusesAnArrayThatHasNoRoom() {
        Predictor predictor = Predictor.of(random(true, 6, 40, 5));
        INDArray x = Nd4j.rand(3, 6);
        String remedy = " has no room for 3 rows: give [3, 5] in 'c' order of type FLOAT, of at least one row";
        assertRefused(
                "an output of shape [2, 5], strides [5, 1] and type FLOAT" + remedy,
                () -> predictor.output(x, Nd4j.ones(2, 5)));
        assertRefused(
                "an output of shape [3, 5], strides [1, 3] and type FLOAT" + remedy,
                () -> predictor.output(x, Nd4j.ones(3, 5).dup('f')));
        assertRefused(
                "an output of shape [3, 5], strides [6, 1] and type FLOAT" + remedy,
                () -> predictor.output(x, Nd4j.ones(3, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5))));
        assertRefused(
                "an output of shape [3, 5], strides [5, 1] and type DOUBLE" + remedy,
                () -> predictor.output(x, Nd4j.ones(DataType.DOUBLE, 3, 5)));
        assertThrows(
                IllegalArgumentException.class,
                () -> predictor.output(Nd4j.create(DataType.FLOAT, 0, 6), Nd4j.create(DataType.FLOAT, 0, 5)));
    }

    @Test
    void refusesInputsThatDoNotFit() {
        Predictor predictor = Predictor.of(random(true, 6, 40, 5));
        assertRefused(
                "an input of shape [3, 7] does not fit the network: give [n, 6], a row for each example",
                () -> predictor.output(Nd4j.rand(3, 7)));
        assertRefused(
                "an input of shape [6] does not fit the network: give [n, 6], a row for each example",
                () -> predictor.output(Nd4j.rand(DataType.FLOAT, 6)));
        assertRefused(
                "an input of shape [3, 6, 1] does not fit the network: give [n, 6], a row for each example",
                () -> predictor.output(Nd4j.rand(3, 6, 1)));
        assertRefused(
                "an input of shape [3, 6] and type DOUBLE does not fit the network: give [n, 6] of type FLOAT, by"
                        + " castTo(DataType.FLOAT)",
                () -> predictor.output(Nd4j.rand(DataType.DOUBLE, 3, 6)));
    }

    @Test
    void computesNetworksWithActivationsLossAndDropoutAsLayers() {
        MultiLayerNetwork keras = network(
                DataType.FLOAT,
                dense(6, 40, Activation.IDENTITY),
                new ActivationLayer(Activation.RELU),
                new DropoutLayer(0.5),
                dense(40, 5, Activation.IDENTITY),
                new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build());
        MultiLayerNetwork bare = network(
                DataType.FLOAT,
                dense(6, 40, Activation.RELU),
                dense(40, 5, Activation.IDENTITY),
                new ActivationLayer(Activation.SOFTMAX));
        for (MultiLayerNetwork each : List.of(keras, bare)) {
            assertAgrees(each, Predictor.of(each), Nd4j.rand(DataType.FLOAT, 70, 6));
        }
    }

    @Test
    void refusesNetworksItCannotCompute() {
        Layer end = output(4, 2, Activation.SOFTMAX);
        assertNoPredictor(
                "the network computes in DOUBLE, which a predictor does not: call"
                        + " convertDataType(DataType.FLOAT) first, or use the network's own output",
                network(DataType.DOUBLE, dense(5, 4, Activation.RELU), end));
        assertNoPredictor(
                "layer 0 (layer0) has the activation tanh, where identity, relu is needed: use the network's own output",
                network(DataType.FLOAT, dense(5, 4, Activation.TANH), end));
        assertNoPredictor(
                "layer 0 (layer0) has the activation softmax, where identity, relu is needed: use the network's own output",
                network(DataType.FLOAT, dense(5, 4, Activation.SOFTMAX), end));
        assertNoPredictor(
                "layer 1 (layer1) has the activation sigmoid, where identity, relu or softmax is needed: use the network's"
                        + " own output",
                network(DataType.FLOAT, dense(5, 4, Activation.RELU), output(4, 2, Activation.SIGMOID)));
        assertNoPredictor(
                "layer 0 (layer0) has a layer norm: use the network's own output",
                network(
                        DataType.FLOAT,
                        new DenseLayer.Builder()
                                .nIn(5)
                                .nOut(4)
                                .activation(Activation.RELU)
                                .hasLayerNorm(true)
                                .build(),
                        end));
        assertNoPredictor(
                "layer 0 (layer0) has the weight noise DropConnect: use the network's own output",
                network(
                        DataType.FLOAT,
                        new DenseLayer.Builder()
                                .nIn(5)
                                .nOut(4)
                                .activation(Activation.RELU)
                                .weightNoise(new DropConnect(0.5))
                                .build(),
                        end));
        assertNoPredictor(
                "layer 2 (layer2) applies RELU to what SOFTMAX gave, where one of them is needed: use the network's own output",
                network(
                        DataType.FLOAT,
                        dense(5, 4, Activation.RELU),
                        dense(4, 2, Activation.SOFTMAX),
                        new ActivationLayer(Activation.RELU)));
        assertNoPredictor(
                "layer 0 (layer0) is a ActivationLayer, where a DenseLayer is needed: use the network's own output",
                network(DataType.FLOAT, new ActivationLayer(Activation.RELU), end));
        assertRefused(
                "the network has no weights yet: call init() first",
                () -> Predictor.of(new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder().list().layer(end).build())));
    }

    @Test
    void refusesAReluThatIsCapped() {
        MultiLayerNetwork capped = network(
                DataType.FLOAT,
                new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(4)
                        .activation(new ActivationReLU(6.0, null, null))
                        .build(),
                output(4, 2, Activation.SOFTMAX));
        var error = assertThrows(IllegalArgumentException.class, () -> Predictor.of(capped));
        assertTrue(error.getMessage().startsWith("layer 0 (layer0) has the activation relu"), error.getMessage());
    }

    @Test
    void refusesConvolutionsAndPreprocessors() {
        var convolution = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        convolution.init();
        assertNoPredictor(
                "layer 0 (layer0) is a ConvolutionLayer, where a DenseLayer is needed: use the network's own output",
                convolution);
        var images = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense(64, 4, Activation.RELU))
                .layer(output(4, 2, Activation.SOFTMAX))
                .inputPreProcessor(0, new CnnToFeedForwardPreProcessor(8, 8, 1))
                .build());
        images.init();
        assertNoPredictor(
                "layer 0 (layer0) has a CnnToFeedForwardPreProcessor before it: use the network's own output", images);
    }

    private static void assertNoPredictor(String message, MultiLayerNetwork network) {
        assertRefused(message, () -> Predictor.of(network));
    }

    private static void assertRefused(String message, Runnable attempt) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
    }

    private static void assertAgrees(MultiLayerNetwork network, Predictor predictor, INDArray x) {
        INDArray expected = network.output(x.dup());
        INDArray found = predictor.output(x);
        assertArrayEquals(expected.shape(), found.shape());
        assertEquals('c', found.ordering());
        assertClose(expected, found, x.rows());
    }

    private static void assertClose(INDArray expected, INDArray found, int n) {
        for (int row = 0; row < expected.rows(); row++) {
            INDArray want = expected.getRow(row);
            double distance = want.sub(found.getRow(row)).norm2Number().doubleValue()
                    / want.norm2Number().doubleValue();
            assertTrue(distance < FLOAT, distance + " in row " + row + " of " + n);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static INDArray strided(INDArray numbers, int rows, int columns, int rowStride, int columnStride) {
        return Nd4j.create(numbers.data(), new long[] {rows, columns}, new long[] {rowStride, columnStride}, 0, 'c');
    }

    /** ReLU layers of these widths, then softmax; weights that keep the size of signals, biases of either sign. */
    private static MultiLayerNetwork random(boolean bias, int... width) {
        Layer[] layers = IntStream.range(1, width.length)
                .mapToObj(i -> {
                    FeedForwardLayer.Builder<?> builder = i == width.length - 1
                            ? new OutputLayer.Builder(LossFunction.MSE)
                                    .hasBias(bias)
                                    .activation(Activation.SOFTMAX)
                            : new DenseLayer.Builder().hasBias(bias).activation(Activation.RELU);
                    return builder.nIn(width[i - 1]).nOut(width[i]).build();
                })
                .toArray(Layer[]::new);
        MultiLayerNetwork network = network(DataType.FLOAT, layers);
        network.params().assign(Nd4j.randn(network.params().shape()));
        for (int i = 0; i < layers.length; i++) {
            LayerWeights.weights(network, i).muli(Math.sqrt(2.0 / width[i]));
        }
        return network;
    }

    private static MultiLayerNetwork network(DataType type, Layer... layers) {
        var builder = new NeuralNetConfiguration.Builder().dataType(type).list();
        for (Layer layer : layers) {
            builder.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(builder.build());
        network.init();
        return network;
    }

    private static DenseLayer dense(int inputs, int outputs, Activation activation) {
        return new DenseLayer.Builder()
                .nIn(inputs)
                .nOut(outputs)
                .activation(activation)
                .build();
    }

    private static OutputLayer output(int inputs, int outputs, Activation activation) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(inputs)
                .nOut(outputs)
                .activation(activation)
                .build();
    }

    private static void set(MultiLayerNetwork network, int layer, float[][] weights, float... bias) {
        LayerWeights.weights(network, layer).assign(Nd4j.createFromArray(weights));
        LayerWeights.bias(network, layer).assign(Nd4j.createFromArray(bias));
    }
}
