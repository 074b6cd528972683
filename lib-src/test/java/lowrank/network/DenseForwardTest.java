package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DenseForwardTest {
    /** Float, a handful of products of some ten terms. */
    private static final double FLOAT = 1e-5;

    @Test
    void stepsOfALayerCanBeWorkedOutByHand() {
        MultiLayerNetwork network = new MlpSpec(2, List.of(3), 2).create(1);
        LayerWeights.weights(network, 0).assign(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}));
        LayerWeights.bias(network, 0).assign(Nd4j.createFromArray(new float[][] {{0, -1, 1}}));
        INDArray z = DenseForward.preActivation(network, 0, Nd4j.createFromArray(new float[][] {{1, -1}}));
        assertArrayEquals(new float[] {-3, -4, -2}, z.toFloatVector());
        z.putScalar(1, 4);
        assertArrayEquals(
                new float[] {0, 4, 0},
                DenseForward.activation(network, 0, z.dup()).toFloatVector());
        assertArrayEquals(
                new float[] {0, 7, 0},
                DenseForward.backward(network, 0, z, Nd4j.createFromArray(new float[][] {{5, 7, 9}}))
                        .toFloatVector());
    }

    @ParameterizedTest
    @EnumSource(names = {"RELU", "TANH", "LEAKYRELU", "SIGMOID", "IDENTITY"})
    void forwardAndBackwardAreThoseOfDl4j(Activation activation) {
        MultiLayerNetwork network = network(activation);
        Nd4j.getRandom().setSeed(1);
        network.params().assign(Nd4j.randn(network.params().shape()));
        INDArray x = Nd4j.randn(1, 6);
        List<INDArray> expected = network.feedForward(x, false);
        INDArray z0 = DenseForward.preActivation(network, 0, x);
        INDArray h0 = DenseForward.activation(network, 0, z0.dup());
        INDArray z1 = DenseForward.preActivation(network, 1, h0);
        INDArray h1 = DenseForward.activation(network, 1, z1.dup());
        INDArray p = DenseForward.activation(network, 2, DenseForward.preActivation(network, 2, h1));
        assertClose(expected.get(1), h0);
        assertClose(expected.get(2), h1);
        assertClose(network.output(x), p);
        assertClose(
                network.output(x),
                DenseForward.passed(network, 2, DenseForward.passed(network, 1, DenseForward.passed(network, 0, x))));

        INDArray label = Nd4j.createFromArray(new float[][] {{0, 1, 0}});
        network.setInput(x);
        network.setLabels(label);
        network.computeGradientAndScore();
        INDArray d1 = DenseForward.backward(
                network,
                1,
                z1,
                p.sub(label).mmul(LayerWeights.weights(network, 2).transpose()));
        assertClose(network.gradient().getGradientFor("1_W"), h0.transpose().mmul(d1));
        INDArray d0 = DenseForward.backward(
                network, 0, z0, d1.mmul(LayerWeights.weights(network, 1).transpose()));
        assertClose(network.gradient().getGradientFor("0_W"), x.transpose().mmul(d0));
    }

    @Test
    void tellsAPlainReluFromOthers() {
        assertTrue(DenseForward.isRelu(network(Activation.RELU), 0));
        assertFalse(DenseForward.isRelu(network(Activation.LEAKYRELU), 0));
        assertFalse(DenseForward.isRelu(new ActivationReLU(6.0, null, null)));
        assertFalse(DenseForward.isRelu(network(Activation.RELU), 2));
    }

    @Test
    void layersOfOtherKindsAndWhatStandsBeforeThemGoAsInOutput() {
        var layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(2)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(5)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(5, 5, 1))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(layers);
        network.init();
        INDArray x = Nd4j.rand(4, 1, 5, 5);
        INDArray before = x.dup();
        INDArray maps = DenseForward.passed(network, 0, x);
        assertClose(network.feedForward(x).get(1), maps);
        INDArray flat = DenseForward.preprocessed(network, 1, maps);
        assertArrayEquals(new long[] {4, 2 * 3 * 3}, flat.shape());
        assertClose(network.output(x), DenseForward.passed(network, 2, DenseForward.passed(network, 1, flat)));
        assertEquals(before, x);
    }

    /** Its second layer has no bias. */
    private static MultiLayerNetwork network(Activation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(5)
                        .activation(activation)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(7)
                        .activation(activation)
                        .hasBias(false)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(7)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        double distance = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(
                distance <= FLOAT * Math.max(1, expected.amaxNumber().doubleValue()), "largest difference " + distance);
    }
}
