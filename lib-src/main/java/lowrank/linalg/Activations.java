package lowrank.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What there is of each batch of images at one point of a network. It owns the memory of its batches, and so says when
 * they may be overwritten and who gives them back: {@link #become} moves on in that memory, after which this one may
 * not be read; {@link #after} leaves it to whoever reads on from here. Batches of the caller are lent: they are never
 * overwritten, and not given back.
 */
public final class Activations implements AutoCloseable {
    private final List<INDArray> batches;
    private final boolean lent;

    private Activations(List<INDArray> batches, boolean lent) {
        this.batches = batches;
        this.lent = lent;
    }

    /** Batches that stay the caller's. */
    public static Activations lent(List<INDArray> batches) {
        return new Activations(batches, true);
    }

    /** The batches, to be read until the next step. */
    public List<INDArray> batches() {
        return batches;
    }

    /** What becomes of each batch, in new memory; this one stays as it is. */
    public Activations after(UnaryOperator<INDArray> step) {
        return new Activations(Workspaces.map(batches, step), false);
    }

    /**
     * The same in the memory of this one, which is overwritten, or given back where a result is of another shape. A
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

    /** Gives the memory back, unless it is the caller's. */
    @Override
    public void close() {
        if (!lent) {
            NativeMemory.free(batches);
        }
    }
}
