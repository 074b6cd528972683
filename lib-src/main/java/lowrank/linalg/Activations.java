package lowrank.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activations of each batch of images at one point of a network. This object owns the memory of its batches, so it
 * decides when they may be overwritten and when they are freed: {@link #become} reuses that memory, after which this
 * object may no longer be read; {@link #after} leaves the memory as it is for other readers. Batches of the caller are
 * only borrowed: they are never overwritten and never freed.
 */
public final class Activations implements AutoCloseable {
    private final List<INDArray> batches;
    private final boolean lent;

    private Activations(List<INDArray> batches, boolean lent) {
        this.batches = batches;
        this.lent = lent;
    }

    /** Activations whose batches belong to the caller. */
    public static Activations lent(List<INDArray> batches) {
        return new Activations(batches, true);
    }

    /** The batches, valid until the next step. */
    public List<INDArray> batches() {
        return batches;
    }

    /** Applies a step to each batch, in new memory; this object stays unchanged. */
    public Activations after(UnaryOperator<INDArray> step) {
        return new Activations(Workspaces.map(batches, step), false);
    }

    /**
     * Does the same in the memory of this object, which is overwritten, or freed if a result has another shape. A
     * result must not share the memory of its batch, unless it is the batch itself.
     */
    public Activations become(UnaryOperator<INDArray> step) {
        if (lent) {
            return after(step);
        }
        List<INDArray> results = new ArrayList<>();
        for (INDArray batch : batches) {
            Interruption.check("looking at activations");
            try (MemoryWorkspace scratch = Workspaces.open()) {
                INDArray result = step.apply(batch);
                if (result != batch && batch.equalShapes(result)) {
                    result = batch.assign(result);
                } else if (result != batch) {
                    result = result.detach();
                    NativeMemory.free(batch);
                }
                results.add(result);
            }
        }
        return new Activations(results, false);
    }

    /** Frees the memory, unless it belongs to the caller. */
    @Override
    public void close() {
        if (!lent) {
            NativeMemory.free(batches);
        }
    }
}
