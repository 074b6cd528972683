package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import lowrank.data.DigitData;
import lowrank.data.DigitSet;
import lowrank.network.MlpSpec;
import lowrank.training.Checkpoints;
import lowrank.training.Teacher;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final MlpSpec SPEC = new MlpSpec(DigitSet.PIXELS, List.of(6), DigitSet.CLASSES);
    private static final TrainingPlan PLAN = new TrainingPlan(1, 10, 1e-3, 0, 0, 0, 0, 0);
    private static final Optional<Teacher> NONE = Optional.empty();

    @TempDir
    Path folder;

    private final DigitData data = new DigitData("Noise", "0".repeat(64), noise(20), noise(10), noise(10));
    private final MemoryKernel kernel = new MemoryKernel();
    private final List<MultiLayerNetwork> starts = List.of(SPEC.create(1), SPEC.create(2));
    private Trainer trainer;

    @BeforeEach
    void forTwoSeeds() {
        trainer = new Trainer(new Checkpoints(folder, notice -> {}), data, new Notebook(kernel), new long[] {1, 2});
    }

    @Test
    void trainsOneNetworkASeedFromItsOwnStart() {
        List<TrainedNetwork> trained = trainer.all("dense", PLAN, starts);
        assertEquals(List.of(1L, 2L), trained.stream().map(TrainedNetwork::seed).toList());
        assertEquals(2, folder.toFile().list().length);
        assertFalse(Arrays.equals(parameters(trained.get(0)), parameters(trained.get(1))));
        assertArrayEquals(parameters(trained.get(0)), parameters(trainer.one("dense", PLAN, starts.get(0), NONE)));
        assertEquals(2, folder.toFile().list().length, "found again, not trained again");
    }

    @Test
    void trainingsOfSeveralSeedsOrRatesShareTheirOutputs() {
        trainer.all("dense", PLAN.withEpochs(2), starts);
        List<TrainingPlan> rates = List.of(PLAN.withLearningRate(0.1), PLAN.withLearningRate(1e-5));
        Map<TrainingPlan, TrainedNetwork> tried = trainer.each("rates", rates, starts.get(0));
        assertEquals(rates, List.copyOf(tried.keySet()));
        assertNotEquals(
                tried.get(rates.get(0)).history().toString(),
                tried.get(rates.get(1)).history().toString());
        assertEquals(
                List.of("dense, 2 trainings: 2 epochs", "Validation accuracy by epoch", "rates, 2 trainings: 1 epoch"),
                kernel.views().stream()
                        .map(view -> view.text().replaceFirst(" in .*", ""))
                        .toList());
    }

    @Test
    void interruptLeavesThoseThatHadEndedAndNothingElse() {
        trainer.one("dense", PLAN, starts.get(0), NONE);
        Thread calling = Thread.currentThread();
        var impatient = new Trainer(
                new Checkpoints(folder, notice -> {}),
                data,
                new Notebook(new MemoryKernel() {
                    @Override
                    public synchronized void update(String place, MimeBundle view) {
                        super.update(place, view);
                        calling.interrupt();
                    }
                }),
                new long[] {1, 2});
        assertThrows(CancellationException.class, () -> impatient.all("endless", PLAN.withEpochs(1_000_000), starts));
        assertFalse(Thread.interrupted());
        assertEquals(1, folder.toFile().list().length);
    }

    @Test
    void anotherTeacherTeachesSomethingElse() {
        TrainedNetwork untaught = trainer.one("distilled", PLAN, starts.get(0), NONE);
        TrainedNetwork taught =
                trainer.one("distilled", PLAN, starts.get(0), Optional.of(new Teacher(SPEC.create(3), 2)));
        TrainedNetwork otherwise =
                trainer.one("distilled", PLAN, starts.get(0), Optional.of(new Teacher(SPEC.create(4), 2)));
        assertFalse(Arrays.equals(parameters(untaught), parameters(taught)));
        assertFalse(Arrays.equals(parameters(otherwise), parameters(taught)));
        assertEquals(3, folder.toFile().list().length);
    }

    @Test
    void sharesAreTrainedBesideEachOtherAndShownAsOneCurveEach() {
        Map<Double, List<MultiLayerNetwork>> sizes = new LinkedHashMap<>();
        sizes.put(0.04, starts);
        sizes.put(0.005, List.of(SPEC.create(5), SPEC.create(6)));
        Map<Double, List<TrainedNetwork>> trained = trainer.all("small", PLAN.withEpochs(2), sizes, List.of());
        assertEquals(List.of(0.04, 0.005), List.copyOf(trained.keySet()));
        assertArrayEquals(
                parameters(trainer.one("alone", PLAN.withEpochs(2), starts.get(0), NONE)),
                parameters(trained.get(0.04).get(0)));
        assertEquals(2L, trained.get(0.005).get(1).seed());
        assertEquals(
                Set.of(
                        "small-0.5-percent-seed1",
                        "small-0.5-percent-seed2",
                        "small-4-percent-seed1",
                        "small-4-percent-seed2"),
                Arrays.stream(folder.toFile().list())
                        .filter(name -> name.startsWith("small"))
                        .map(name -> name.replaceFirst("(seed\\d).*", "$1"))
                        .collect(Collectors.toSet()));
        assertEquals(
                "small, 4 trainings: 2 epochs", kernel.views().get(0).text().replaceFirst(" in .*", ""));
    }

    @Test
    void eachSeedHasItsOwnTeacher() {
        List<Teacher> teachers =
                starts.stream().map(start -> new Teacher(start, 2)).toList();
        List<TrainedNetwork> taught =
                trainer.all("taught", PLAN, Map.of(1.0, starts), teachers).get(1.0);
        TrainedNetwork alone = trainer.one("alone", PLAN, starts.get(0), Optional.of(teachers.get(0)));
        assertArrayEquals(parameters(alone), parameters(taught.get(0)));
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> trainer.all("taught", PLAN, Map.of(1.0, starts), teachers.subList(0, 1)));
        assertEquals("1 teachers for 2 seeds: give one per seed", error.getMessage());
    }

    @Test
    void refusesAnotherNumberOfNetworksThanSeeds() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> trainer.all("dense", PLAN, starts.subList(0, 1)));
        assertEquals("1 networks to start from for 2 seeds: give one per seed", error.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> trainer.all("dense", PLAN, List.of(SPEC.create(1), SPEC.create(2), SPEC.create(3))));
        assertEquals(List.of(), kernel.views());
    }

    private static float[] parameters(TrainedNetwork trained) {
        return trained.network().params().toFloatVector();
    }

    private static DigitSet noise(int size) {
        byte[] pixels = new byte[size * DigitSet.PIXELS];
        new Random(size).nextBytes(pixels);
        byte[] labels = new byte[size];
        for (int i = 0; i < size; i++) {
            labels[i] = (byte) (i % DigitSet.CLASSES);
        }
        return new DigitSet(pixels, labels);
    }
}
