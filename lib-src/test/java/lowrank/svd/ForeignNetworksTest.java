package lowrank.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import lowrank.network.FactorizedNetwork;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks as other frameworks and other people shape them. */
class ForeignNetworksTest {
    /** Float outputs after a handful of products. */
    private static final double FLOAT = 1e-4;

    private static final INDArray IMAGES = Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(3), 400, 20);

    private static DenseLayer dense(int in, int out, Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    private static OutputLayer output(int in, Activation activation) {
        return new OutputLayer.Builder(activation == Activation.SIGMOID ? LossFunction.XENT : LossFunction.MCXENT)
                .nIn(in)
                .nOut(3)
                .activation(activation)
                .build();
    }

    private static LossLayer loss(Activation activation) {
        return new LossLayer.Builder(LossFunction.MCXENT).activation(activation).build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        var builder = new NeuralNetConfiguration.Builder().seed(1).list();
        for (Layer each : layers) {
            builder.layer(each);
        }
        var network = new MultiLayerNetwork(builder.build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork plain() {
        return network(dense(20, 30, Activation.RELU), dense(30, 30, Activation.RELU), output(30, Activation.SOFTMAX));
    }

    /** The network of {@link #plain}, shaped as from Keras, four times. */
    private static List<MultiLayerNetwork> keras() {
        return List.of(
                network(
                        dense(20, 30, Activation.RELU),
                        dense(30, 30, Activation.RELU),
                        dense(30, 3, Activation.SOFTMAX),
                        loss(Activation.IDENTITY)),
                network(
                        dense(20, 30, Activation.IDENTITY),
                        new ActivationLayer(Activation.RELU),
                        new DropoutLayer(0.5),
                        dense(30, 30, Activation.IDENTITY),
                        new ActivationLayer(Activation.RELU),
                        dense(30, 3, Activation.IDENTITY),
                        loss(Activation.SOFTMAX)),
                network(
                        dense(20, 30, Activation.RELU),
                        dense(30, 30, Activation.RELU),
                        dense(30, 3, Activation.IDENTITY),
                        new ActivationLayer(Activation.SOFTMAX)),
                network(
                        dense(20, 30, Activation.RELU),
                        dense(30, 30, Activation.RELU),
                        dense(30, 3, Activation.SOFTMAX)));
    }

    private static double distance(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    private static void assertSame(MultiLayerNetwork a, MultiLayerNetwork b) {
        assertArrayEquals(a.params().toFloatVector(), b.params().toFloatVector());
        assertEquals(
                a.getLayerWiseConfigurations().toJson(),
                b.getLayerWiseConfigurations().toJson());
    }

    @Test
    void networksShapedAsFromKerasAreTruncated() {
        for (MultiLayerNetwork each : keras()) {
            assertEquals(List.of(6, 6), FactorizedNetwork.ranks(NetworkSvd.truncate(each, 6)));
            assertTrue(distance(
                            each.output(IMAGES),
                            NetworkSvd.of(each).atFullRank().output(IMAGES))
                    < FLOAT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyAreCompressedWithAwarenessAsTheSameNetworkShapedAsOurs(AwareStep awareness) {
        MultiLayerNetwork plain = plain();
        INDArray expected =
                ActivationAware.of(plain, IMAGES, awareness).compress(6).output(IMAGES);
        for (MultiLayerNetwork each : keras()) {
            each.setParams(plain.params().dup());
            assertTrue(distance(plain.output(IMAGES), each.output(IMAGES)) < FLOAT);
            INDArray found =
                    ActivationAware.of(each, IMAGES, awareness).compress(6).output(IMAGES);
            assertTrue(distance(expected, found) < FLOAT, "by " + distance(expected, found));
        }
    }

    @Test
    void whereGradientsAreNotFollowedSequentialIsOfferedAndWorks() {
        MultiLayerNetwork normed = network(
                dense(20, 30, Activation.RELU),
                new BatchNormalization.Builder().nIn(30).nOut(30).build(),
                dense(30, 30, Activation.RELU),
                output(30, Activation.SOFTMAX));
        MultiLayerNetwork sigmoid =
                network(dense(20, 30, Activation.RELU), dense(30, 30, Activation.RELU), output(30, Activation.SIGMOID));
        for (MultiLayerNetwork each : List.of(normed, sigmoid)) {
            var error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(each, IMAGES));
            assertTrue(error.getMessage().endsWith("ask for SEQUENTIAL"), error.getMessage());
            MultiLayerNetwork small =
                    ActivationAware.of(each, IMAGES, AwareStep.SEQUENTIAL).compress(6);
            assertEquals(List.of(6, 6), FactorizedNetwork.ranks(small));
        }
    }

    @Test
    void embeddingsAndPoolingGoThrough() {
        MultiLayerNetwork words = network(
                new EmbeddingLayer.Builder().nIn(50).nOut(20).build(),
                dense(20, 30, Activation.TANH),
                output(30, Activation.SOFTMAX));
        INDArray indices = Nd4j.arange(40).castTo(DataType.FLOAT).reshape(40, 1);
        assertTrue(distance(
                        words.output(indices), NetworkSvd.of(words).atFullRank().output(indices))
                < FLOAT);
        assertEquals(
                List.of(5),
                FactorizedNetwork.ranks(
                        ActivationAware.of(words, indices, AwareStep.SEQUENTIAL).compress(5)));
        var pooled = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(12).build())
                .layer(new GlobalPoolingLayer())
                .layer(new DenseLayer.Builder().nOut(30).build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 1))
                .build());
        pooled.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 1, 6, 6);
        assertTrue(distance(pooled.output(x), NetworkSvd.of(pooled).atFullRank().output(x)) < FLOAT);
    }

    @Test
    void aRankThatSavesNothingLeavesTheLayerDenseAndItIsListed() {
        MultiLayerNetwork network = plain();
        MultiLayerNetwork small = NetworkSvd.of(network).truncate(List.of(12, 6));
        assertEquals(List.of(20, 6), FactorizedNetwork.ranks(small));
        assertEquals(
                List.of("layer 0 (layer0) is dense: factors of its [20, 30] matrix save numbers only below rank 12.0"),
                FactorizedNetwork.stayedDense(small));
        assertSame(network, NetworkSvd.truncate(network, 15));
        assertSame(network, ActivationAware.of(network, IMAGES).compress(15));
    }

    @Test
    void oneNarrowLayerStaysAsItIsAndTheOthersAreCompressed() {
        MultiLayerNetwork network = network(
                dense(20, 64, Activation.RELU),
                dense(64, 4, Activation.RELU),
                dense(4, 64, Activation.RELU),
                output(64, Activation.SOFTMAX));
        List<Integer> ranks = List.of(8, 4, 4);
        assertEquals(ranks, FactorizedNetwork.ranks(NetworkSvd.truncate(network, 8)));
        assertEquals(ranks, FactorizedNetwork.ranks(NetworkSvd.of(network).truncate(8)));
        assertEquals(
                ranks,
                FactorizedNetwork.ranks(ActivationAware.of(network, IMAGES).compress(8)));
    }

    @Test
    void compressingAgainAtTheSameRankChangesNothing() {
        MultiLayerNetwork once = NetworkSvd.truncate(plain(), 8);
        assertSame(once, NetworkSvd.truncate(once, 8));
        assertSame(once, NetworkSvd.of(once).truncate(8));
        assertSame(once, NetworkSvd.of(once).truncate(List.of(11, 30)));
        assertSame(once, ActivationAware.of(once, IMAGES).compress(8));
    }

    @Test
    void compressingAgainAtALowerRankWorksOnTheProductOfTheFactors() {
        MultiLayerNetwork once = NetworkSvd.truncate(plain(), 8);
        MultiLayerNetwork direct = NetworkSvd.truncate(plain(), 5);
        assertTrue(distance(direct.output(IMAGES), NetworkSvd.truncate(once, 5).output(IMAGES)) < FLOAT);
        MultiLayerNetwork aware = ActivationAware.of(once, IMAGES).compress(List.of(8, 4));
        assertEquals(List.of(8, 4), FactorizedNetwork.ranks(aware));
        assertEquals(RankBudget.smallest(plain()), RankBudget.smallest(once));
    }

    @Test
    void imagesOfAnotherShapeAreRefusedInOneSentence() {
        MultiLayerNetwork network = new MlpSpec(784, List.of(64), 10).create(1);
        for (long[] shape : new long[][] {{50, 28, 28}, {50, 1, 28, 28}, {50, 783}}) {
            var error = assertThrows(
                    IllegalArgumentException.class,
                    () -> ActivationAware.of(network, Nd4j.rand(DataType.FLOAT, shape)));
            assertEquals(
                    "an input of shape " + Arrays.toString(shape)
                            + " does not fit the network: give [n, 784], a row for each example",
                    error.getMessage());
        }
    }
}
