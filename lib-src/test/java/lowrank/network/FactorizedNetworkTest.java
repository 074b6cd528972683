package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class FactorizedNetworkTest {
    /** Softmax outputs in float after a handful of products. */
    private static final double FLOAT = 1e-5;

    private static final MlpSpec SPEC = new MlpSpec(12, List.of(9, 7, 11), 4);

    @Test
    void computesWhatANetworkOfTheTruncatedWeightsComputes() {
        MultiLayerNetwork dense = withBiases(SPEC.create(1));
        MultiLayerNetwork compressed = NetworkSvd.of(dense).truncate(3);
        MultiLayerNetwork truncated = dense.clone();
        for (INDArray w : LayerWeights.hiddenWeights(truncated)) {
            w.assign(TruncatedSvd.of(w, 3).product());
        }
        INDArray x = Nd4j.rand(20, 12);
        assertTrue(distance(truncated.output(x), compressed.output(x)) < FLOAT);
        assertTrue(distance(dense.output(x), compressed.output(x)) > FLOAT, "rank 3 of 7 loses something");
    }

    @Test
    void fullRankReproducesTheNetwork() {
        MultiLayerNetwork dense = withBiases(SPEC.create(2));
        NetworkSvd svd = NetworkSvd.of(dense);
        INDArray x = Nd4j.rand(20, 12);
        assertEquals(List.of(9, 7, 7), svd.fullRanks());
        assertTrue(distance(dense.output(x), svd.atFullRank().output(x)) < FLOAT);
        assertEquals(svd.fullRanks(), FactorizedNetwork.ranks(svd.atFullRank()));
    }

    @Test
    void leavesTheDenseNetworkAsItIs() {
        MultiLayerNetwork dense = SPEC.create(3);
        INDArray before = dense.params().dup();
        MultiLayerNetwork compressed = NetworkSvd.of(dense).truncate(2);
        compressed.params().assign(7);
        assertArrayEquals(before.toFloatVector(), dense.params().toFloatVector());
    }

    @Test
    void hasTheParametersThatAreCounted() {
        MultiLayerNetwork dense = SPEC.create(4);
        assertEquals(dense.numParams(), ParameterCount.dense(SPEC));
        assertEquals(NetworkSvd.of(dense).truncate(3).numParams(), ParameterCount.folded(SPEC, List.of(3, 3, 3)));
        assertEquals(
                ParameterCount.folded(SPEC, List.of(3, 3, 3)) + 9,
                ParameterCount.diagonalApart(SPEC, List.of(3, 3, 3)));
        assertEquals(
                NetworkSvd.of(dense).truncate(List.of(4, 3, 2)).numParams(),
                ParameterCount.folded(SPEC, List.of(4, 3, 2)));
    }

    @Test
    void randomOneHasTheShapeOfATruncatedOne() {
        MultiLayerNetwork random = FactorizedNetwork.random(SPEC, List.of(4, 3, 2), 1);
        assertEquals(ParameterCount.folded(SPEC, List.of(4, 3, 2)), random.numParams());
        assertEquals(List.of(4, 3, 2), FactorizedNetwork.ranks(random));
        assertEquals(
                random.params(),
                FactorizedNetwork.random(SPEC, List.of(4, 3, 2), 1).params());
        assertThrows(IllegalArgumentException.class, () -> FactorizedNetwork.random(SPEC, List.of(4, 3), 1));
        assertThrows(IllegalArgumentException.class, () -> FactorizedNetwork.random(SPEC, List.of(4, 0, 2), 1));
        assertThrows(IllegalArgumentException.class, () -> FactorizedNetwork.random(SPEC, List.of(4, 8, 2), 1));
    }

    @Test
    void tellsItsRanks() {
        MultiLayerNetwork dense = SPEC.create(4);
        assertEquals(
                List.of(4, 3, 2), FactorizedNetwork.ranks(NetworkSvd.of(dense).truncate(List.of(4, 3, 2))));
        assertEquals(List.of(), FactorizedNetwork.ranks(dense));
        assertFalse(FactorizedNetwork.isFullRank(NetworkSvd.of(dense).truncate(List.of(9, 7, 4))));
        assertTrue(FactorizedNetwork.isFullRank(NetworkSvd.of(dense).atFullRank()));
    }

    @Test
    void layersWithoutFactorsStayAsTheyAre() {
        MultiLayerNetwork dense = withBiases(SPEC.create(6));
        INDArray w = LayerWeights.weights(dense, 1);
        MultiLayerNetwork partly = FactorizedNetwork.partly(
                dense,
                List.of(Optional.empty(), Optional.of(TruncatedSvd.of(w, 3).balancedFactors()), Optional.empty()));
        MultiLayerNetwork truncated = dense.clone();
        LayerWeights.weights(truncated, 1).assign(TruncatedSvd.of(w, 3).product());
        INDArray x = Nd4j.rand(20, 12);
        assertTrue(distance(truncated.output(x), partly.output(x)) < FLOAT);
        assertEquals(LayerWeights.weights(dense, 0), LayerWeights.weights(partly, 0));
        assertEquals(LayerWeights.weights(dense, 2), LayerWeights.weights(partly, 3));
        assertEquals(dense.numParams() - 9 * 7 + 3 * (9 + 7), partly.numParams());
        assertEquals(
                partly.getnLayers(), partly.getLayerNames().stream().distinct().count());
    }

    @Test
    void rankOfALayerThatStaysDenseIsItsShorterSide() {
        MultiLayerNetwork dense = SPEC.create(6);
        LowRankFactors first =
                TruncatedSvd.of(LayerWeights.weights(dense, 0), 2).balancedFactors();
        LowRankFactors last = TruncatedSvd.of(LayerWeights.weights(dense, 2), 4).balancedFactors();
        assertEquals(
                List.of(2, 7, 4),
                FactorizedNetwork.ranks(FactorizedNetwork.partly(
                        dense, List.of(Optional.of(first), Optional.empty(), Optional.of(last)))));
        MultiLayerNetwork partly =
                FactorizedNetwork.partly(dense, List.of(Optional.empty(), Optional.empty(), Optional.of(last)));
        assertEquals(List.of(9, 7, 4), FactorizedNetwork.ranks(partly));
        assertFalse(FactorizedNetwork.isFullRank(partly));
    }

    @Test
    void withoutAnyFactorsItIsTheDenseNetwork() {
        MultiLayerNetwork dense = withBiases(SPEC.create(6));
        MultiLayerNetwork same =
                FactorizedNetwork.partly(dense, List.of(Optional.empty(), Optional.empty(), Optional.empty()));
        assertArrayEquals(dense.params().toFloatVector(), same.params().toFloatVector());
        assertEquals(List.of(), FactorizedNetwork.ranks(same));
        same.params().assign(7);
        assertTrue(dense.params().maxNumber().doubleValue() < 7, "it is a copy");
        assertThrows(
                IllegalArgumentException.class,
                () -> FactorizedNetwork.partly(dense, List.of(Optional.empty(), Optional.empty())));
    }

    @Test
    void reportNetworkNeeds215370NumbersAtRank20() {
        assertEquals(5_012_490, ParameterCount.dense(MlpSpec.MNIST));
        assertEquals(215_370, ParameterCount.folded(MlpSpec.MNIST, List.of(20, 20, 20, 20, 20)));
        assertEquals(215_470, ParameterCount.diagonalApart(MlpSpec.MNIST, List.of(20, 20, 20, 20, 20)));
    }

    @Test
    void breaksEvenWhereTheFactorsAreAsLargeAsTheMatrix() {
        assertEquals(512, LowRankFactors.breakEvenRank(1024, 1024));
        assertEquals(444.04, LowRankFactors.breakEvenRank(784, 1024), 0.01);
    }

    @Test
    void layersWithoutWeightsConvolutionsAndDoublePrecisionGoThrough() {
        var layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Adam())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DropoutLayer(0.5))
                .layer(new DenseLayer.Builder()
                        .nOut(20)
                        .activation(Activation.TANH)
                        .build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new DenseLayer.Builder()
                        .nOut(15)
                        .activation(Activation.RELU)
                        .hasBias(false)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(layers);
        network.init();
        MultiLayerNetwork compressed = NetworkSvd.of(network).atFullRank();
        INDArray x = Nd4j.rand(DataType.DOUBLE, 6, 1, 8, 8);
        assertEquals(DataType.DOUBLE, compressed.params().dataType());
        assertTrue(distance(network.output(x), compressed.output(x)) < 1e-10);
    }

    @Test
    void layersHaveNamesOfTheirOwn() {
        MultiLayerNetwork compressed = NetworkSvd.of(SPEC.create(1)).truncate(2);
        assertEquals(
                compressed.getnLayers(),
                compressed.getLayerNames().stream().distinct().count());
    }

    @Test
    void refusesALayerNormWhichFactorsCannotKeep() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(4)
                        .hasLayerNorm(true)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        var error = assertThrows(
                IllegalArgumentException.class, () -> NetworkSvd.of(network).truncate(2));
        assertTrue(error.getMessage().contains("layer norm"), error.getMessage());
    }

    @Test
    void namesTheLayerWhoseFactorsDoNotFit() {
        MultiLayerNetwork dense = new MlpSpec(4, List.of(3), 2).create(1);
        var misfit = List.of(new LowRankFactors(Nd4j.ones(4, 2), Nd4j.ones(2, 5)));
        var error = assertThrows(IllegalArgumentException.class, () -> FactorizedNetwork.of(dense, misfit));
        assertEquals(
                "layer 0 (layer0) has weights of shape [4, 3], its factors make [4, 5]: give factors of the same"
                        + " shape",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FactorizedNetwork.of(dense, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new LowRankFactors(Nd4j.ones(4, 2), Nd4j.ones(3, 5)));
    }

    @Test
    void rejectsRanksThatDoNotFit() {
        NetworkSvd svd = NetworkSvd.of(SPEC.create(5));
        var error = assertThrows(IllegalArgumentException.class, () -> svd.truncate(List.of(1, 0, 1)));
        assertEquals("rank 0 for layer 1 (layer1): give at least 1", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> svd.truncate(0));
        assertThrows(IllegalArgumentException.class, () -> svd.truncate(List.of(1, 2)));
    }

    @Test
    void rejectsShapesThatAreNoNetwork() {
        assertThrows(IllegalArgumentException.class, () -> new MlpSpec(0, List.of(3), 2));
        assertThrows(IllegalArgumentException.class, () -> new MlpSpec(3, List.of(), 2));
        assertThrows(IllegalArgumentException.class, () -> new MlpSpec(3, List.of(4, 0), 2));
        assertThrows(IllegalArgumentException.class, () -> new MlpSpec(3, List.of(4), 1));
    }

    private static MultiLayerNetwork withBiases(MultiLayerNetwork network) {
        Nd4j.getRandom().setSeed(9);
        LayerWeights.hiddenLayers(network)
                .forEach(layer -> LayerWeights.bias(network, layer)
                        .assign(Nd4j.rand(LayerWeights.bias(network, layer).shape())));
        return network;
    }

    private static double distance(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }
}
