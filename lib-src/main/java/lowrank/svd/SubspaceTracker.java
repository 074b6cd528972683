package lowrank.svd;

import java.util.Arrays;
import lowrank.linalg.Blas;
import lowrank.linalg.Lapack;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The leading singular triplets of a matrix that changes a little at a time, at a small part of the cost of an SVD.
 *
 * <p>Keeps V, with {@code k = r + oversampling} columns, from the previous step. For a new W one subspace iteration
 * (Halko, Martinsson and Tropp 2011, algorithm 4.4) gives
 *
 * <pre>
 *   Q = orth(W V)       [m, k]
 *   Z = Wᵀ Q            [n, k]
 *   Zᵀ Z = B Σ² Bᵀ      a small eigenproblem, so W ≈ Q Zᵀ = (Q B) (Z B)ᵀ
 *   L = Q B_r,  R = (Z B_r)ᵀ,  V ← Z B
 * </pre>
 *
 * It takes two products with W, of k columns each; all other matrices have k columns as well. The columns beyond r hold
 * the directions that are about to become leading ones; without them, a direction that grows late would never be found.
 *
 * <p>The columns of V are singular vectors of the previous matrix, times its singular values, so those of {@code W V}
 * are nearly orthogonal. For such a matrix, the Cholesky factor of the Gram matrix gives an orthonormal basis as good
 * as that of Householder's QR, however much the columns differ in length (Demmel and Veselić 1992), at a fifth of the
 * time. If a column has vanished, QR is used instead.
 */
public final class SubspaceTracker {
    private final int rank;
    private final int oversampling;
    /** V and the working memory of a step: allocated by {@link #restart}, overwritten by each step. */
    private INDArray right;

    private INDArray image;
    private INDArray basis;
    private INDArray z;
    private INDArray gram;
    private INDArray small;
    private INDArray left;
    private LowRankFactors ofLastStep;
    private LowRankFactors factors;

    /**
     * @param rank of the factors, at least 1
     * @param oversampling columns kept beyond the rank, 0 or above; fewer are kept where the matrix has fewer
     */
    public SubspaceTracker(int rank, int oversampling) {
        if (rank < 1 || oversampling < 0) {
            throw new IllegalArgumentException("rank " + rank + " with oversampling " + oversampling
                    + ": the rank is at least 1, the oversampling at least 0");
        }
        this.rank = rank;
        this.oversampling = oversampling;
    }

    /**
     * Starts again from the exact SVD of a matrix.
     *
     * @param w {@code [m, n]}; not modified
     * @throws IllegalArgumentException if the rank is above {@code min(m, n)}, or {@code w} is not finite
     */
    public void restart(INDArray w) {
        TruncatedSvd.requireRank(rank, w.rows(), w.columns());
        try (Lapack.Svd svd = Lapack.svd(w)) {
            var columns = NDArrayIndex.interval(
                    0, Math.min(rank + oversampling, svd.vt().rows()));
            basis = svd.u().get(NDArrayIndex.all(), columns).dup('f');
            right = svd.vt()
                    .get(columns, NDArrayIndex.all())
                    .transpose()
                    .dup('f')
                    .muliRowVector(svd.s().get(columns));
        }
        image = basis.dup('f');
        left = leading(basis).dup('f');
        z = right.dup('f');
        gram = Nd4j.createUninitialized(w.dataType(), new long[] {basis.columns(), basis.columns()}, 'f');
        small = gram.dup('f');
        ofLastStep = new LowRankFactors(left, leading(right).transpose());
        factors = ofLastStep;
    }

    /**
     * Follows the matrix by one subspace iteration.
     *
     * @param w of the shape given to {@link #restart}; not modified
     * @throws IllegalStateException if {@link #restart} was never called
     * @throws IllegalArgumentException if the shape differs, or {@code w} holds NaN
     */
    public void follow(INDArray w) {
        requireFollows(w);
        Nd4j.gemm(w, right, image, false, false, 1, 0);
        orthonormalize();
        Nd4j.gemm(w, basis, z, true, false, 1, 0);
        double[] eigenvectors = gram(z);
        Lapack.eigenvectors(eigenvectors, gram.columns());
        int k = gram.columns();
        write((row, column) -> eigenvectors[(k - 1 - column) * k + row]);
        Nd4j.gemm(basis, leading(small), left, false, false, 1, 0);
        Nd4j.gemm(z, small, right, false, false, 1, 0);
        factors = ofLastStep;
    }

    /** {@code Q = Y K⁻ᵀ} with {@code K Kᵀ = Yᵀ Y}, Y being the image of V. */
    private void orthonormalize() {
        try {
            int k = gram.columns();
            double[] inverse = gram(image);
            Lapack.invertCholesky(inverse, k);
            write((row, column) -> row <= column ? inverse[row * k + column] : 0);
            Nd4j.gemm(image, small, basis, false, false, 1, 0);
        } catch (ArithmeticException singular) {
            basis.assign(Lapack.orthonormalize(image));
        }
    }

    /** {@code Aᵀ A}, which is symmetric: row by row or column by column is the same. */
    private double[] gram(INDArray a) {
        Nd4j.gemm(a, a, gram, true, false, 1, 0);
        return gram.data().asDouble();
    }

    private void write(Entry entry) {
        int k = small.columns();
        DataBuffer data = small.data();
        for (int column = 0; column < k; column++) {
            for (int row = 0; row < k; row++) {
                data.put((long) column * k + row, entry.at(row, column));
            }
        }
    }

    private interface Entry {
        double at(int row, int column);
    }

    private INDArray leading(INDArray columns) {
        return columns.get(NDArrayIndex.all(), NDArrayIndex.interval(0, rank));
    }

    /**
     * Projects the matrix onto the current left subspace, {@code L (Lᵀ w)}: one thin product, and no new direction.
     *
     * @param w of the shape given to {@link #restart}; not modified
     * @throws IllegalStateException if {@link #restart} was never called
     * @throws IllegalArgumentException if the shape differs
     */
    public void project(INDArray w) {
        requireFollows(w);
        factors = new LowRankFactors(left, Nd4j.gemm(left, w, true, false));
    }

    private void requireFollows(INDArray w) {
        if (right == null) {
            throw new IllegalStateException("there is no subspace to follow yet: call restart first");
        }
        if (w.columns() != right.rows() || w.rows() != left.rows()) {
            throw new IllegalArgumentException(
                    "a matrix of shape " + Arrays.toString(w.shape()) + " follows one of shape [" + left.rows() + ", "
                            + right.rows() + "]: give one of the same shape, or call restart");
        }
    }

    /**
     * The factors of the last matrix seen: L with orthonormal columns, and {@code R = Lᵀ W} except for rounding. They
     * are in this tracker's memory: the next step overwrites them.
     */
    public LowRankFactors factors() {
        return factors;
    }

    /**
     * The share of the energy of {@code T_r(w)} that the tracked left subspace misses, {@code 1 − ‖Lᵀ w‖F² / Σ_{i≤r}
     * s_i²}: 0 where it is the leading one, or w is zero. Costs a full SVD; changes nothing.
     *
     * @param w of the shape followed; not modified
     * @throws IllegalStateException if {@link #restart} was never called
     */
    public double energyGap(INDArray w) {
        requireFollows(w);
        double exact = Blas.sumOfSquares(Lapack.singularValues(w).get(NDArrayIndex.interval(0, rank)));
        double captured = Blas.sumOfSquares(left.transpose().mmul(w));
        return exact == 0 ? 0 : Math.max(0, 1 - captured / exact);
    }
}
