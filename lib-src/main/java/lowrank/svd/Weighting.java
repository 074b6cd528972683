package lowrank.svd;

import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which errors of a weight matrix matter. For inputs of covariance {@code C = K Kᵀ} and an output error e that
 * costs {@code e G eᵀ} with {@code G = M Mᵀ}, replacing W by Ŵ costs
 * <pre>
 *   E‖(x − μ)(W − Ŵ)‖²_G = ‖Kᵀ (W − Ŵ) M‖F²
 * </pre>
 * so the best Ŵ of rank r comes from the truncated SVD of {@code Kᵀ W M} (Eckart and Young, in the weighted
 * norm): {@code Kᵀ W M ≈ U diag(s) Vᵀ}, {@code L = K⁻ᵀ U √s}, {@code R = √s Vᵀ M⁻¹}. K and M are Cholesky factors.
 *
 * @param input K, {@code [nIn, nIn]}
 * @param output M, {@code [nOut, nOut]}; null where all outputs matter alike
 */
record Weighting(Cholesky input, Cholesky output) {
  /** Chosen on validation out of 1e-3, 1e-2, 1e-1 and 3e-1. */
  static final double INPUT_FLOOR = 1e-1;
  /** Chosen on validation; 1e-1 read the same. */
  static final double OUTPUT_FLOOR = 1e-2;

  /**
   * The Cholesky factor of a covariance whose eigenvalues are all raised by {@code floor} times their mean: directions
   * in which the sample does not vary are taken to vary that little, so that nothing is divided by zero. Of a covariance
   * that is zero, the identity.
   *
   * @param covariance {@code [n, n]}, double; not modified
   * @param floor above 0
   */
  static Cholesky root(INDArray covariance, double floor) {
    int n = covariance.rows();
    INDArray identity = Nd4j.eye(n).castTo(DataType.DOUBLE);
    double mean = Nd4j.diag(covariance).meanNumber().doubleValue();
    return Cholesky.of(mean <= 0 ? identity : identity.muli(floor * mean).addi(covariance));
  }

  /** {@code Kᵀ W M}: the matrix whose singular values say what each further rank is worth. */
  INDArray weighted(INDArray w) {
    INDArray left = Nd4j.gemm(input.k(), w, true, false);
    return output == null ? left : left.mmul(output.k());
  }

  /** The singular values of {@link #weighted}. */
  Spectrum spectrum(INDArray w) {
    return Spectrum.of(Lapack.singularValues(weighted(w).castTo(DataType.FLOAT)));
  }

  /**
   * The factors of rank r that cost least.
   *
   * @param w {@code [nIn, nOut]}, double; not modified
   * @return factors in float, of equal size in the weighted space
   */
  LowRankFactors truncate(INDArray w, int rank) {
    LowRankFactors inner = TruncatedSvd.iterated(weighted(w).castTo(DataType.FLOAT), rank).balancedFactors();
    INDArray left = Nd4j.gemm(input.inverse(), inner.left().castTo(DataType.DOUBLE), true, false);
    INDArray right = inner.right().castTo(DataType.DOUBLE);
    return new LowRankFactors(left.castTo(DataType.FLOAT),
        (output == null ? right : right.mmul(output.inverse())).castTo(DataType.FLOAT));
  }
}
