package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lowrank.data.DigitSet;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import lowrank.training.layers.OnePassLayerTest;
import lowrank.training.layers.StraightThroughDense;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

class DynamicSvdTest {
    private static final int RANK = 9;
    /** The first is above the shorter side of each layer: its full weights. */
    private static final List<Integer> RANKS = List.of(784, RANK, 4);
    /** Float, a few products of a few hundred terms, relative to the largest entry. */
    private static final double FLOAT = 1e-4;

    private static final MlpSpec SPEC = new MlpSpec(DigitSet.PIXELS, List.of(40, 30), DigitSet.CLASSES);
    private static final TrainingPlan PLAN = new TrainingPlan(6, 20, 5e-4, 0, 0, 0, 0, 0);

    private static final DigitSet DIGITS = Blobs.of(200, 1);

    /** Trained, so that its spectrum falls: of random weights no direction leads. */
    private static MultiLayerNetwork dense;

    @BeforeAll
    static void trainDense() {
        TrainingPlan plan = PLAN.withEpochs(20).withLearningRate(2e-3);
        dense = TrainingLoop.train(SPEC.create(1), plan, DIGITS, DIGITS, 1, Progress.NONE)
                .network();
    }

    @TempDir
    Path folder;

    @Test
    void outputIsThatOfTheTruncatedNetwork() {
        MultiLayerNetwork dynamic = DynamicSvd.of(dense, RANK, Truncation.TRACKED_EACH_STEP);
        INDArray x = DIGITS.images(0, 50);
        assertClose(NetworkSvd.of(dense).truncate(RANK).output(x), dynamic.output(x));
    }

    @ParameterizedTest
    @EnumSource
    void gradientIsThatOfTheTruncatedWeights(Truncation truncation) {
        MultiLayerNetwork dynamic = DynamicSvd.of(dense, RANK, truncation);
        MultiLayerNetwork truncated = dense.clone();
        LayerWeights.hiddenWeights(truncated)
                .forEach(w -> w.assign(TruncatedSvd.of(w, RANK).product()));
        assertClose(gradient(truncated), gradient(dynamic));
    }

    /** Of tanh the derivative is computed from what comes before it, of ReLU from what comes after. */
    @Test
    void gradientIsRightForOtherActivations() {
        MultiLayerNetwork curved = dense.clone();
        for (int layer : LayerWeights.hiddenLayers(curved)) {
            ((BaseLayer) curved.getLayerWiseConfigurations().getConf(layer).getLayer())
                    .setActivationFn(new ActivationTanH());
        }
        MultiLayerNetwork truncated = curved.clone();
        LayerWeights.hiddenWeights(truncated)
                .forEach(w -> w.assign(TruncatedSvd.of(w, RANK).product()));
        assertClose(gradient(truncated), gradient(DynamicSvd.of(curved, RANK, Truncation.TRACKED_EACH_STEP)));
    }

    @Test
    void updateReachesTheFullWeights() {
        TrainedNetwork trained = train(Truncation.TRACKED_EACH_STEP);
        INDArray w =
                LayerWeights.hiddenWeights(DynamicSvd.dense(trained.network())).get(1);
        assertTrue(
                TruncatedSvd.of(w, RANK).relativeError() > 0.1, "the weights behind the factors have more than rank 9");
        assertTrue(w.distance2(LayerWeights.hiddenWeights(dense).get(1)) > 0.01, "and they were trained");
    }

    @ParameterizedTest
    @EnumSource
    void scoreIsThatOfTheFactorizedNetworkAtTheRank(Truncation truncation) {
        TrainedNetwork trained = train(truncation);
        MultiLayerNetwork scored =
                NetworkSvd.of(DynamicSvd.dense(trained.network())).truncate(RANK);
        assertEquals(trained.history().validationAccuracy(), Accuracy.of(scored, DIGITS), 1e-6);
        double easy = truncation == Truncation.FROZEN_EACH_EPOCH ? 0.1 : 0.9; // frozen factors give learning no answer
        assertTrue(Accuracy.of(scored, DIGITS) > easy, "bands are easy: " + Accuracy.of(scored, DIGITS));
    }

