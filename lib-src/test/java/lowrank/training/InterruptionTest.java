package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import lowrank.data.DigitSet;
import lowrank.network.MlpSpec;
import lowrank.svd.ActivationAware;
import lowrank.svd.BudgetSearch;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What takes long asks whether it was interrupted: the sooner, the more often it does. */
class InterruptionTest {
    private static final DigitSet DIGITS = Blobs.of(100, 1);
    private static final MultiLayerNetwork NETWORK =
            new MlpSpec(DigitSet.PIXELS, List.of(30, 20), DigitSet.CLASSES).create(1);
    private static final INDArray IMAGES = DIGITS.images(0, 100);
    private static final ActivationAware AWARE = ActivationAware.of(NETWORK, IMAGES);
    private static final TrainingPlan PLAN = new TrainingPlan(2, 10, 1e-3, 0, 0, 0, 0, 0);
    private static final Map<String, Executable> WORK = new LinkedHashMap<>();

    static {
        MultiLayerNetwork dynamic = DynamicSvd.of(NETWORK, 3, Truncation.TRACKED_EACH_STEP);
        WORK.put("decomposing a matrix", () -> TruncatedSvd.of(IMAGES, 2));
        WORK.put("decomposing a network", () -> NetworkSvd.of(NETWORK));
        WORK.put("truncating a network", () -> NetworkSvd.truncate(NETWORK, 2));
        WORK.put("looking at activations", () -> ActivationAware.of(NETWORK, IMAGES));
        WORK.put("compressing", () -> AWARE.compress(2));
        WORK.put("spectra", () -> ActivationAware.of(NETWORK, IMAGES).spectra());
        WORK.put("searching", () -> BudgetSearch.of(AWARE).smallest(network -> Accuracy.of(network, DIGITS), 0.1));
        WORK.put("measuring", () -> Accuracy.of(NETWORK, DIGITS));
        WORK.put("teaching", () -> new Teacher(NETWORK, 2).targets(DIGITS));
        WORK.put("training", () -> TrainingLoop.train(NETWORK, PLAN, DIGITS, DIGITS, 1, Progress.NONE));
        WORK.put("output of dynamic SVD", () -> dynamic.output(IMAGES));
        WORK.put("drift", () -> Drift.measure(dynamic, PLAN, DIGITS, 1, 4, 2));
        WORK.put("comparing steps", () -> StepComparison.of(Map.of("a", NETWORK), PLAN, DIGITS, DIGITS, 1, 3));
    }

    static Stream<String> work() {
        return WORK.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("work")
    void endsAndLeavesTheThreadAsItWasBefore(String work) throws Throwable {
        Thread.currentThread().interrupt();
        try {
            var error = assertThrows(CancellationException.class, WORK.get(work));
            assertTrue(error.getMessage().contains("run the cell again"), error.getMessage());
            assertFalse(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        WORK.get(work).execute();
    }
}
