package lowrank.svd;

import lowrank.linalg.NativeMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A sum over batches, of a few in float, where products write it, and of all in double. */
final class BatchSum {
    private static final int FEW = 4;

    private final INDArray sum;
    private final INDArray part;
    private int pending;

    BatchSum(long rows, long columns) {
        sum = Nd4j.create(DataType.DOUBLE, new long[] {rows, columns}, 'f');
        part = Nd4j.create(DataType.FLOAT, new long[] {rows, columns}, 'f');
    }

    /** Adds what is written to an array {@code c ← β c + …}. */
    void add(Product product) {
        product.write(pending == 0 ? 0 : 1, part);
        if (++pending == FEW) {
            widen();
        }
    }

    /** Something that can be written to an array in place of what it holds (β = 0) or in addition to it (β = 1). */
    interface Product {
        void write(double beta, INDArray c);
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