    @Test
    void trackedTrainingStaysWithTheExactOne() {
        INDArray exact = train(Truncation.EXACT_EACH_STEP).network().params();
        INDArray tracked = train(Truncation.TRACKED_EACH_STEP).network().params();
        double apart = exact.distance2(tracked);
        double moved = exact.distance2(dense.params());
        assertTrue(apart < 0.05 * moved, "tracked is " + apart + " from exact, training moved " + moved);
    }

    /** Exact: a new SVD of each layer in each step. The learning rate is the report's. */
    @Test
    void twentyTrackedStepsAreTwentyExactOnes() {
        INDArray exact = afterSteps(Truncation.EXACT_EACH_STEP, 20);
        INDArray tracked = afterSteps(Truncation.TRACKED_EACH_STEP, 20);
        double moved = exact.distance2(dense.params()) / exact.norm2Number().doubleValue();
        assertTrue(moved > 5e-3, "training moved the weights by " + moved);
        assertEquals(0, exact.distance2(tracked) / exact.norm2Number().doubleValue(), 1e-4);
    }

    private static INDArray afterSteps(Truncation truncation, int steps) {
        MultiLayerNetwork dynamic =
                PLAN.withLearningRate(2e-4).prepare(DynamicSvd.of(dense, RANK, truncation), steps, 1);
        for (int step = 0; step < steps; step++) {
            dynamic.fit(DIGITS.batch(
                    IntStream.range(step, step + 20).map(i -> i * 7 % 200).toArray(), 0));
        }
        return dynamic.params();
    }

    @ParameterizedTest
    @EnumSource(names = {"TRACKED_EACH_STEP", "EXACT_EACH_STEP"})
    void whatIsCutOffDecaysAndWhatIsKeptStays(Truncation truncation) {
        MultiLayerNetwork dynamic = PLAN.withLearningRate(1e-12).prepare(DynamicSvd.of(dense, RANK, truncation), 20, 1);
        DataSet batch = DIGITS.batch(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0);
        for (int step = 0; step <= 10; step++) {
            dynamic.fit(batch); // the first has nothing to follow yet
        }
        INDArray w = LayerWeights.weights(dense, 0);
        INDArray kept = TruncatedSvd.of(w, RANK).product();
        INDArray expected = w.sub(kept).muli(Math.pow(0.995, 10)).addi(kept);
        assertClose(expected, LayerWeights.weights(DynamicSvd.dense(dynamic), 0));
    }

    @Test
    void trainedAgainWithTheSameSeedIsTheSame() {
        assertArrayEquals(
                train(Truncation.TRACKED_EACH_STEP).network().params().toFloatVector(),
                train(Truncation.TRACKED_EACH_STEP).network().params().toFloatVector());
    }

    @Test
    void perEpochTruncationKeepsItsSubspaceWithinAnEpoch() {
        MultiLayerNetwork dynamic = PLAN.prepare(DynamicSvd.of(dense, RANK, Truncation.PROJECTED_EACH_EPOCH), 10, 1);
        DataSet batch = DIGITS.batch(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0);
        dynamic.fit(batch);
        dynamic.fit(batch);
        assertTrue(
                Arrays.stream(DynamicSvd.energyGaps(dynamic)).max().orElseThrow() > 1e-6,
                "weights moved, the subspace did not");
        dynamic.incrementEpochCount();
        dynamic.feedForward(batch.getFeatures(), true);
        assertEquals(0, Arrays.stream(DynamicSvd.energyGaps(dynamic)).max().orElseThrow(), 1e-5);
    }

