package lowrank.network;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A low-rank factorization of a weight matrix, {@code W ≈ L · R}.
 *
 * @param left L, {@code [nIn, r]}
 * @param right R, {@code [r, nOut]}
 */
public record LowRankFactors(INDArray left, INDArray right) {
    /** @throws IllegalArgumentException if the shapes do not fit */
    public LowRankFactors {
        if (left.rank() != 2 || right.rank() != 2 || left.columns() != right.rows()) {
            throw new IllegalArgumentException("factors of shapes " + Arrays.toString(left.shape()) + " and "
                    + Arrays.toString(right.shape()) + " have no product: L is [nIn, r] and R is [r, nOut]");
        }
    }

    /** The number r of columns of L and rows of R: the rank of the product, unless the factors are degenerate. */
    public int rank() {
        return left.columns();
    }

    /** {@code L · R}, {@code [nIn, nOut]}. */
    public INDArray product() {
        return left.mmul(right);
    }

    /** The rank at which factors of an m × n matrix hold as many numbers as the matrix: m n / (m + n). */
    public static double breakEvenRank(long rows, long columns) {
        return (double) rows * columns / (rows + columns);
    }

    /**
     * Whether factors of this rank hold fewer numbers than the m × n matrix, that is, whether it is below the
     * break-even rank.
     */
    public static boolean saves(int rank, long rows, long columns) {
        return rank < breakEvenRank(rows, columns);
    }
}
