package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import lowrank.data.DigitSet;
import lowrank.network.MlpSpec;
import lowrank.svd.NetworkSvd;
import lowrank.training.layers.CosineDecay;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainingLoopTest {
    private static final MlpSpec SPEC = new MlpSpec(DigitSet.PIXELS, List.of(30, 20), DigitSet.CLASSES);
    private static final TrainingPlan PLAN = new TrainingPlan(3, 25, 2e-3, 0.1, 0.2, 0.1, 0.1, 0);

    private final DigitSet digits = Blobs.of(210, 1);
    private final MultiLayerNetwork start = SPEC.create(1);

    @Test
    void learnsWhatIsEasy() {
        TrainedNetwork trained = train(PLAN.withEpochs(15), Progress.NONE);
        assertTrue(
                trained.history().validationAccuracy() > 0.95, trained.history().toString());
        assertEquals(
                Accuracy.of(trained.network(), Blobs.of(100, 2)),
                trained.history().validationAccuracy(),
                1e-6);
        assertTrue(trained.history().epochs().get(0).loss()
                > trained.history().epochs().get(14).loss());
    }

    @Test
    void sameSeedGivesTheSameNetworkAndAnotherSeedAnother() {
        INDArray first = train(PLAN, Progress.NONE).network().params();
        // Bit by bit: equal INDArrays may differ by 1e-5.
        assertArrayEquals(
                first.toFloatVector(),
                train(PLAN, Progress.NONE).network().params().toFloatVector());
        assertNotEquals(
                first,
                TrainingLoop.train(start, PLAN, digits, digits, 8, Progress.NONE)
                        .network()
                        .params());
    }

    @Test
    void trainingsAtTheSameTimeGiveWhatTheyGiveOneAfterTheOther() {
        List<float[]> alone = LongStream.range(1, 5).mapToObj(this::weights).toList();
        List<float[]> together =
                LongStream.range(1, 5).parallel().mapToObj(this::weights).toList();
        for (int i = 0; i < alone.size(); i++) {
            assertArrayEquals(alone.get(i), together.get(i));
        }
    }

    private float[] weights(long seed) {
        return TrainingLoop.train(start.clone(), PLAN, digits, digits, seed, Progress.NONE)
                .network()
                .params()
                .toFloatVector();
    }

    @Test
    void leavesTheGeneratorOfTheCallerAsItIs() {
        Nd4j.getRandom().setSeed(5);
        double next = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(5);
        train(PLAN, Progress.NONE);
        assertEquals(next, Nd4j.getRandom().nextDouble());
    }

    @Test
    void leavesTheStartAsItIsAndTheResultWithoutDropout() {
        INDArray before = start.params().dup();
        MultiLayerNetwork trained = train(PLAN, Progress.NONE).network();
        assertArrayEquals(before.toFloatVector(), start.params().toFloatVector());
        for (var layer : trained.getLayerWiseConfigurations().getConfs()) {
            assertEquals(null, layer.getLayer().getIDropout());
            assertTrue(((BaseLayer) layer.getLayer()).getRegularization().isEmpty());
        }
    }

    @Test
    void tellsOfEachMinibatchAndEpoch() {
        List<Progress.State> states = new ArrayList<>();
        train(PLAN, (soFar, state) -> states.add(state));
        assertEquals(3 * (9 + 1), states.size()); // 210 images in batches of 25 are 9
        Progress.State last = states.get(states.size() - 1);
        assertEquals(3, last.epoch());
        assertEquals(9, last.batch());
    }

    @Test
    void stopsAtAnInterruptAndCanBeRunAgain() {
        List<String> told = new ArrayList<>();
        var error = assertThrows(
                CancellationException.class,
                () -> train(PLAN, new Progress() {
                    @Override
                    public void update(TrainingHistory soFar, State state) {
                        if (state.epoch() == 2 && state.batch() == 3) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void stopped(String sentence) {
                        told.add(sentence);
                    }
                }));
        assertEquals(List.of(error.getMessage()), told);
        assertTrue(told.get(0).startsWith("training was interrupted in epoch 2 of 3"), told.get(0));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(3, train(PLAN, Progress.NONE).history().epochs().size());
    }

    @Test
    void fiftyInterruptedTrainingsLeaveTheMemoryAsItWas() {
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            interruptedTraining();
        }
        long before = nativeBytes();
        for (int i = 0; i < 50; i++) {
            interruptedTraining();
        }
        long left = nativeBytes() - before;
        // Kept, each would leave parameters, gradients and two moments of Adam; batches wait for the collector.
        long half = 50 * 4 * 4 * start.numParams() / 2;
        assertTrue(left < half, () -> left + " bytes were left, " + half + " and more if none were given back");
    }

    /** Of all arrays; JavaCPP does not count those of ND4J. */
    private static long nativeBytes() {
        return Nd4j.getEnvironment().getDeviceCouner(0);
    }

    private void interruptedTraining() {
        Progress interrupting = (soFar, state) -> Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> train(PLAN, interrupting));
    }

    @Test
    void saysSoWhenTrainingDiverges() {
        var error = assertThrows(ArithmeticException.class, () -> train(PLAN.withLearningRate(1e30), Progress.NONE));
        assertTrue(error.getMessage().contains("lower the learning rate 1.0E30"), error.getMessage());
    }

    @Test
    void linearLayerOfOnesOwnIsNoFactor() {
        var own = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(DigitSet.PIXELS)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .hasBias(false)
                        .build())
                .layer(new OutputLayer.Builder().nIn(5).nOut(DigitSet.CLASSES).build());
        var network = new MultiLayerNetwork(own.build());
        network.init();
        var prepared = PLAN.prepare(network, 10, 1).getLayerWiseConfigurations();
        assertNotNull(prepared.getConf(1).getLayer().getIDropout());
    }

    @Test
    void dropoutIsForWhatALayerReadsAndNotBetweenFactors() {
        MultiLayerNetwork factorized = NetworkSvd.of(start).truncate(3);
        var prepared =
                PLAN.prepare(factorized, 10, 1).getLayerWiseConfigurations().getConfs();
        List<Boolean> drops = prepared.stream()
                .map(layer -> layer.getLayer().getIDropout() != null)
                .toList();
        assertEquals(List.of(true, false, true, false, true), drops);
        var last = (FeedForwardLayer) prepared.get(4).getLayer();
        assertTrue(last.getRegularization().isEmpty(), "the output layer keeps its weights");
        assertFalse(((FeedForwardLayer) prepared.get(0).getLayer())
                .getRegularization()
                .isEmpty());
    }

    @Test
    void learningRateFallsFromItsFirstValueToZeroAlongACosine() {
        var decay = new CosineDecay(0.01, 200);
        assertEquals(0.01, decay.valueAt(0, 0), 1e-12);
        assertEquals(0.005, decay.valueAt(100, 7), 1e-12);
        assertEquals(0, decay.valueAt(200, 7), 1e-12);
        assertEquals(0, decay.valueAt(300, 7), 1e-12);
    }

    @Test
    void accuracyCountsWhatIsRightOfEachDigit() {
        MultiLayerNetwork trained = train(PLAN.withEpochs(15), Progress.NONE).network();
        DigitSet odd = digits.rows(1, 3, 11, 13, 23);
        double[] perDigit = Accuracy.perDigit(trained, odd);
        assertEquals(Double.NaN, perDigit[0]);
        double mean = (2 * perDigit[1] + 3 * perDigit[3]) / 5;
        assertEquals(Accuracy.of(trained, odd), mean, 1e-12);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,1,0,0,0,0",
        "1,0,1,0,0,0,0",
        "1,1,0,0,0,0,0",
        "1,1,NaN,0,0,0,0",
        "1,1,1,1,0,0,0",
        "1,1,1,0,-0.1,0,0",
        "1,1,1,0,0,-1,0",
        "1,1,1,0,0,0,1"
    })
    void rejectsPlansThatCannotBe(
            int epochs, int batch, double rate, double input, double hidden, double decay, double smoothing) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingPlan(epochs, batch, rate, input, hidden, decay, smoothing, 0));
    }

    @Test
    void teacherTakesThePlaceOfTheLabels() {
        TrainingPlan plan = PLAN.withEpochs(8).withLearningRate(4e-3);
        MultiLayerNetwork knows = train(plan, Progress.NONE).network();
        float[] before = knows.params().toFloatVector();
        byte[] wrong = new byte[digits.size()];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = (byte) ((digits.labels()[i] + 1) % DigitSet.CLASSES);
        }
        TrainingHistory history =
                distilled(knows, plan, new DigitSet(digits.pixels(), wrong)).history();
        assertTrue(history.validationAccuracy() > 0.9, history.toString());
        assertArrayEquals(before, knows.params().toFloatVector());
    }

    @Test
    void withATeacherLabelsAndTheirSmoothingMakeNoDifference() {
        MultiLayerNetwork knows = SPEC.create(3);
        TrainingPlan sharp = new TrainingPlan(2, 25, 2e-3, 0.1, 0.2, 0.1, 0, 0);
        TrainingPlan smooth = new TrainingPlan(2, 25, 2e-3, 0.1, 0.2, 0.1, 0.5, 0);
        float[] once = distilled(knows, sharp, digits).network().params().toFloatVector();
        assertArrayEquals(
                once, distilled(knows, smooth, digits).network().params().toFloatVector());
        assertFalse(Arrays.equals(
                once, train(sharp, Progress.NONE).network().params().toFloatVector()));
    }

    @Test
    void imagesMoveOnlyWhereThePlanSaysSo() {
        TrainingPlan one = PLAN.withEpochs(1);
        float[] still = train(one, Progress.NONE).network().params().toFloatVector();
        assertArrayEquals(
                still, train(one.withShift(0), Progress.NONE).network().params().toFloatVector());
        float[] moved =
                train(one.withShift(2), Progress.NONE).network().params().toFloatVector();
        assertFalse(Arrays.equals(still, moved));
        assertArrayEquals(
                moved, train(one.withShift(2), Progress.NONE).network().params().toFloatVector());
    }

    @Test
    void bentImagesAreNamedAndPlansWithoutThemKeepTheirText() {
        TrainingPlan plan = new TrainingPlan(20, 256, 1e-3, 0.1, 0.2, 1, 0.1, 0);
        String text = "TrainingPlan[epochs=20, batchSize=256, learningRate=0.001, inputDropout=0.1, hiddenDropout=0.2,"
                + " weightDecay=1.0, labelSmoothing=0.1, shift=";
        assertEquals(text + "0]", plan.toString());
        TrainingPlan bent = plan.withShift(1).withElastic(1.2);
        assertEquals(text + "1, elastic=1.2]", bent.toString());
        assertEquals("elastic", bent.augmentation());
        assertEquals(1.2, bent.withEpochs(3).withLearningRate(1).withShift(2).elastic());
        assertThrows(IllegalArgumentException.class, () -> plan.withElastic(6));
    }

    @Test
    void shiftIsKeptByOtherChangesOfAPlanAndNamesItsAugmentation() {
        TrainingPlan shifted = PLAN.withShift(1);
        assertEquals(1, shifted.withEpochs(7).withLearningRate(0.5).shift());
        assertEquals(
                new TrainingPlan(7, 25, 0.5, 0.1, 0.2, 0.1, 0.1, 1),
                shifted.withEpochs(7).withLearningRate(0.5));
        assertEquals(PLAN, shifted.withShift(0));
        assertEquals("none", PLAN.augmentation());
        assertEquals("shift", shifted.augmentation());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 28})
    void refusesAShiftThatLeavesNothingOfAnImage(int shift) {
        var error = assertThrows(IllegalArgumentException.class, () -> PLAN.withShift(shift));
        assertEquals("shift is " + shift + ", the range is 0 to 27", error.getMessage());
        assertEquals(27, PLAN.withShift(27).shift());
    }

    private TrainedNetwork distilled(MultiLayerNetwork teacher, TrainingPlan plan, DigitSet train) {
        return TrainingLoop.train(
                start, plan, Optional.of(new Teacher(teacher, 2)), train, Blobs.of(100, 2), 7, Progress.NONE);
    }

    private TrainedNetwork train(TrainingPlan plan, Progress progress) {
        return TrainingLoop.train(start, plan, digits, Blobs.of(100, 2), 7, progress);
    }
}