    @Test
    void trackingKeepsTheDriftSmallWhereAFrozenSubspaceIsLeftBehind() {
        Drift tracked = drift(Truncation.TRACKED_EACH_STEP);
        Drift frozen = drift(Truncation.PROJECTED_EACH_EPOCH);
        assertArrayEquals(new int[] {2, 4, 6, 8, 10}, tracked.steps());
        assertTrue(frozen.gaps()[4] > frozen.gaps()[0], "left behind: " + Arrays.toString(frozen.gaps()));
        assertTrue(tracked.gaps()[4] < frozen.gaps()[4] / 3, Arrays.toString(tracked.gaps()));
        assertThrows(IllegalArgumentException.class, () -> Drift.measure(dense, PLAN, DIGITS, 1, 11, 2));
    }

    private static Drift drift(Truncation truncation) {
        return Drift.measure(DynamicSvd.of(dense, RANK, truncation), PLAN, DIGITS, 1, 10, 2);
    }

    @Test
    void savedAndLoadedComputesTheSame() throws IOException {
        for (MultiLayerNetwork dynamic : List.of(
                DynamicSvd.of(dense, RANK, Truncation.PROJECTED_EACH_EPOCH), DynamicSvd.anyRank(dense, RANKS))) {
            ModelFile.save(dynamic, folder.resolve("dynamic.zip"));
            MultiLayerNetwork loaded = ModelFile.load(folder.resolve("dynamic.zip"));
            INDArray x = DIGITS.images(0, 20);
            assertClose(dynamic.output(x), loaded.output(x));
            assertClose(gradient(dynamic), gradient(loaded));
            assertEquals(json(loaded), json(dynamic));
        }
    }

    @ParameterizedTest
    @EnumSource
    void askingForOutputDoesNotDisturbTraining(Truncation truncation) {
        assertArrayEquals(afterThreeSteps(truncation, false), afterThreeSteps(truncation, true));
    }

    private static float[] afterThreeSteps(Truncation truncation, boolean ask) {
        MultiLayerNetwork dynamic = PLAN.prepare(DynamicSvd.of(dense, RANK, truncation), 10, 1);
        for (int step = 0; step < 3; step++) {
            dynamic.fit(DIGITS.batch(new int[] {step, step + 3, step + 6, step + 9}, 0));
            if (ask) {
                dynamic.output(DIGITS.images(0, 5));
            }
        }
        return dynamic.params().toFloatVector();
    }

    @Test
    void outputSeesWeightsThatWereSetFromOutside() {
        MultiLayerNetwork dynamic = DynamicSvd.of(dense, RANK, Truncation.TRACKED_EACH_STEP);
        INDArray x = DIGITS.images(0, 20);
        dynamic.output(x);
        MultiLayerNetwork other = SPEC.create(8);
        dynamic.setParams(other.params());
        assertClose(NetworkSvd.of(other).truncate(RANK).output(x), dynamic.output(x));
    }

    /** Sums over the weights do not tell. */
    @Test
    void outputSeesTwoWeightsThatWereSwapped() {
        MultiLayerNetwork dynamic = DynamicSvd.of(dense, RANK, Truncation.TRACKED_EACH_STEP);
        INDArray x = DIGITS.images(0, 50);
        dynamic.output(x);
        INDArray w = LayerWeights.weights(dynamic, 1);
        float first = w.getFloat(3, 4);
        w.putScalar(3, 4, w.getFloat(7, 8) + 1).putScalar(7, 8, first);
        dynamic.output(x);
        first = w.getFloat(3, 4);
        w.putScalar(3, 4, w.getFloat(7, 8)).putScalar(7, 8, first);
        assertClose(NetworkSvd.of(DynamicSvd.dense(dynamic)).truncate(RANK).output(x), dynamic.output(x));
    }

    @Test
    void stepsAreComparedInTurnOnTheSameMinibatches() {
        Map<String, MultiLayerNetwork> starts = new LinkedHashMap<>();
        starts.put("exact", DynamicSvd.of(dense, RANK, Truncation.EXACT_EACH_STEP));
        starts.put("again", DynamicSvd.of(dense, RANK, Truncation.EXACT_EACH_STEP));
        var compared = StepComparison.of(starts, PLAN, DIGITS, DIGITS, 1, 5);
        assertEquals(List.of("exact", "again"), List.copyOf(compared.keySet()));
        assertEquals(
                compared.get("exact").validationAccuracy(),
                compared.get("again").validationAccuracy());
        assertTrue(compared.get("exact").medianSeconds() > 0);
        assertThrows(IllegalArgumentException.class, () -> StepComparison.of(starts, PLAN, DIGITS, DIGITS, 1, 11));
    }

