package lowrank.svd;

import java.util.Arrays;
import java.util.stream.IntStream;
import lowrank.linalg.Blas;
import lowrank.linalg.Lapack;
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
 * @param output M, {@code [nOut, nOut]}; null if all outputs matter equally
 */
record Weighting(INDArray input, INDArray output) {
    /** Chosen on validation from 1e-3, 1e-2, 1e-1 and 3e-1. */
    static final double INPUT_FLOOR = 1e-1;
    /** Limit for squared sizes of weights, relative to the usual one. */
    private static final double SAME_UNIT = 1e3;
    /** Chosen on validation; 1e-1 gave the same accuracy. */
    static final double OUTPUT_FLOOR = 1e-2;

    /**
     * The Cholesky factor of a covariance whose eigenvalues are all raised by {@code floor} times their mean:
     * directions in which the sample does not vary are treated as varying this little, so that nothing is divided by
     * zero. For a covariance of zero, the identity.
     *
     * @param covariance {@code [n, n]}, double; only the lower triangle is read; not modified @param floor above 0
     */
    static INDArray root(INDArray covariance, double floor) {
        double[] raise = new double[covariance.rows()];
        double mean = Nd4j.diag(covariance).meanNumber().doubleValue();
        Arrays.fill(raise, mean > 0 ? floor * mean : 1);
        return Lapack.cholesky(covariance, raise);
    }

    /**
     * What is added to the variance of each input of a layer, for the same reason: a tenth of the mean variance.
     *
     * <p>Inputs may be measured in very different units, such as years and shares. The weights show this: an input with
     * weights w_i larger than 30 times or smaller than a 30th of the usual size, the median of ‖w_i‖, is converted to
     * the unit that would give its weights the usual size.
     *
     * @param covariance of the inputs, {@code [nIn, nIn]}, double; not modified
     * @param w {@code [nIn, nOut]}, double; its rows are w_i; not modified
     * @return ρ, one for each input; 1 each if the covariance is zero
     */
    static double[] inputRaise(INDArray covariance, INDArray w) {
        double[] variance = Nd4j.diag(covariance).toDoubleVector();
        double[] unit = w.mul(w).sum(1).toDoubleVector();
        double[] positive =
                Arrays.stream(unit).filter(each -> each > 0).sorted().toArray();
        double usual = positive.length == 0 ? 1 : positive[positive.length / 2];
        Arrays.setAll(unit, i -> unit[i] / usual);
        Arrays.setAll(unit, i -> unit[i] > SAME_UNIT || unit[i] < 1 / SAME_UNIT ? unit[i] : 1);
        double mean = IntStream.range(0, unit.length)
                .mapToDouble(i -> variance[i] * unit[i])
                .average()
                .orElseThrow();
        return Arrays.stream(unit)
                .map(each -> mean > 0 ? INPUT_FLOOR * mean / Math.max(each, 1) : 1)
                .toArray();
    }

    /** {@code Kᵀ W M}, in float: the matrix whose singular values show what each further rank is worth. */
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
     * @param weighted what {@link #weighted} or {@link #weightedSolution} makes of W; not modified
     * @return factors in float, of equal size in the weighted space
     */
    LowRankFactors truncate(INDArray weighted, int rank) {
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
