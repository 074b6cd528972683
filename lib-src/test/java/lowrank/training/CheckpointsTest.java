package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lowrank.data.DigitData;
import lowrank.data.DigitSet;
import lowrank.linalg.Blas;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final TrainingPlan PLAN = new TrainingPlan(1, 50, 1e-3, 0, 0, 0, 0, 0);

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
    private final DigitData data =
            new DigitData("Bands", "0".repeat(64), Blobs.of(100, 1), Blobs.of(50, 2), Blobs.of(50, 3));
    private final MultiLayerNetwork start = new MlpSpec(DigitSet.PIXELS, List.of(10), DigitSet.CLASSES).create(1);
    private int trainings;

    @Test
    void trainsOnceAndReadsAfterwards() {
        TrainedNetwork first = trained(PLAN, 1);
        TrainedNetwork second = trained(PLAN, 1);
        assertEquals(1, trainings);
        assertArrayEquals(
                first.network().params().toFloatVector(),
                second.network().params().toFloatVector());
        assertEquals(first.history().toString(), second.history().toString());
        assertEquals(List.of(), notices);
    }

    @Test
    void networkThatOtherKernelsTrainedIsUsedAndThatIsSaid() throws IOException {
        trained(PLAN, 1);
        trained(PLAN, 2);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try (var zip = FileSystems.newFileSystem(file)) {
                    assertEquals(Blas.computer(), Files.readString(zip.getPath("made-by.txt")));
                    Files.writeString(zip.getPath("made-by.txt"), "OpenBLAS on a Zen, 64 threads");
                }
            }
        }
        var checkpoints = new Checkpoints(folder, notices::add);
        checkpoints.trained("dense", start, PLAN, data, 1, (soFar, state) -> trainings++);
        checkpoints.trained("dense", start, PLAN, data, 2, (soFar, state) -> trainings++);
        assertEquals(2, trainings, "not trained again");
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("trained by OpenBLAS on a Zen, 64 threads"), notices.get(0));
    }

    @Test
    void anotherNumberOfThreadsIsRecordedAndNotSaid() throws IOException {
        SideBySide.all(2, 2, i -> checkpoints().trained("dense", start, PLAN, data, i, Progress.NONE));
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try (var zip = FileSystems.newFileSystem(file)) {
                    String madeBy = Files.readString(zip.getPath("made-by.txt"));
                    assertTrue(madeBy.endsWith(", 1 thread"), madeBy);
                    Files.writeString(zip.getPath("made-by.txt"), madeBy.replace(", 1 thread", ", 64 threads"));
                }
            }
        }
        trained(PLAN, 0);
        assertEquals(0, trainings, "not trained again");
        assertEquals(List.of(), notices);
    }

    @Test
    void theSameTrainingTwiceAtATimeLeavesOneWholeFile() throws IOException {
        Checkpoints shared = checkpoints();
        SideBySide.all(4, 4, i -> shared.trained("dense", start, PLAN, data, 1, Progress.NONE));
        assertEquals(1, Files.list(folder).count());
        trained(PLAN, 1);
        assertEquals(0, trainings, "not trained again");
        assertEquals(List.of(), notices);
    }

    private Checkpoints checkpoints() {
        return new Checkpoints(folder, notices::add);
    }

    @Test
    void tellsThatATrainingWasKept() {
        TrainedNetwork first = trained(PLAN, 1);
        List<String> kept = new ArrayList<>();
        new Checkpoints(folder, notices::add).trained("dense", start, PLAN, data, 1, new Progress() {
            @Override
            public void update(TrainingHistory soFar, State state) {
                throw new AssertionError("it is not trained again");
            }

            @Override
            public void kept(TrainingHistory whole) {
                kept.add(whole.toString());
            }
        });
        assertEquals(List.of(first.history().toString()), kept);
    }

    @Test
    void anotherPlanSeedOrStartIsAnotherTraining() {
        trained(PLAN, 1);
        trained(PLAN.withLearningRate(2e-3), 1);
        trained(PLAN, 2);
        start.params().putScalar(0, 0.5);
        trained(PLAN, 1);
        assertEquals(4, trainings);
    }

    @Test
    void movedImagesAreAnotherTraining() {
        trained(PLAN, 1);
        trained(PLAN.withShift(1), 1);
        trained(PLAN.withShift(1), 1);
        assertEquals(2, trainings);
    }

    @Test
    void anotherTeacherOrTemperatureIsAnotherTrainingAndTheSameIsNot() {
        MultiLayerNetwork teacher = new MlpSpec(DigitSet.PIXELS, List.of(12), DigitSet.CLASSES).create(2);
        trained(PLAN, 1);
        distilled(new Teacher(teacher, 2));
        distilled(new Teacher(teacher.clone(), 2));
        assertEquals(2, trainings);
        distilled(new Teacher(teacher, 3));
        assertEquals(3, trainings);
        MultiLayerNetwork other = teacher.clone();
        other.params().putScalar(0, 0.5);
        distilled(new Teacher(other, 2));
        assertEquals(4, trainings);
    }

    @Test
    void brokenFileIsTrainedAgainAndThatIsSaid() throws IOException {
        trained(PLAN, 1);
        Path file = Files.list(folder).findFirst().orElseThrow();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        trained(PLAN, 1);
        assertEquals(2, trainings);
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("training it again"), notices.get(0));
        trained(PLAN, 1);
        assertEquals(2, trainings);
    }

    @Test
    void fileOfAnotherPlanIsTrainedAgainAndThatIsSaid() throws IOException {
        trained(PLAN.withEpochs(2), 1);
        Path other = Files.list(folder).findFirst().orElseThrow();
        TrainedNetwork right = trained(PLAN, 1);
        Path file = Files.list(folder)
                .filter(path -> !path.equals(other))
                .findFirst()
                .orElseThrow();
        Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(
                right.history().epochs().size(),
                trained(PLAN, 1).history().epochs().size());
        assertEquals(3, trainings);
        assertTrue(notices.get(0).contains("it is of another plan"), notices.get(0));
    }

    @Test
    void otherDataIsAnotherTraining() {
        trained(PLAN, 1);
        var other = new DigitData("Bands", "1".repeat(64), data.train(), data.validation(), data.test());
        new Checkpoints(folder, notices::add).trained("dense", start, PLAN, other, 1, Progress.NONE);
        new Checkpoints(folder, notices::add).trained("dense", start, PLAN, data.first(90, 50, 50), 1, Progress.NONE);
        assertEquals(3, folder.toFile().list().length);
    }

    @Test
    void leavesNoPartialFile() throws IOException {
        trained(PLAN, 1);
        assertEquals(1, Files.list(folder).count());
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        var checkpoints = new Checkpoints(file, notices::add);
        var error = assertThrows(
                UncheckedIOException.class,
                () -> checkpoints.trained("dense", start, PLAN, data, 1, (soFar, state) -> trainings++));
        assertTrue(
                error.getMessage().contains("make room there, allow writing, or name another folder"),
                error.getMessage());
        assertEquals(0, trainings, "found out before training, not after");
    }

    private TrainedNetwork trained(TrainingPlan plan, long seed) {
        return trained(plan, Optional.empty(), seed);
    }

    private TrainedNetwork distilled(Teacher teacher) {
        return trained(PLAN, Optional.of(teacher), 1);
    }

    private TrainedNetwork trained(TrainingPlan plan, Optional<Teacher> teacher, long seed) {
        boolean[] ran = {false};
        TrainedNetwork trained = new Checkpoints(folder, notices::add)
                .trained("dense", start, plan, teacher, data, seed, (soFar, state) -> ran[0] = true);
        trainings += ran[0] ? 1 : 0;
        return trained;
    }
}
