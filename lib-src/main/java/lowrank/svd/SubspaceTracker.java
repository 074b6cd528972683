package lowrank.svd;

import java.util.Arrays;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The leading singular triplets of a matrix that changes a little at a time, at a small part of the price of an SVD.
 *
 * <p>Keeps an orthonormal V of {@code k = r + oversampling} columns from the step before. For a new W one subspace
 * iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4) gives
 * <pre>
 *   Q = orth(W V)     [m, k]
 *   Z = Wᵀ Q          [n, k]
 *   Z = A Σ Bᵀ        a small SVD, so W ≈ Q Zᵀ = (Q B) Σ Aᵀ
 *   L = Q B_r,  R = Σ_r A_rᵀ,  V ← A
 * </pre>
 * Two products with W of k columns each, a QR and an SVD of k columns. The columns beyond r hold the directions that
 * are about to enter the leading ones; without them a direction that rises late is never seen.
 */
public final class SubspaceTracker {
  private final int rank;
  private final int oversampling;
  private INDArray right;
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
   * Starts afresh from the exact SVD of a matrix.
   *
   * @param w {@code [m, n]}; not modified
   * @throws IllegalArgumentException if the rank is above {@code min(m, n)}, or {@code w} is not finite
   */
  public void restart(INDArray w) {
    TruncatedSvd.requireRank(rank, w.rows(), w.columns());
    Lapack.Svd svd = Lapack.svd(w);
    int columns = Math.min(rank + oversampling, svd.vt().rows());
    right = svd.vt().get(NDArrayIndex.interval(0, columns), NDArrayIndex.all()).transpose().dup('f');
    keep(svd.u(), svd.s(), right);
  }

  /**
   * Follows the matrix by one subspace iteration.
   *
   * @param w of the shape given to {@link #restart}; not modified
   * @throws IllegalStateException if {@link #restart} was never called
   * @throws IllegalArgumentException if the shape differs, or {@code w} is not finite
   */
  public void follow(INDArray w) {
    requireFollows(w);
    INDArray q = Lapack.orthonormalize(w.mmul(right));
    Lapack.Svd small = Lapack.svd(w.transpose().mmul(q));
    right = small.u();
    keep(q.mmul(small.vt().transpose()), small.s(), right);
  }

  /**
   * Projects the matrix on the left subspace as it is, {@code L (Lᵀ w)}: one thin product, and no new direction.
   *
   * @param w of the shape given to {@link #restart}; not modified
   * @throws IllegalStateException if {@link #restart} was never called
   * @throws IllegalArgumentException if the shape differs
   */
  public void project(INDArray w) {
    requireFollows(w);
    factors = new LowRankFactors(factors.left(), factors.left().transpose().mmul(w));
  }

  private void requireFollows(INDArray w) {
    if (right == null) {
      throw new IllegalStateException("there is no subspace to follow yet: call restart first");
    }
    if (w.columns() != right.rows() || w.rows() != factors.left().rows()) {
      throw new IllegalArgumentException("a matrix of shape " + Arrays.toString(w.shape()) + " follows one of shape ["
          + factors.left().rows() + ", " + right.rows() + "]: give one of the same shape, or call restart");
    }
  }

  private void keep(INDArray u, INDArray s, INDArray v) {
    var leading = NDArrayIndex.interval(0, rank);
    INDArray kept = s.get(leading);
    INDArray left = u.get(NDArrayIndex.all(), leading).dup('f');
    INDArray scaled = v.get(NDArrayIndex.all(), leading).mulRowVector(kept);
    factors = new LowRankFactors(left, scaled.transpose());
  }

  /** The factors of the last matrix seen: L with orthonormal columns, and {@code R = Lᵀ W} but for rounding. */
  public LowRankFactors factors() {
    return factors;
  }

  /**
   * The share of the energy of {@code T_r(w)} that the tracked left subspace misses,
   * {@code 1 − ‖Lᵀ w‖F² / Σ_{i≤r} s_i²}: 0 where it is the leading one, or w is zero. Costs a full SVD; changes nothing.
   *
   * @param w of the shape followed; not modified
   * @throws IllegalStateException if {@link #restart} was never called
   */
  public double energyGap(INDArray w) {
    requireFollows(w);
    double exact = TruncatedSvd.sumOfSquares(Lapack.svd(w).s().get(NDArrayIndex.interval(0, rank)));
    double captured = TruncatedSvd.sumOfSquares(factors.left().transpose().mmul(w));
    return exact == 0 ? 0 : Math.max(0, 1 - captured / exact);
  }
}
