package lowrank.linalg;

import java.util.ArrayList;
import java.util.List;
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
 * Memory for temporary results that are needed only for one batch. Without it, each array takes new memory, which the
 * system has to provide page by page, until the collector runs.
 */
public final class Workspaces {
    private static final String BATCH = "lowrank.linalg.batch";
    private static final String LAYER = "lowrank.linalg.layer";
    private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .overallocationLimit(0.2)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    private Workspaces() {}

    /** Applies a function to each batch; the results have their own memory. */
    public static List<INDArray> map(List<INDArray> batches, UnaryOperator<INDArray> step) {
        List<INDArray> results = new ArrayList<>();
        for (INDArray batch : batches) {
            Interruption.check("looking at activations");
            try (MemoryWorkspace scratch = open()) {
                results.add(step.apply(batch).detach());
            }
        }
        return results;
    }

    /** Until it is closed, arrays that this thread makes are in this workspace; closing it frees them. */
    public static MemoryWorkspace open() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, BATCH);
    }

    /** The same for temporary results of a whole layer; {@link #open} may be used inside. */
    public static MemoryWorkspace openLayer() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, LAYER);
    }

    /** Frees the memory that this thread keeps for {@link #open} and {@link #openLayer}; both must be closed. */
    public static void release() {
        for (String id : new String[] {BATCH, LAYER}) {
            if (Nd4j.getWorkspaceManager().checkIfWorkspaceExists(id)) {
                Nd4j.getWorkspaceManager()
                        .destroyWorkspace(Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(CONFIGURATION, id));
            }
        }
    }
}
