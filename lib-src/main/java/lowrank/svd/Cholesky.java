package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The Cholesky factor of a positive definite matrix, {@code A = K · Kᵀ}, for products and solutions with it. Blocks of
 * a few columns are factored one after the other, and all else is matrix products.
 *
 * <p>LAPACK's {@code potrf} and BLAS's {@code trsm} would do the same, but not in the OpenBLAS 0.3.19 of ND4J
 * 1.0.0-M2.1: with its AVX-512 kernels (SkylakeX) {@code dtrsm} is wrong from 8 × 8 on, without an error, and
 * {@code dpotrf} fails above 32 × 32. Its products are right.
 *
 * @param k {@code [n, n]}, double unless {@link #narrow}, zero above its diagonal
 * @param inverses those of the blocks on the diagonal of K
 */
record Cholesky(INDArray k, List<INDArray> inverses) {
    private static final int BLOCK = 64;
    private static final int WIDE = 256;

    /**
     * @param a {@code [n, n]}, double, symmetric, of which the lower triangle is read; not modified
     * @throws ArithmeticException if {@code a} is not positive definite
     */
    static Cholesky of(INDArray a) {
        return of(a, 0);
    }

    /** The same of {@code a} with {@code shift} added to its diagonal. */
    static Cholesky of(INDArray a, double shift) {
        int n = a.rows();
        Cholesky factored = new Cholesky(a.dup('f'), new ArrayList<>());
        for (int from = 0; from < n; from += BLOCK) {
            factored.factor(from, Math.min(n, from + BLOCK), shift);
        }
        factored.clearAbove();
        return factored;
    }

    private void factor(int from, int to, double shift) {
        int n = k.rows();
        if (from > 0) {
            Blas.product(-1, part(from, n, 0, from), false, part(from, to, 0, from), true, 1, part(from, n, from, to));
        }
        INDArray corner = part(from, to, from, to);
        CholeskyBlock block = CholeskyBlock.of(corner, shift);
        corner.assign(block.k());
        inverses.add(block.inverse());
        if (to < n) {
            INDArray below = part(to, n, from, to);
            Blas.product(1, below.dup('f'), false, block.inverse(), true, 0, below);
        }
    }

    private void clearAbove() {
        DoublePointer first = Blas.doubles(k);
        for (long column = 1; column < k.columns(); column++) {
            Pointer.memset(first.getPointer(column * k.rows()), 0, column * Double.BYTES);
        }
        Blas.keepUntilHere(k);
    }

    /** The same in float: for solutions and products whose last digits do not matter, in half the time. */
    Cholesky narrow() {
        return new Cholesky(
                k.castTo(DataType.FLOAT),
                inverses.stream().map(each -> each.castTo(DataType.FLOAT)).toList());
    }

    /** {@code K⁻¹ · B}, into B: {@code [n, m]}, of the type of K, 'f'. */
    void solveLower(INDArray b) {
        int block = 0;
        for (int from = 0; from < k.rows(); from += BLOCK) {
            int to = Math.min(k.rows(), from + BLOCK);
            INDArray part = rows(b, from, to);
            if (from > 0) {
                Blas.product(-1, part(from, to, 0, from), false, rows(b, 0, from), false, 1, part);
            }
            Blas.product(1, inverses.get(block++), false, part.dup('f'), false, 0, part);
        }
    }

    /** {@code K⁻ᵀ · B}, into B: {@code [n, m]}, of the type of K, 'f'. */
    void solveUpper(INDArray b) {
        for (int block = inverses.size() - 1; block >= 0; block--) {
            int from = block * BLOCK;
            int to = Math.min(k.rows(), from + BLOCK);
            INDArray part = rows(b, from, to);
            if (to < k.rows()) {
                Blas.product(-1, part(to, k.rows(), from, to), true, rows(b, to, k.rows()), false, 1, part);
            }
            Blas.product(1, inverses.get(block), true, part.dup('f'), false, 0, part);
        }
    }

    /** {@code A⁻¹ · B} for B {@code [n, m]}, of the type of K; not modified. */
    INDArray solve(INDArray b) {
        INDArray solution = b.dup('f');
        solveLower(solution);
        solveUpper(solution);
        return solution;
    }

    /**
     * {@code B · K}, without the products with what is zero in K.
     *
     * @param b {@code [m, n]}, of the type of K; not modified
     */
    INDArray timesK(INDArray b) {
        INDArray product = Nd4j.createUninitialized(b.dataType(), b.shape(), 'f');
        int n = k.rows();
        for (int from = 0; from < n; from += WIDE) {
            int to = Math.min(n, from + WIDE);
            Blas.product(1, columns(b, from, n), false, part(from, n, from, to), false, 0, columns(product, from, to));
        }
        return product;
    }

    private static INDArray columns(INDArray b, int from, int to) {
        return b.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    private INDArray part(int top, int bottom, int left, int right) {
        return k.get(NDArrayIndex.interval(top, bottom), NDArrayIndex.interval(left, right));
    }

    private static INDArray rows(INDArray b, int from, int to) {
        return b.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }
}
