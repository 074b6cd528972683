package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What a dense layer had, its factors have; what they cannot have is told. */
class FactorSettingsTest {
    private static final int RANK = 3;

    private static DenseLayer.Builder dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.RELU);
    }

    private static MultiLayerNetwork network(DenseLayer hidden) {
        return made(builder(), hidden);
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(1e-3));
    }

    private static MultiLayerNetwork made(NeuralNetConfiguration.Builder builder, DenseLayer hidden) {
        var network = new MultiLayerNetwork(builder.list()
                .layer(hidden)
                .layer(new OutputLayer.Builder()
                        .name("probs")
                        .nIn(16)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static BaseLayer layer(MultiLayerNetwork network, int i) {
        return (BaseLayer) LayerWeights.configuration(network, i);
    }

    @Test
    void parametersAreTheFactorsAndTheBiasesInOrder() {
        MultiLayerNetwork dense = new MlpSpec(12, List.of(16, 15), 4).create(1);
        LayerWeights.bias(dense, 1).assign(Nd4j.rand(DataType.FLOAT, 1, 15));
        MultiLayerNetwork small = NetworkSvd.of(dense).truncate(RANK);
        List<INDArray> expected = Stream.of(0, 1)
                .flatMap(i -> {
                    LowRankFactors pair = TruncatedSvd.of(LayerWeights.weights(dense, i), RANK)
                            .balancedFactors();
                    return Stream.of(pair.left(), pair.right(), LayerWeights.bias(dense, i));
                })
                .map(a -> a.castTo(DataType.FLOAT).dup('f').reshape('f', 1, a.length()))
                .toList();
        assertArrayEquals(
                Nd4j.hstack(Nd4j.hstack(expected), dense.getLayer(2).params().reshape(1, -1))
                        .toFloatVector(),
                small.params().toFloatVector());
    }

    @Test
    void updatersClippingAndInitializationAreThoseOfTheDenseLayer() {
        MultiLayerNetwork small = NetworkSvd.truncate(
                network(dense(12, 16)
                        .updater(new Nesterovs(0.1))
                        .biasUpdater(new Sgd(0.2))
                        .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                        .gradientNormalizationThreshold(0.5)
                        .build()),
                RANK);
        for (int i = 0; i < 2; i++) {
            assertEquals(new Nesterovs(0.1), layer(small, i).getIUpdater());
            assertEquals(
                    GradientNormalization.ClipElementWiseAbsoluteValue,
                    layer(small, i).getGradientNormalization());
            assertEquals(0.5, layer(small, i).getGradientNormalizationThreshold());
            assertEquals(layer(small, 2).getWeightInitFn(), layer(small, i).getWeightInitFn());
        }
        assertEquals(new Sgd(0.2), layer(small, 1).getBiasUpdater());
        assertEquals(new Adam(1e-3), layer(small, 2).getIUpdater());
    }

    @Test
    void aLayerThatWasNotToBeTrainedIsNotTrained() {
        MultiLayerNetwork small =
                NetworkSvd.truncate(network(dense(12, 16).updater(new NoOp()).build()), RANK);
        assertEquals(new NoOp(), layer(small, 0).getIUpdater());
        assertEquals(new NoOp(), layer(small, 1).getIUpdater());
    }

    @Test
    void plainFitLowersTheLoss() {
        MultiLayerNetwork small = NetworkSvd.truncate(network(dense(12, 16).build()), RANK);
        INDArray x = Nd4j.rand(DataType.FLOAT, 60, 12);
        INDArray y = Nd4j.zeros(DataType.FLOAT, 60, 3);
        for (int i = 0; i < 60; i++) {
            y.putScalar(i, (int) (x.getDouble(i, 0) * 3), 1);
        }
        var data = new DataSet(x, y);
        double before = small.score(data);
        for (int i = 0; i < 30; i++) {
            small.fit(data);
        }
        assertTrue(small.score(data) < before, before + " -> " + small.score(data));
    }

    @Test
    void namesAreKeptAndGiveTheSameOutput() {
        for (String name : new String[] {null, "fc1"}) {
            MultiLayerNetwork network = network(dense(12, 16).name(name).build());
            MultiLayerNetwork whole = FactorizedNetwork.of(
                    network,
                    List.of(TruncatedSvd.of(LayerWeights.weights(network, 0), 12)
                            .balancedFactors()));
            String kept = name == null ? "layer0" : name;
            assertEquals(List.of(kept + ".left", kept, "probs"), whole.getLayerNames());
            INDArray x = Nd4j.rand(DataType.FLOAT, 5, 12);
            INDArray output = whole.feedForward(x).get(whole.getLayer(kept).getIndex() + 1);
            assertTrue(network.feedForward(x).get(1).sub(output).amaxNumber().doubleValue() < 1e-5);
        }
    }

    @Test
    void inputDropoutIsOnTheFirstFactorAndWhatBelongsToTheBiasOnTheSecond() {
        var inner = dense(12, 16)
                .dropOut(new GaussianNoise(0.1))
                .l2Bias(0.01)
                .constrainAllParameters(new MaxNormConstraint(2, 0))
                .constrainBias(new NonNegativeConstraint())
                .build();
        MultiLayerNetwork small = NetworkSvd.truncate(network(inner), RANK);
        assertEquals(new GaussianNoise(0.1), layer(small, 0).getIDropout());
        assertNull(layer(small, 1).getIDropout());
        assertEquals(1, layer(small, 1).getRegularizationBias().size());
        assertEquals(2, layer(small, 1).getConstraints().size());
        assertTrue(layer(small, 1).getConstraints().stream()
                .allMatch(each -> each.getParams().equals(Set.of("b"))));
    }

    @Test
    void whatIsDroppedIsTold() {
        MultiLayerNetwork network = network(dense(12, 16)
                .name("fc1")
                .l2(0.1)
                .constrainWeights(new MaxNormConstraint(2, 0))
                .weightNoise(new DropConnect(0.9))
                .build());
        List<String> told = FactorizedNetwork.notCarried(network);
        assertEquals(3, told.size());
        assertEquals(
                "layer 0 (fc1): L2Regularization of the weights is not carried over, since on factors it would mean"
                        + " something else; set what you want of it on the factors",
                told.get(0));
        assertTrue(told.get(1).contains("MaxNormConstraint"), told.get(1));
        assertTrue(told.get(2).contains("DropConnect"), told.get(2));
        MultiLayerNetwork small = NetworkSvd.truncate(network, RANK);
        assertNull(layer(small, 0).getWeightNoise());
        assertNull(layer(small, 1).getWeightNoise());
        assertEquals(List.of(), FactorizedNetwork.notCarried(small));
    }

    @Test
    void nothingIsDroppedOfAPlainNetwork() {
        assertEquals(
                List.of(), FactorizedNetwork.notCarried(network(dense(12, 16).build())));
    }

    @Test
    void whatIsNotAboutALayerIsThatOfTheDenseNetwork() {
        MultiLayerNetwork network = made(
                builder()
                        .seed(77)
                        .trainingWorkspaceMode(WorkspaceMode.NONE)
                        .inferenceWorkspaceMode(WorkspaceMode.NONE)
                        .cacheMode(CacheMode.HOST)
                        .miniBatch(false),
                dense(12, 16).build());
        network.getLayerWiseConfigurations().setTbpttFwdLength(7);
        network.getLayerWiseConfigurations().setValidateOutputLayerConfig(false);
        network.getLayerWiseConfigurations().setIterationCount(9);
        MultiLayerConfiguration small = NetworkSvd.truncate(network, RANK).getLayerWiseConfigurations();
        assertEquals(WorkspaceMode.NONE, small.getTrainingWorkspaceMode());
        assertEquals(WorkspaceMode.NONE, small.getInferenceWorkspaceMode());
        assertEquals(CacheMode.HOST, small.getCacheMode());
        assertEquals(7, small.getTbpttFwdLength());
        assertFalse(small.isValidateOutputLayerConfig());
        assertEquals(0, small.getIterationCount());
        for (NeuralNetConfiguration each : small.getConfs()) {
            assertEquals(77, each.getSeed());
            assertFalse(each.isMiniBatch());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF"})
    void dataTypeIsThatOfTheDenseNetwork(DataType type) {
        MultiLayerNetwork network = made(builder().dataType(type), dense(12, 16).build());
        MultiLayerNetwork small = NetworkSvd.truncate(network, RANK);
        assertEquals(type, small.params().dataType());
        assertEquals(
                type,
                small.output(Nd4j.rand(DataType.FLOAT, 2, 12).castTo(type)).dataType());
    }

    @Test
    void aLinearLayerWithoutBiasOfTheUsersOwnIsAnOrdinaryLayer() {
        var network = new MultiLayerNetwork(builder()
                .list()
                .layer(dense(12, 10)
                        .activation(Activation.IDENTITY)
                        .hasBias(false)
                        .build())
                .layer(dense(10, 16).build())
                .layer(new OutputLayer.Builder()
                        .nIn(16)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        assertEquals(List.of(), FactorizedNetwork.ranks(network));
        assertTrue(FactorizedNetwork.isFullRank(network), "it has no pair that is not");
        assertEquals(List.of(2, 2), FactorizedNetwork.ranks(NetworkSvd.truncate(network, 2)));
    }

    @Test
    void aFrozenLayerStaysAsItIs() {
        var network = new MultiLayerNetwork(builder()
                .list()
                .layer(new FrozenLayer(dense(12, 16).build()))
                .layer(dense(16, 16).build())
                .layer(new FrozenLayer(
                        dense(16, 3).activation(Activation.SOFTMAX).build()))
                .layer(new LossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        MultiLayerNetwork small = NetworkSvd.truncate(network, RANK);
        assertEquals(5, small.getnLayers());
        assertArrayEquals(
                network.getLayer(0).params().toFloatVector(),
                small.getLayer(0).params().toFloatVector());
        assertTrue(LayerWeights.configuration(small, 3) instanceof FrozenLayer);
    }

    @Test
    void pairsMultipliedAreTheDenseLayerAgain() {
        MultiLayerNetwork dense = network(dense(12, 16).name("fc1").dropOut(0.8).build());
        MultiLayerNetwork merged = FactorizedNetwork.merged(NetworkSvd.truncate(dense, RANK));
        assertEquals(LayerWeights.configuration(dense, 0), LayerWeights.configuration(merged, 0));
        assertEquals(dense, FactorizedNetwork.merged(dense));
        assertEquals(List.of(Optional.empty()), FactorizedNetwork.factors(merged));
    }
}
