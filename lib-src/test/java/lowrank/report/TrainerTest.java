package lowrank.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lowrank.data.DigitData;
import lowrank.data.DigitSet;
import lowrank.network.MlpSpec;
import lowrank.training.Checkpoints;
import lowrank.training.Teacher;
import lowrank.training.Trained;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final MlpSpec SPEC = new MlpSpec(DigitSet.PIXELS, List.of(6), DigitSet.CLASSES);
  private static final TrainingPlan PLAN = new TrainingPlan(1, 10, 1e-3, 0, 0, 0, 0, 0);
  private static final Optional<Teacher> NONE = Optional.empty();

  @TempDir Path folder;
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
    List<Trained> trained = trainer.all("dense", PLAN, starts, List.of(NONE, NONE));
    assertEquals(List.of(1L, 2L), trained.stream().map(Trained::seed).toList());
    assertEquals(2, folder.toFile().list().length);
    assertFalse(Arrays.equals(parameters(trained.get(0)), parameters(trained.get(1))));
    assertArrayEquals(parameters(trained.get(0)), parameters(trainer.one("dense", PLAN, starts.get(0))));
    assertEquals(2, folder.toFile().list().length, "found again, not trained again");
  }

  @Test
  void eachSeedHasATeacherOfItsOwn() {
    var first = Optional.of(new Teacher(SPEC.create(3), 2));
    var second = Optional.of(new Teacher(SPEC.create(4), 2));
    List<Trained> taught = trainer.all("distilled", PLAN, starts, List.of(first, second));
    List<Trained> untaught = trainer.all("distilled", PLAN, starts, List.of(NONE, NONE));
    List<Trained> ofFirst = trainer.all("distilled", PLAN, starts, List.of(first, first));
    List<Trained> ofSecond = trainer.all("distilled", PLAN, starts, List.of(second, second));
    assertArrayEquals(parameters(ofFirst.get(0)), parameters(taught.get(0)));
    assertArrayEquals(parameters(ofSecond.get(1)), parameters(taught.get(1)));
    for (Trained other : List.of(ofFirst.get(1), untaught.get(1))) {
      assertFalse(Arrays.equals(parameters(other), parameters(taught.get(1))));
    }
    assertEquals(6, folder.toFile().list().length);
  }

  @Test
  void refusesAnotherNumberOfNetworksOrTeachersThanSeeds() {
    var error = assertThrows(IllegalArgumentException.class,
        () -> trainer.all("dense", PLAN, starts.subList(0, 1), List.of(NONE, NONE)));
    assertEquals("1 networks to start from and 2 to learn from for 2 seeds: give one a seed", error.getMessage());
    error = assertThrows(IllegalArgumentException.class, () -> trainer.all("dense", PLAN, starts, List.of(NONE)));
    assertEquals("2 networks to start from and 1 to learn from for 2 seeds: give one a seed", error.getMessage());
    assertThrows(IllegalArgumentException.class,
        () -> trainer.all("dense", PLAN, List.of(SPEC.create(1), SPEC.create(2), SPEC.create(3)), List.of(NONE, NONE, NONE)));
    assertEquals(List.of(), kernel.views());
  }

  private static float[] parameters(Trained trained) {
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
