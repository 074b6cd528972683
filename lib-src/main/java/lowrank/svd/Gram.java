package lowrank.svd;

import lowrank.linalg.Blas;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code Σ xᵀx} over batches of rows x, as a {@link BatchSum}. */
final class Gram {
    private final BatchSum sum;

    /** @param n numbers in a row */
    Gram(int n) {
        sum = new BatchSum(n, n);
    }

    /** @param x {@code [b, n]}, float; not modified */
    void add(INDArray x) {
        sum.add((beta, c) -> Blas.gram(x, beta, c));
    }

    /**
     * The sum, {@code [n, n]}, double: its lower triangle, with zeros above. Not a copy; nothing can be added after.
     */
    INDArray lower() {
        return sum.total();
    }
}