    @Test
    void thereAndBackIsTheSameNetwork() {
        MultiLayerNetwork back = DynamicSvd.dense(DynamicSvd.of(dense, RANK, Truncation.PROJECTED_EACH_EPOCH));
        assertArrayEquals(dense.params().toFloatVector(), back.params().toFloatVector());
        assertEquals(dense.output(DIGITS.images(0, 5)), back.output(DIGITS.images(0, 5)));
    }

    @Test
    void aLayerNarrowerThanTheRankStaysAStockLayerAndARankBelowOneIsRefused() {
        MultiLayerNetwork partly = DynamicSvd.of(dense, 31, Truncation.TRACKED_EACH_STEP);
        assertEquals(StraightThroughDense.class, configuration(partly, 0).getClass());
        assertEquals(DenseLayer.class, configuration(partly, 1).getClass());
        var error = assertThrows(
                IllegalArgumentException.class, () -> DynamicSvd.of(dense, 0, Truncation.TRACKED_EACH_STEP));
        assertEquals("rank 0 for layer 0 (layer0): give at least 1", error.getMessage());
    }

    private static Layer configuration(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getConf(layer).getLayer();
    }

    private static MultiLayerNetwork convolutional() {
        var network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(1e-3))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .name("fc")
                        .nOut(32)
                        .activation(Activation.RELU)
                        .l2(0.1)
                        .weightNoise(new DropConnect(0.9))
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        network.init();
        return network;
    }

    @Test
    void aNetworkWithConvolutionsBeforeItsDenseLayersKeepsItsInputPreprocessors() {
        MultiLayerNetwork network = convolutional();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 1, 8, 8);
        MultiLayerNetwork dynamic = DynamicSvd.of(network, 32, Truncation.TRACKED_EACH_STEP);
        assertClose(network.output(x), dynamic.output(x));
        assertClose(network.output(x), DynamicSvd.dense(dynamic).output(x));
    }

    @Test
    void thereAndBackHasTheSameSettings() {
        MultiLayerNetwork network = convolutional();
        MultiLayerNetwork dynamic = DynamicSvd.of(network, 8, Truncation.TRACKED_EACH_STEP);
        assertEquals(new Adam(1e-3), ((BaseLayer) configuration(dynamic, 1)).getIUpdater());
        MultiLayerNetwork back = DynamicSvd.dense(dynamic);
        assertEquals(json(network), json(back));
        List<String> told = DynamicSvd.notCarried(network);
        assertEquals(1, told.size());
        assertTrue(told.get(0).startsWith("layer 1 (fc): DropConnect is not applied"), told.get(0));
        assertEquals(List.of(), DynamicSvd.notCarried(dense));
    }

    @Test
    void factorsAreMultipliedAndTrainAsOneLayer() {
        MultiLayerNetwork small = NetworkSvd.of(dense).truncate(RANK);
        MultiLayerNetwork dynamic = DynamicSvd.of(small, RANK, Truncation.TRACKED_EACH_STEP);
        assertEquals(dense.getnLayers(), dynamic.getnLayers());
        assertClose(small.output(DIGITS.images(0, 20)), dynamic.output(DIGITS.images(0, 20)));
    }

    /** A third of the rows sees the full weights, the next one rank 9, the last one rank 4. */
    @Test
    void eachPartOfAMinibatchHasItsRank() {
        List<MultiLayerNetwork> alone = List.of(dense, dense.clone(), dense.clone());
        for (int part = 1; part < 3; part++) {
            int rank = RANKS.get(part);
            LayerWeights.hiddenWeights(alone.get(part))
                    .forEach(w -> w.assign(TruncatedSvd.of(w, rank).product()));
        }
        INDArray sum = Nd4j.zerosLike(dense.params());
        for (int part = 0; part < 3; part++) {
            MultiLayerNetwork one = alone.get(part);
            one.setInput(DIGITS.images(10 * part, 10 * part + 10));
            one.setLabels(DIGITS.first(30).oneHot().get(NDArrayIndex.interval(10 * part, 10 * part + 10)));
            one.computeGradientAndScore();
            sum.addi(one.gradient().gradient());
        }
        assertClose(sum, gradient(DynamicSvd.anyRank(dense, RANKS)));
    }

    @Test
    void aMinibatchMayHaveFewerRowsThanThereAreRanks() {
        MultiLayerNetwork any = PLAN.prepare(DynamicSvd.anyRank(dense, RANKS), 10, 1);
        any.fit(DIGITS.batch(new int[] {3}, 0));
        assertTrue(any.params().distance2(dense.params()) > 1e-3, "it has learned");
    }

    @Test
    void outputOfAnAnyRankNetworkIsThatOfTheFullOne() {
        INDArray x = DIGITS.images(0, 50);
        assertClose(dense.output(x), DynamicSvd.anyRank(dense, RANKS).output(x));
        assertClose(
                NetworkSvd.of(dense).truncate(RANK).output(x),
                DynamicSvd.anyRank(dense, List.of(4, RANK)).output(x));
    }

    @Test
    void anyRankOfFullRankAloneIsPlainTraining() {
        assertArrayEquals(trained(dense), trained(DynamicSvd.anyRank(dense, List.of(784))));
    }

    @Test
    void anyRankOfOneRankIsDynamicSvdAtThatRank() {
        MultiLayerNetwork one = DynamicSvd.of(dense, RANK, Truncation.TRACKED_EACH_STEP);
        MultiLayerNetwork any = DynamicSvd.anyRank(dense, List.of(RANK));
        assertEquals(json(one), json(any));
        assertFalse(json(one).contains("\"ranks\""), "files kept from before have keys of this form");
        assertNotEquals(json(one), json(DynamicSvd.anyRank(dense, RANKS)), "another checkpoint");
        assertArrayEquals(trained(one), trained(any));
        assertArrayEquals(trained(one), trained(DynamicSvd.anyRank(dense, List.of(RANK, RANK))));
    }

    @Test
    void aNetworkTrainedAtAllRanksMayBeCutAtEach() {
        MultiLayerNetwork start = DynamicSvd.anyRank(dense, RANKS);
        assertArrayEquals(trained(start), trained(start));
        MultiLayerNetwork full = DynamicSvd.dense(
                TrainingLoop.train(start, PLAN.withLearningRate(1e-3), DIGITS, DIGITS, 5, Progress.NONE)
                        .network());
        assertTrue(Accuracy.of(NetworkSvd.truncate(dense, 4), DIGITS) < 0.5, "before, rank 4 was too little");
        for (int rank : RANKS) {
            double accuracy = Accuracy.of(NetworkSvd.truncate(full, rank), DIGITS);
            assertTrue(accuracy > 0.9, "at rank " + rank + " it is " + accuracy);
        }
    }

    private static String json(MultiLayerNetwork network) {
        return network.getLayerWiseConfigurations().toJson();
    }

    private static float[] trained(MultiLayerNetwork start) {
        return TrainingLoop.train(start, PLAN, DIGITS, DIGITS, 5, Progress.NONE)
                .network()
                .params()
                .toFloatVector();
    }

    private TrainedNetwork train(Truncation truncation) {
        return TrainingLoop.train(DynamicSvd.of(dense, RANK, truncation), PLAN, DIGITS, DIGITS, 5, Progress.NONE);
    }

    private static INDArray gradient(MultiLayerNetwork network) {
        return OnePassLayerTest.gradient(network, DIGITS.first(30));
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        OnePassLayerTest.assertClose(expected, actual, FLOAT);
    }
}
