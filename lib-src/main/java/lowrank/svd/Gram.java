package lowrank.svd;

import lowrank.linalg.Blas;
import lowrank.linalg.NativeMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code Σ xᵀy}, or the lower triangle of {@code Σ xᵀx}, over batches of rows x and y: over a few batches in float,
 * which the products write, and over all of them in double.
 */
final class Gram {
    private static final int FEW = 4;

    private final INDArray sum;
    private final INDArray part;
    private int pending;

    Gram(long rows, long columns) {
        sum = Nd4j.create(DataType.DOUBLE, new long[] {rows, columns}, 'f');
        part = Nd4j.create(DataType.FLOAT, new long[] {rows, columns}, 'f');
    }

    /** Adds {@code xᵀx}, float; x is not modified. */
    void add(INDArray x) {
        Blas.gram(x, pending == 0 ? 0 : 1, part);
        added();
    }

    /** Adds {@code xᵀy}, float; neither is modified. */
    void add(INDArray x, INDArray y) {
        Blas.product(1, x, true, y, false, pending == 0 ? 0 : 1, part);
        added();
    }

    private void added() {
        pending++;
        if (pending == FEW) {
            widen();
        }
    }

    private void widen() {
        sum.addi(part);
        pending = 0;
    }

    /** The sum, double; not a copy. Nothing can be added after. */
    INDArray total() {
        if (pending > 0) {
            widen();
        }
        NativeMemory.free(part);
        return sum;
    }
}
