package lowrank.svd;

import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which errors of a weight matrix matter. For inputs of covariance {@code C = K Kᵀ} and an output error e that costs
 * {@code e G eᵀ} with {@code G = M Mᵀ}, replacing W by Ŵ costs
 *
 * <pre>
 *   E‖(x − μ)(W − Ŵ)‖²_G = ‖Kᵀ (W − Ŵ) M‖F²
 * </pre>
 *
 * so the best Ŵ of rank r comes from the truncated SVD of {@code Kᵀ W M} (Eckart and Young, in the weighted norm):
 * {@code Kᵀ W M ≈ U diag(s) Vᵀ}, {@code L = K⁻ᵀ U √s}, {@code R = √s Vᵀ M⁻¹}. K and M are Cholesky factors.
 *
 * @param input K, {@code [nIn, nIn]}
 * @param output M, {@code [nOut, nOut]}; null where all outputs matter alike
 */
record Weighting(INDArray input, INDArray output) {
    /** Chosen on validation out of 1e-3, 1e-2, 1e-1 and 3e-1. */
    static final double INPUT_FLOOR = 1e-1;
    /** Chosen on validation; 1e-1 read the same. */
    static final double OUTPUT_FLOOR = 1e-2;

    /**
     * The Cholesky factor of a covariance whose eigenvalues are all raised by {@link #raise}.
     *
     * @param covariance {@code [n, n]}, double, of which the lower triangle is read; not modified
     * @param floor above 0
     */
    static INDArray root(INDArray covariance, double floor) {
        return Lapack.cholesky(covariance, raise(covariance, floor));
    }

    /**
     * {@code floor} times the mean of the eigenvalues of a covariance: directions in which the sample does not vary are
     * taken to vary that little, so that nothing is divided by zero. Of a covariance that is zero, 1.
     */
    static double raise(INDArray covariance, double floor) {
        double mean = Nd4j.diag(covariance).meanNumber().doubleValue();
        return mean <= 0 ? 1 : floor * mean;
    }

    /** {@code Kᵀ W M}, in float: the matrix whose singular values say what each further rank is worth. */
    INDArray weighted(INDArray w) {
        return outputWeighted(Nd4j.gemm(input, w, true, false).castTo(DataType.FLOAT));
    }

    /**
     * The same of {@code W = C⁻¹ B}, {@code K⁻¹ B M}, without W.
     *
     * @param b B, {@code [nIn, nOut]}, double; not modified
     */
    INDArray weightedSolution(INDArray b) {
        INDArray solution = b.castTo(DataType.FLOAT).dup('f');
        Blas.solve(input.castTo(DataType.FLOAT), false, solution);
        return outputWeighted(solution);
    }

    private INDArray outputWeighted(INDArray left) {
        if (output != null) {
            Blas.timesLower(left, output.castTo(DataType.FLOAT));
        }
        return left;
    }

    /** The singular values of {@link #weighted}. */
    Spectrum spectrum(INDArray w) {
        return Spectrum.of(Lapack.singularValues(weighted(w)));
    }

    /**
     * The factors of rank r that cost least.
     *
     * @param w {@code [nIn, nOut]}, double; not modified
     * @return factors in float, of equal size in the weighted space
     */
    LowRankFactors truncate(INDArray w, int rank) {
        return truncateWeighted(weighted(w), rank);
    }

    /** The same for what {@link #weighted} or {@link #weightedSolution} makes of W. */
    LowRankFactors truncateWeighted(INDArray weighted, int rank) {
        LowRankFactors inner = TruncatedSvd.iterated(weighted, rank).balancedFactors();
        INDArray left = inner.left().castTo(DataType.DOUBLE).dup('f');
        Blas.solve(input, true, left);
        INDArray right = inner.right().transpose().castTo(DataType.DOUBLE).dup('f');
        if (output != null) {
            Blas.solve(output, true, right);
        }
        return new LowRankFactors(
                left.castTo(DataType.FLOAT),
                right.transpose().castTo(DataType.FLOAT).dup('f'));
    }
}
