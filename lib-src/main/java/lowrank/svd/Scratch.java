package lowrank.svd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for what is computed of one batch and forgotten with it. Without it each array is new memory, which the system
 * has to hand over page by page, until the collector runs.
 */
final class Scratch {
  private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
      .policyAllocation(AllocationPolicy.OVERALLOCATE).overallocationLimit(0.2).policyLearning(LearningPolicy.FIRST_LOOP)
      .policyReset(ResetPolicy.BLOCK_LEFT).policySpill(SpillPolicy.REALLOCATE).build();

  private Scratch() {}

  /** What becomes of each batch, in memory of its own. */
  static List<INDArray> map(List<INDArray> batches, UnaryOperator<INDArray> step) {
    List<INDArray> results = new ArrayList<>();
    for (INDArray batch : batches) {
      try (MemoryWorkspace scratch = open()) {
        results.add(step.apply(batch).detach());
      }
    }
    return results;
  }

  /** Until it is closed, arrays that are made by this thread live in it, and die with it. */
  static MemoryWorkspace open() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, "lowrank.svd.batch");
  }

  /** The same for what is computed of a whole layer; {@link #open} may be used inside. */
  static MemoryWorkspace openLayer() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, "lowrank.svd.layer");
  }

  /** Gives the memory of arrays back at once, but for those that are also kept; the collector would, some time. */
  static void free(List<INDArray> arrays, List<List<INDArray>> kept) {
    Set<INDArray> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.forEach(needed::addAll);
    for (INDArray array : arrays) {
      if (needed.add(array) && array.closeable()) {
        array.close();
      }
    }
  }
}
