package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.norm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lowrank.linalg.Lapack;
import lowrank.network.DenseForward;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ActivationAwareTest {
    /** Of probabilities, after a decomposition in float and a handful of products. */
    private static final double FLOAT = 1e-3;
    /** Break-even at ranks 7.5, 9.5 and 8.5. */
    private static final MlpSpec SPEC = new MlpSpec(12, List.of(20, 18, 16), 4);

    private final MultiLayerNetwork network = random(SPEC.create(1));
    private final INDArray images = correlated(200, 12);

    @Test
    void onInputsWithIdentityCovarianceItIsPlainTruncation() {
        MultiLayerNetwork shallow = random(new MlpSpec(12, List.of(20), 4).create(1));
        INDArray white = white(200, 12);
        for (int rank = 1; rank <= 7; rank++) {
            assertClose(
                    NetworkSvd.of(shallow).truncate(rank).output(white),
                    ActivationAware.of(shallow, white, AwareStep.INPUTS)
                            .compress(rank)
                            .output(white),
                    FLOAT);
        }
    }

    @Test
    void whatPassesALayerIsNearerToTheOriginalThanWithPlainTruncation() {
        MultiLayerNetwork shallow = random(new MlpSpec(12, List.of(20), 4).create(1));
        INDArray x = correlated(200, 12);
        INDArray z = DenseForward.preActivation(shallow, 0, x);
        for (int rank = 1; rank <= 7; rank++) {
            INDArray plain = factorizedOutput(NetworkSvd.of(shallow).truncate(rank), x);
            INDArray centred = plain.subRowVector(plain.sub(z).mean(true, 0)); // with the bias corrected as well
            INDArray aware = factorizedOutput(
                    ActivationAware.of(shallow, x, AwareStep.INPUTS).compress(rank), x);
            assertTrue(
                    norm(aware.sub(z)) < 0.8 * norm(centred.sub(z)),
                    "rank " + rank + ": " + norm(aware.sub(z)) + " and " + norm(centred.sub(z)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void biasBringsTheMeanOfTheFirstPreActivationBack(AwareStep awareness) {
        MultiLayerNetwork compressed =
                ActivationAware.of(network, images, awareness).compress(2);
        INDArray original = DenseForward.preActivation(network, 0, images).mean(true, 0);
        boolean exact = awareness == AwareStep.INPUTS; // else the refit before a ReLU moves it where that is better
        INDArray reached = factorizedOutput(compressed, images).mean(true, 0);
        assertEquals(exact, norm(reached.sub(original)) < FLOAT * norm(original));
        INDArray few = images.get(NDArrayIndex.interval(0, 20), NDArrayIndex.all()); // too few for a refit
        INDArray mean = factorizedOutput(
                        ActivationAware.of(network, few, awareness).compress(2), few)
                .mean(true, 0);
        assertClose(DenseForward.preActivation(network, 0, few).mean(true, 0), mean, FLOAT);
    }

    @ParameterizedTest
    @EnumSource
    void fullRankReproducesTheNetwork(AwareStep awareness) {
        MultiLayerNetwork same = ActivationAware.of(network, images, awareness).compress(List.of(12, 18, 16));
        assertArrayEquals(network.params().toFloatVector(), same.params().toFloatVector());
    }

    @Test
    void onceClosedItHoldsNoImagesAndWhatItMadeStays() {
        INDArray before = images.dup();
        ActivationAware aware = ActivationAware.of(network, images);
        MultiLayerNetwork made = aware.compress(3);
        INDArray output = made.output(images);
        aware.close();
        assertClose(output, made.output(images), 0);
        assertClose(before, images, 0);
        var error = assertThrows(IllegalStateException.class, () -> aware.compress(3));
        assertEquals(
                "this object is closed and its statistics are freed: compress before closing, or make a new one",
                error.getMessage());
        assertThrows(IllegalStateException.class, aware::spectra);
    }

    @Test
    void tenOfThemOnTheSameImagesHoldNoCopies() {
        INDArray many = Nd4j.rand(DataType.FLOAT, 20_000, images.columns());
        long copy = 4 * many.length();
        ActivationAware.of(network, many, AwareStep.SEQUENTIAL).close();
        long before = nativeBytes();
        List<ActivationAware> ten = IntStream.range(0, 10)
                .mapToObj(i -> ActivationAware.of(network, many, AwareStep.SEQUENTIAL))
                .toList();
        assertTrue(nativeBytes() - before < copy, () -> ten.size() + " hold copies");
        ten.forEach(ActivationAware::close);
    }

    /** Of all arrays; JavaCPP does not count those of ND4J. */
    private static long nativeBytes() {
        return Nd4j.getEnvironment().getDeviceCouner(0);
    }

    /**
     * Temperatures in kelvin, years, pressures: a mean that is a thousand times the spread costs float three digits.
     */
    @ParameterizedTest
    @ValueSource(doubles = {-100, 100, 1000})
    void inputsFarFromZeroAreCompressedAsWellAsCentredOnes(double mean) {
        MultiLayerNetwork moved = network.clone();
        LayerWeights.bias(moved, 0).subi(LayerWeights.weights(network, 0).sum(0).muli(mean));
        assertClose(
                ActivationAware.of(network, images).compress(3).output(images),
                ActivationAware.of(moved, images.add(mean)).compress(3).output(images.add(mean)),
                50 * FLOAT);
    }

    @Test
    void unitOfAnInputDoesNotMatter() {
        INDArray units = Nd4j.createFromArray(new float[] {1, 1000, 1, 1, 1e-3f, 1, 1e5f, 1, 1, 1, 1, 1});
        MultiLayerNetwork other = network.clone();
        LayerWeights.weights(other, 0).diviColumnVector(units.reshape(12, 1));
        INDArray measured = images.mulRowVector(units);
        assertClose(
                ActivationAware.of(network, images).compress(3).output(images),
                ActivationAware.of(other, measured).compress(3).output(measured),
                20 * FLOAT);
    }

    /** Seven images lie in six dimensions about their mean. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void equalImagesAreReproducedHoweverManyTheyAre(int different) {
        INDArray few = images.get(NDArrayIndex.interval(0, different), NDArrayIndex.all());
        for (int times : new int[] {30, 200, 1500}) {
            INDArray equal = Nd4j.vstack(Collections.nCopies(times, few));
            assertClose(
                    network.output(equal),
                    ActivationAware.of(network, equal).compress(6).output(equal),
                    10 * FLOAT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void turningTheInputsTogetherWithTheFirstWeightsChangesNothing(AwareStep awareness) {
        INDArray turn =
                Lapack.orthonormalize(Nd4j.randn(DataType.DOUBLE, 12, 12)).castTo(DataType.FLOAT);
        MultiLayerNetwork turned = network.clone();
        LayerWeights.weights(turned, 0).assign(turn.transpose().mmul(LayerWeights.weights(network, 0)));
        INDArray turnedImages = images.mmul(turn);
        assertClose(network.output(images), turned.output(turnedImages), FLOAT);
        INDArray straight =
                ActivationAware.of(network, images, awareness).compress(4).output(images);
        assertClose(
                straight,
                ActivationAware.of(turned, turnedImages, awareness).compress(4).output(turnedImages),
                10 * FLOAT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INPUTS")
    void layerWhoseInputsLieInAFewDimensionsIsReproducedAtThatRank(AwareStep awareness) {
        // Three dimensions, away from the origin. The floor alone would let the other nine in: the refit puts that
        // right.
        INDArray x = Nd4j.randn(DataType.FLOAT, 200, 3)
                .mmul(Nd4j.randn(DataType.FLOAT, 3, 12))
                .addRowVector(Nd4j.rand(DataType.FLOAT, 1, 12));
        MultiLayerNetwork compressed = ActivationAware.of(network, x, awareness).compress(List.of(3, 18, 16));
        assertEquals(List.of(3, 18, 16), FactorizedNetwork.ranks(compressed));
        assertClose(DenseForward.preActivation(network, 0, x), factorizedOutput(compressed, x), 10 * FLOAT);
        assertClose(network.output(x), compressed.output(x), 10 * FLOAT);
        INDArray plain = NetworkSvd.of(network).truncate(List.of(3, 18, 16)).output(x);
        assertTrue(norm(network.output(x).sub(plain)) > 0.1 * norm(network.output(x)), "plain truncation loses much");
    }

    @ParameterizedTest
    @EnumSource
    void oneImageIsEnoughAndIsReproduced(AwareStep awareness) {
        INDArray one = images.getRow(3, true);
        assertClose(
                network.output(one),
                ActivationAware.of(network, one, awareness).compress(2).output(one),
                FLOAT);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 11, 40, 1200})
    void anyNumberOfImagesGivesANetworkOfTheRanks(int count) {
        INDArray x = correlated(count, 12);
        MultiLayerNetwork compressed = ActivationAware.of(network, x).compress(List.of(5, 4, 3));
        assertEquals(List.of(5, 4, 3), FactorizedNetwork.ranks(compressed));
        assertTrue(Double.isFinite(compressed.params().norm1Number().doubleValue()));
        double lost = norm(network.output(x).sub(compressed.output(x)));
        double plain = norm(network.output(x)
                .sub(NetworkSvd.of(network).truncate(List.of(5, 4, 3)).output(x)));
        assertTrue(lost < plain, lost + " of " + plain);
    }

    @Test
    void remarksWhereImagesAreFewerThanTheInputsOfALayer() {
        var few = ActivationAware.of(network, correlated(19, 12));
        assertEquals(
                Optional.of("19 calibration images for layers of up to 20 inputs: directions that none of them shows"
                        + " count as unimportant; give 20 or more"),
                few.remark());
        assertEquals(
                Optional.empty(),
                ActivationAware.of(network, correlated(20, 12)).remark());
        assertEquals(
                Optional.empty(),
                ActivationAware.of(network, correlated(1001, 12)).remark());
    }

    @ParameterizedTest
    @EnumSource
    void leavesNetworkAndImagesAsTheyAre(AwareStep awareness) {
        float[] parameters = network.params().toFloatVector();
        for (INDArray x : List.of(images.dup('c'), images.dup('f'), images.castTo(DataType.DOUBLE))) {
            INDArray before = x.dup();
            var aware = ActivationAware.of(network, x, awareness);
            aware.compress(3);
            aware.spectra();
            assertEquals(before, x);
        }
        assertArrayEquals(parameters, network.params().toFloatVector());
    }

    @ParameterizedTest
    @EnumSource
    void sameArgumentsGiveTheSameNetwork(AwareStep awareness) {
        var aware = ActivationAware.of(network, images, awareness);
        float[] first = aware.compress(3).params().toFloatVector();
        assertArrayEquals(first, aware.compress(3).params().toFloatVector());
        assertArrayEquals(
                first,
                ActivationAware.of(network, images, awareness)
                        .compress(3)
                        .params()
                        .toFloatVector());
        assertArrayEquals(
                first,
                ActivationAware.of(network, images, awareness)
                        .compress(List.of(3, 3, 3))
                        .params()
                        .toFloatVector());
    }

    @Test
    void unlessToldOtherwiseItIsAwareOfAllThereIs() {
        assertArrayEquals(
                ActivationAware.of(network, images, AwareStep.REVISITED)
                        .compress(3)
                        .params()
                        .toFloatVector(),
                ActivationAware.of(network, images).compress(3).params().toFloatVector());
    }

    @ParameterizedTest
    @EnumSource(names = {"INPUTS", "SEQUENTIAL"})
    void imagesGivenTwiceCountAsOnce(AwareStep awareness) {
        // 1,400 in two batches, 700 in one: the same means and covariances.
        INDArray x = correlated(700, 12);
        INDArray once = ActivationAware.of(network, x, awareness).compress(4).output(images);
        assertClose(
                once,
                ActivationAware.of(network, Nd4j.vstack(x, x), awareness)
                        .compress(4)
                        .output(images),
                10 * FLOAT);
    }

    @Test
    void fittingEachLayerToTheCompressedOnesBeforeItLosesLess() {
        INDArray plain = NetworkSvd.of(network).truncate(5).output(images);
        INDArray inputs = ActivationAware.of(network, images, AwareStep.INPUTS)
                .compress(5)
                .output(images);
        INDArray sequential = ActivationAware.of(network, images, AwareStep.SEQUENTIAL)
                .compress(5)
                .output(images);
        INDArray wanted = network.output(images);
        assertTrue(norm(inputs.sub(wanted)) < 0.9 * norm(plain.sub(wanted)));
        assertTrue(norm(sequential.sub(wanted)) < 0.9 * norm(inputs.sub(wanted)));
    }

    @Test
    void outputsThatNothingDependsOnGetNoRank() {
        // Half of the neurons are read by nobody, and their weights are large.
        MultiLayerNetwork shallow = random(new MlpSpec(12, List.of(20), 4).create(1));
        LayerWeights.weights(shallow, 0)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(10, 20))
                .muli(10);
        LayerWeights.weights(shallow, 1)
                .get(NDArrayIndex.interval(10, 20), NDArrayIndex.all())
                .assign(0);
        INDArray wanted = shallow.output(images);
        double oneSided = norm(ActivationAware.of(shallow, images, AwareStep.SEQUENTIAL)
                .compress(4)
                .output(images)
                .sub(wanted));
        double twoSided = norm(ActivationAware.of(shallow, images, AwareStep.TWO_SIDED)
                .compress(4)
                .output(images)
                .sub(wanted));
        assertTrue(twoSided < 0.5 * oneSided, twoSided + " and " + oneSided);
    }

    @ParameterizedTest
    @EnumSource
    void layerWhoseRankSavesNothingStaysDense(AwareStep awareness) {
        MultiLayerNetwork compressed =
                ActivationAware.of(network, images, awareness).compress(8);
        assertEquals(List.of(12, 8, 8), FactorizedNetwork.ranks(compressed));
        assertArrayEquals(
                LayerWeights.weights(network, 0).toFloatMatrix(),
                LayerWeights.weights(compressed, 0).toFloatMatrix());
        assertTrue(compressed.numParams() < network.numParams());
    }

    @Test
    void denseLayerAfterACompressedOneIsFittedToWhatItNowReads() {
        MultiLayerNetwork inputs =
                ActivationAware.of(network, images, AwareStep.INPUTS).compress(List.of(2, 18, 16));
        MultiLayerNetwork sequential =
                ActivationAware.of(network, images, AwareStep.SEQUENTIAL).compress(List.of(2, 18, 16));
        assertArrayEquals(
                LayerWeights.weights(network, 1).toFloatMatrix(),
                LayerWeights.weights(inputs, 2).toFloatMatrix());
        assertTrue(norm(LayerWeights.weights(network, 1).sub(LayerWeights.weights(sequential, 2))) > 0.01);
        INDArray wanted = network.output(images);
        assertTrue(norm(sequential.output(images).sub(wanted))
                < norm(inputs.output(images).sub(wanted)));
    }

    @Test
    void budgetIsSpentOnTheWeightedSingularValues() {
        var aware = ActivationAware.of(network, images);
        RankBudget budget = RankBudget.share(network, 0.7);
        MultiLayerNetwork compressed = aware.compress(budget);
        assertEquals(budget.ranks(network, aware.spectra()), FactorizedNetwork.ranks(compressed));
        assertTrue(
                compressed.numParams() <= budget.parameters(), compressed.numParams() + " of " + budget.parameters());
    }

    @Test
    void spectraOfInputsWithIdentityCovarianceAreThoseOfTheWeights() {
        List<Spectrum> spectra =
                ActivationAware.of(network, white(200, 12), AwareStep.INPUTS).spectra();
        assertEquals(3, spectra.size());
        double[] plain = NetworkSvd.of(network).spectra().get(0).values();
        double raised = Math.sqrt(1 + Weighting.INPUT_FLOOR);
        for (int i = 0; i < plain.length; i++) {
            assertEquals(raised * plain[i], spectra.get(0).values()[i], FLOAT * plain[0]);
        }
    }

    @Test
    void spectraAreThoseOfTheOriginalNetworkWithoutGradientsBelowTwoSided() {
        double[] inputs = ActivationAware.of(network, images, AwareStep.INPUTS)
                .spectra()
                .get(1)
                .values();
        assertArrayEquals(
                inputs,
                ActivationAware.of(network, images, AwareStep.SEQUENTIAL)
                        .spectra()
                        .get(1)
                        .values());
        double[] twoSided = ActivationAware.of(network, images, AwareStep.TWO_SIDED)
                .spectra()
                .get(1)
                .values();
        assertArrayEquals(
                twoSided,
                ActivationAware.of(network, images, AwareStep.REVISITED)
                        .spectra()
                        .get(1)
                        .values());
        assertTrue(Math.abs(twoSided[0] - inputs[0]) > 0.01 * inputs[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"INPUTS", "SEQUENTIAL"})
    void layersOfOtherKindsGoThrough(AwareStep awareness) {
        MultiLayerNetwork convolutional = convolutional();
        INDArray x = Nd4j.rand(DataType.FLOAT, 300, 1, 6, 6);
        MultiLayerNetwork compressed =
                ActivationAware.of(convolutional, x, awareness).compress(List.of(8, 5));
        assertEquals(List.of(8, 5), FactorizedNetwork.ranks(compressed));
        INDArray wanted = convolutional.output(x);
        double plain = norm(
                NetworkSvd.of(convolutional).truncate(List.of(8, 5)).output(x).sub(wanted));
        double aware = norm(compressed.output(x).sub(wanted));
        assertTrue(aware < 0.8 * plain, aware + " and " + plain);
        assertEquals(
                2, ActivationAware.of(convolutional, x, awareness).spectra().size());
    }

    @Test
    void refusesToFollowGradientsThroughLayersOfOtherKinds() {
        MultiLayerNetwork convolutional = convolutional();
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 1, 6, 6);
        for (AwareStep awareness : new AwareStep[] {AwareStep.TWO_SIDED, AwareStep.REVISITED}) {
            var error =
                    assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(convolutional, x, awareness));
            assertTrue(
                    error.getMessage().startsWith("layer 0 (layer0), ConvolutionLayer, is not dense"),
                    error.getMessage());
        }
    }

    @Test
    void refusesToLookAtNoImage() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> ActivationAware.of(network, Nd4j.zeros(DataType.FLOAT, 0, 12)));
        assertEquals(
                "calibration images of shape [0, 12]: give at least one, one along the first dimension",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(network, Nd4j.zeros(DataType.FLOAT, 12)));
    }

    @Test
    void refusesALayerWithoutABias() {
        var error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(biases(false, true), images));
        assertEquals(
                "layer 0 (layer0) has no bias to correct: truncate without activations, or train it with a bias",
                error.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void outputLayerWithoutABiasIsRefusedWhereItIsFitted(AwareStep awareness) {
        MultiLayerNetwork without = biases(true, false);
        if (awareness == AwareStep.INPUTS) {
            ActivationAware.of(without, images, awareness).compress(3);
        } else {
            var error =
                    assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(without, images, awareness));
            assertEquals(
                    "layer 1 (layer1) has no bias to correct: truncate without activations, or train it with a bias",
                    error.getMessage());
        }
    }

    @Test
    void refusesALayerNormAlsoOfALayerThatStaysDense() {
        MultiLayerNetwork normed = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(12)
                        .nOut(20)
                        .hasLayerNorm(true)
                        .build())
                .layer(new DenseLayer.Builder().nIn(20).nOut(18).build())
                .layer(new OutputLayer.Builder()
                        .nIn(18)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        normed.init();
        var error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(normed, images));
        assertEquals(
                "layer 0 (layer0) has a layer norm, which is not followed: compress a network without",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void refusesARankBelowOneAndNamesTheLayer(int rank) {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> ActivationAware.of(network, images).compress(rank));
        assertEquals("rank " + rank + " for layer 0 (layer0): give at least 1", error.getMessage());
    }

    @Test
    void refusesAnotherNumberOfRanksThanHiddenLayers() {
        var aware = ActivationAware.of(network, images);
        var error = assertThrows(IllegalArgumentException.class, () -> aware.compress(List.of(1, 2)));
        assertEquals("2 ranks for 3 hidden layers: give one per layer", error.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void refusesANetworkThatDivergedAndImagesThatAreNotFinite(AwareStep awareness) {
        INDArray bad = images.dup().putScalar(2, 2, Float.POSITIVE_INFINITY);
        var error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(network, bad, awareness));
        assertEquals("the calibration images hold NaN or infinite numbers: give finite ones", error.getMessage());
        LayerWeights.weights(network, 1).putScalar(3, 3, Float.NaN);
        error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(network, images, awareness));
        assertEquals(
                "the network holds NaN or infinite numbers: one that diverged cannot be compressed",
                error.getMessage());
    }

    @Test
    void refusesANetworkThatDoesNotComputeInFloat() {
        MultiLayerNetwork wide = network.convertDataType(DataType.DOUBLE);
        var error = assertThrows(IllegalArgumentException.class, () -> ActivationAware.of(wide, images));
        assertEquals("the network computes in DOUBLE: convert it to FLOAT first", error.getMessage());
    }

    /** Before its activation. */
    private static INDArray factorizedOutput(MultiLayerNetwork compressed, INDArray x) {
        return DenseForward.preActivation(compressed, 1, DenseForward.preActivation(compressed, 0, x));
    }

    private static MultiLayerNetwork random(MultiLayerNetwork network) {
        Nd4j.getRandom().setSeed(7);
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            INDArray w = LayerWeights.weights(network, layer);
            w.assign(Nd4j.randn(DataType.FLOAT, w.shape()).muli(1.4 / Math.sqrt(w.rows())));
            INDArray bias = LayerWeights.bias(network, layer);
            bias.assign(Nd4j.randn(DataType.FLOAT, bias.shape()).muli(0.3));
        }
        return network;
    }

    /** Rows whose spread falls by a third from one direction to the next, about a mean that is not zero. */
    private static INDArray correlated(int rows, int width) {
        Nd4j.getRandom().setSeed(8);
        INDArray turn =
                Lapack.orthonormalize(Nd4j.randn(DataType.DOUBLE, width, width)).castTo(DataType.FLOAT);
        INDArray mean = Nd4j.rand(DataType.FLOAT, 1, width);
        INDArray x = Nd4j.randn(DataType.FLOAT, rows, width);
        for (int i = 0; i < width; i++) {
            x.getColumn(i).muli(3 * Math.pow(2.0 / 3, i));
        }
        return x.mmul(turn).addRowVector(mean);
    }

    /** Rows of mean zero and covariance one. */
    private static INDArray white(int rows, int width) {
        Nd4j.getRandom().setSeed(9);
        INDArray x = Nd4j.randn(DataType.DOUBLE, rows, width);
        return Lapack.orthonormalize(x.subRowVector(x.mean(true, 0)))
                .muli(Math.sqrt(rows))
                .castTo(DataType.FLOAT);
    }

    private static MultiLayerNetwork biases(boolean hidden, boolean output) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(12)
                        .nOut(20)
                        .activation(Activation.RELU)
                        .hasBias(hidden)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(20)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .hasBias(output)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork convolutional() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(3)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(30)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(15)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 1))
                .build());
        network.init();
        return network;
    }
}
