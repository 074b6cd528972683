package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.norm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class OutputSensitivityTest {
    /** Of the class itself. */
    private static final double TEMPERATURE = 4;
    /** Of a second moment over 10,000 draws: some 2 %, with room. */
    private static final double DRAWN = 0.06;

    @Test
    void overAllSignsTheVectorsHaveExactlyTheCovarianceOfDrawnLabels() {
        float[] p = {0.5f, 0.3f, 0.2f};
        INDArray rows = Nd4j.createFromArray(p).reshape(1, 3).repeat(0, 8);
        INDArray drawn = OutputSensitivity.drawn(rows, new Random() {
            private int next;

            @Override
            public boolean nextBoolean() { // row i has the binary digits of i
                int bit = next / 3 >> next % 3 & 1;
                next++;
                return bit == 1;
            }
        });
        assertClose(covariance(p), second(drawn), 1e-6);
        assertClose(Nd4j.zeros(1, 3), drawn.mean(true, 0), 1e-6);
        assertClose(Nd4j.zeros(8, 1), drawn.sum(true, 1), 1e-6);
    }

    @Test
    void drawnVectorsHaveTheCovarianceOfDrawnLabels() {
        float[] p = {0.9f, 0.06f, 0.03f, 0.01f};
        for (char order : new char[] {'c', 'f'}) {
            INDArray drawn = OutputSensitivity.drawn(
                    Nd4j.createFromArray(p).reshape(1, 4).repeat(0, 10_000).dup(order), new Random(3));
            double off = norm(covariance(p).sub(second(drawn)));
            assertTrue(off < DRAWN * norm(covariance(p)), "off by " + off);
        }
    }

    @Test
    void covarianceOfATinyNetworkIsThatByHand() {
        MultiLayerNetwork network = new MlpSpec(1, List.of(3), 2).create(1);
        LayerWeights.weights(network, 0).assign(Nd4j.createFromArray(new float[][] {{1, 1, -1}}));
        LayerWeights.weights(network, 1).assign(Nd4j.createFromArray(new float[][] {{1, -1}, {-2, 2}, {5, 5}}));
        LayerWeights.bias(network, 1)
                .assign(Nd4j.createFromArray(new float[][] {{1, -1}})); // cancels what the weights add
        List<INDArray> g = sensitivities(network, List.of(Nd4j.ones(DataType.FLOAT, 10_000, 1)));
        // Hidden 1, 1, 0: logits 0, 0, so both classes have probability 1/2 and the gradient there is ±(c, −c) with E
        // c² = 1/4.
        // Before the ReLU that is c (2, −4, 0): the third neuron is off.
        INDArray expected = Nd4j.createFromArray(new double[][] {{4, -8, 0}, {-8, 16, 0}, {0, 0, 0}})
                .div(4);
        assertEquals(2, g.size());
        INDArray atLogits =
                Nd4j.createFromArray(new double[][] {{1, -1}, {-1, 1}}).div(4);
        assertClose(atLogits, g.get(1), DRAWN);
        assertTrue(
                norm(expected.sub(g.get(0))) < DRAWN * norm(expected), g.get(0).toString());
        assertEquals(-2, g.get(0).getDouble(0, 1) / g.get(0).getDouble(0, 0), 1e-5);
        assertEquals(0, g.get(0).getDouble(2, 2));
    }

    @Test
    void itIsTheFisherInformationOfDl4jsOwnGradients() {
        MultiLayerNetwork network = network(Activation.TANH);
        INDArray x = Nd4j.createFromArray(new float[][] {{0.3f, -1, 0.5f, 2}, {1, 1, -0.4f, 0}});
        List<INDArray> g = sensitivities(network, List.of(x.repeat(0, 10_000)));
        MultiLayerNetwork soft = network.clone(); // of logits divided by the temperature
        soft.getLayer(2).params().divi(TEMPERATURE);
        for (int layer = 0; layer < 2; layer++) {
            INDArray expected = Nd4j.zeros(DataType.DOUBLE, g.get(layer).shape());
            for (int row = 0; row < 2; row++) {
                INDArray p = soft.output(x.getRow(row, true));
                for (int label = 0; label < 3; label++) {
                    soft.setInput(x.getRow(row, true));
                    soft.setLabels(Nd4j.zeros(DataType.FLOAT, 1, 3).putScalar(0, label, 1));
                    soft.computeGradientAndScore();
                    INDArray bias = soft.gradient()
                            .getGradientFor(layer + "_b")
                            .reshape(1, -1)
                            .castTo(DataType.DOUBLE)
                            .mul(TEMPERATURE);
                    expected.addi(bias.transpose().mmul(bias).mul(p.getDouble(0, label) / 2));
                }
            }
            double off = norm(expected.sub(g.get(layer)));
            assertTrue(off < DRAWN * norm(expected), "layer " + layer + " is off by " + off + " of " + norm(expected));
        }
    }

    @Test
    void batchesAndRunsMakeNoDifferenceAndNothingIsModified() {
        MultiLayerNetwork network = network(Activation.RELU);
        INDArray x = Nd4j.rand(DataType.FLOAT, 30, 4);
        INDArray before = x.dup();
        float[] parameters = network.params().toFloatVector();
        List<INDArray> whole = sensitivities(network, List.of(x));
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(
                    whole.get(layer).toDoubleMatrix(),
                    sensitivities(network, List.of(x)).get(layer).toDoubleMatrix());
        }
        List<INDArray> rows =
                IntStream.range(0, 30).mapToObj(i -> x.getRow(i, true)).toList();
        List<INDArray> apart = sensitivities(network, rows);
        for (int layer = 0; layer < 2; layer++) {
            assertClose(whole.get(layer), apart.get(layer), 1e-6);
            assertEquals(DataType.DOUBLE, whole.get(layer).dataType());
        }
        assertEquals(before, x);
        assertArrayEquals(parameters, network.params().toFloatVector());
    }

    @Test
    void factorsServeInPlaceOfTheWeights() {
        MultiLayerNetwork network = network(Activation.RELU);
        INDArray x = Nd4j.rand(DataType.FLOAT, 30, 4);
        LowRankFactors factors =
                TruncatedSvd.of(LayerWeights.weights(network, 1), 2).balancedFactors();
        INDArray bias = LayerWeights.bias(network, 1).dup().addi(1);
        List<INDArray> factored = OutputSensitivity.of(
                network, List.of(Optional.empty(), Optional.of(new FactorsWithBias(factors, bias))), List.of(x));
        LayerWeights.weights(network, 1).assign(factors.product());
        LayerWeights.bias(network, 1).assign(bias);
        List<INDArray> whole = OutputSensitivity.of(network, List.of(x));
        for (int layer = 0; layer < 2; layer++) {
            assertClose(whole.get(layer), factored.get(layer), 1e-5);
        }
    }

    @Test
    void refusesWhatGradientsAreNotFollowedThrough() {
        var layers = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(new BatchNormalization.Builder().nIn(5).nOut(5).build());
        MultiLayerNetwork between = new MultiLayerNetwork(layers.layer(new OutputLayer.Builder()
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        assertEquals(
                "layer 1 (layer1), BatchNormalization, is not dense: the loss gradient is followed through dense layers and a"
                        + " softmax only; ask for SEQUENTIAL",
                refusal(between));
        MultiLayerNetwork sigmoid = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        assertEquals(
                "layer 1 (layer1), OutputLayer, is no softmax output: the loss gradient is followed through dense layers and a"
                        + " softmax only; ask for SEQUENTIAL",
                refusal(sigmoid));
        OutputSensitivity.requireDense(network(Activation.TANH));
    }

    private static List<INDArray> sensitivities(MultiLayerNetwork network, List<INDArray> batches) {
        return OutputSensitivity.of(network, batches).stream()
                .map(GramTest::symmetric)
                .toList();
    }

    private static String refusal(MultiLayerNetwork network) {
        network.init();
        return assertThrows(IllegalArgumentException.class, () -> OutputSensitivity.requireDense(network))
                .getMessage();
    }

    private static MultiLayerNetwork network(Activation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .activation(activation)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(5)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        Nd4j.getRandom().setSeed(2);
        network.params().assign(Nd4j.randn(network.params().shape()));
        return network;
    }

    private static INDArray covariance(float[] p) {
        INDArray row = Nd4j.createFromArray(p).reshape(1, p.length).castTo(DataType.DOUBLE);
        return Nd4j.diag(row.reshape(p.length)).sub(row.transpose().mmul(row));
    }

    private static INDArray second(INDArray rows) {
        INDArray wide = rows.castTo(DataType.DOUBLE);
        return wide.transpose().mmul(wide).div(rows.rows());
    }
}
