package lowrank.svd;

import java.util.Random;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The leading {@code r} singular triplets of a matrix: its best approximation of rank {@code r}.
 *
 * <p>For {@code A} of shape {@code [m, n]}, {@code U · diag(s) · Vt} is at least as close to {@code A} as any other
 * matrix of rank at most {@code r}, in the Frobenius norm (Eckart and Young 1936) and the spectral norm (Mirsky 1960).
 * The vectors are fixed only up to sign, and less than that where singular values repeat: compare products, never
 * vectors.
 *
 * @param u left singular vectors, {@code [m, r]}, orthonormal columns
 * @param s singular values, {@code [r]}, descending, none negative
 * @param vt right singular vectors, transposed, {@code [r, n]}, orthonormal rows
 * @param relativeError {@code ‖A − U·diag(s)·Vt‖F / ‖A‖F}, 0 (nothing lost) to 1; 0 for a zero matrix
 */
public record TruncatedSvd(INDArray u, INDArray s, INDArray vt, double relativeError) {
  private static final int OVERSAMPLING = 10;
  private static final int LARGE_SHARE = 8;
  private static final int MOST_ITERATIONS = 40;
  private static final double SETTLED = 1e-6;
  private static final long SEED = 1;

  /**
   * The truncated SVD of a matrix, from a full one by LAPACK {@code gesdd}.
   *
   * @param a {@code [m, n]}, float or double; not modified
   * @param rank from 1 to {@code min(m, n)}
   * @throws IllegalArgumentException if the rank is outside that range, or {@code a} is no finite matrix
   */
  public static TruncatedSvd of(INDArray a, int rank) {
    requireRank(rank, a.rows(), a.columns());
    return of(Lapack.svd(a), rank);
  }

  static TruncatedSvd of(Lapack.Svd full, int rank) {
    requireRank(rank, full.u().rows(), full.vt().columns());
    var kept = NDArrayIndex.interval(0, rank);
    return new TruncatedSvd(
        full.u().get(NDArrayIndex.all(), kept).dup('f'),
        full.s().get(kept).dup(),
        full.vt().get(kept, NDArrayIndex.all()).dup('f'),
        Spectrum.of(full.s()).relativeError(rank));
  }

  /**
   * The truncated SVD by subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4) from a start that is drawn
   * with a fixed seed, until a further iteration keeps hardly more. It takes less time than {@link #of(INDArray, int)} where singular
   * values fall fast and few are kept; where more than an eighth of them are, that is what answers.
   *
   * @param a {@code [m, n]}, float or double; not modified
   * @param rank from 1 to {@code min(m, n)}
   * @throws IllegalArgumentException as {@link #of(INDArray, int)}
   */
  static TruncatedSvd iterated(INDArray a, int rank) {
    requireRank(rank, a.rows(), a.columns());
    int columns = rank + OVERSAMPLING;
    if (LARGE_SHARE * columns > Math.min(a.rows(), a.columns())) {
      return of(a, rank);
    }
    var kept = NDArrayIndex.interval(0, rank);
    Random random = new Random(SEED);
    INDArray right = Nd4j.create(random.doubles((long) a.columns() * columns, -1, 1).toArray(),
        new long[] {a.columns(), columns}, 'f').castTo(a.dataType());
    double before = 0;
    for (int i = 0; ; i++) {
      INDArray left = Lapack.orthonormalize(a.mmul(right));
      Lapack.Svd small = Lapack.svd(Nd4j.gemm(a, left, true, false));
      right = small.u();
      double energy = sumOfSquares(small.s().get(kept));
      if (i == MOST_ITERATIONS || energy <= before * (1 + SETTLED)) {
        double all = sumOfSquares(a);
        return new TruncatedSvd(left.mmul(small.vt().get(kept, NDArrayIndex.all()).transpose()),
            small.s().get(kept).dup(), right.get(NDArrayIndex.all(), kept).transpose().dup('f'),
            all == 0 ? 0 : Math.sqrt(Math.max(0, 1 - energy / all)));
      }
      before = energy;
    }
  }

  /** {@code ‖A‖F²}, summed in double. */
  static double sumOfSquares(INDArray a) {
    INDArray wide = a.castTo(DataType.DOUBLE);
    return wide.mul(wide).sumNumber().doubleValue();
  }

  /** The number of singular triplets kept. */
  public int rank() {
    return (int) s.length();
  }

  /** {@code U · diag(s) · Vt}, {@code [m, n]}. */
  public INDArray product() {
    return u.mulRowVector(s).mmul(vt);
  }

  /** {@code L = U√S [m, r], R = √S Vt [r, n]}: factors of equal size, the balanced start for fine-tuning. */
  public LowRankFactors balancedFactors() {
    INDArray root = Transforms.sqrt(s);
    return new LowRankFactors(u.mulRowVector(root), vt.mulColumnVector(root));
  }

  static void requireRank(int rank, long rows, long columns) {
    long limit = Math.min(rows, columns);
    if (rank < 1 || rank > limit) {
      throw new IllegalArgumentException("rank " + rank + " is outside 1.." + limit + ", the range for a ["
          + rows + ", " + columns + "] matrix");
    }
  }
}
