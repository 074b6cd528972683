package lowrank.svd;

import java.util.Random;
import java.util.stream.IntStream;
import lowrank.linalg.Blas;
import lowrank.linalg.Lapack;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The leading {@code r} singular triplets of a matrix: its best approximation of rank {@code r}.
 *
 * <p>For {@code A} of shape {@code [m, n]}, {@code U · diag(s) · Vt} is at least as close to {@code A} as any other
 * matrix of rank at most {@code r}, in the Frobenius norm (Eckart and Young 1936) and the spectral norm (Mirsky 1960).
 * The vectors are determined only up to their sign, and even less if singular values repeat: compare products, never
 * vectors.
 *
 * @param u left singular vectors, {@code [m, r]}, orthonormal columns
 * @param s singular values, {@code [r]}, descending, none negative
 * @param vt right singular vectors, transposed, {@code [r, n]}, orthonormal rows
 * @param relativeError {@code ‖A − U·diag(s)·Vt‖F / ‖A‖F}, 0 (nothing lost) to 1; 0 for a zero matrix
 */
public record TruncatedSvd(INDArray u, INDArray s, INDArray vt, double relativeError) {
    private static final int OVERSAMPLING = 10;
    private static final int WIDE_SHARE = 2;
    private static final int FEW_BLOCKS = 4;
    private static final double SETTLED = 1e-5;
    private static final long SEED = 1;

    /**
     * The truncated SVD of a matrix, from a full one by LAPACK {@code gesdd}.
     *
     * @param a {@code [m, n]}, float or double; not modified
     * @param rank from 1 to {@code min(m, n)}
     * @throws IllegalArgumentException if the rank is outside that range, or {@code a} is not a finite matrix
     */
    public static TruncatedSvd of(INDArray a, int rank) {
        requireRank(rank, a.rows(), a.columns());
        try (Lapack.Svd full = Lapack.svd(a)) {
            return of(full, rank);
        }
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
     * The truncated SVD by block Krylov iteration (Musco and Musco 2015, algorithm 2) from a start that is drawn with a
     * fixed seed, until one more block keeps hardly more: with Q an orthonormal basis of {@code [A Ω, (A Aᵀ) A Ω, …]},
     * the leading triplets of {@code Q Qᵀ A}. It takes a small part of the time of {@link #of(INDArray, int)} if few
     * triplets are kept; if the basis would become wide, that method is used instead.
     *
     * @param a {@code [m, n]}, float or double; not modified
     * @param rank from 1 to {@code min(m, n)}
     * @throws IllegalArgumentException as {@link #of(INDArray, int)}
     */
    static TruncatedSvd iterated(INDArray a, int rank) {
        requireRank(rank, a.rows(), a.columns());
        int block = rank + OVERSAMPLING;
        int widest = Math.min(a.rows(), a.columns()) / WIDE_SHARE;
        if (FEW_BLOCKS * block > widest) {
            return of(a, rank);
        }
        INDArray basis = Nd4j.createUninitialized(a.dataType(), new long[] {a.rows(), widest}, 'f');
        INDArray images = Nd4j.createUninitialized(a.dataType(), new long[] {a.columns(), widest}, 'f');
        INDArray image = Nd4j.create(
                        new Random(SEED)
                                .doubles((long) a.columns() * block, -1, 1)
                                .toArray(),
                        new long[] {a.columns(), block},
                        'f')
                .castTo(a.dataType());
        double before = 0;
        for (int columns = block; columns <= widest; columns += block) {
            INDArray left = orthonormal(a.mmul(image), columns(basis, 0, columns - block));
            columns(basis, columns - block, columns).assign(left);
            image = columns(images, columns - block, columns);
            Blas.product(1, a, true, left, false, 0, image);
            INDArray soFar = columns(images, 0, columns);
            float[] squares = Lapack.eigenvalues(Nd4j.gemm(soFar, soFar, true, false));
            double energy = IntStream.range(columns - rank, columns)
                    .mapToDouble(i -> squares[i])
                    .sum();
            if (energy <= before * (1 + SETTLED)) {
                return projected(a, columns(basis, 0, columns), soFar, rank);
            }
            before = energy;
        }
        return of(a, rank);
    }

    private static INDArray columns(INDArray a, int from, int to) {
        return from == to ? null : a.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    /**
     * An orthonormal basis of the part of the columns of y that is outside another basis, null if there is none; the
     * second pass corrects rounding errors.
     */
    private static INDArray orthonormal(INDArray y, INDArray basis) {
        if (basis == null) {
            return Lapack.orthonormalize(y);
        }
        INDArray q = y;
        for (int pass = 0; pass < 2; pass++) {
            q = Lapack.orthonormalize(q.sub(basis.mmul(Nd4j.gemm(basis, q, true, false))));
        }
        return q;
    }

    /** The leading triplets of {@code Q Qᵀ A}, for {@code images = Aᵀ Q}. */
    private static TruncatedSvd projected(INDArray a, INDArray basis, INDArray images, int rank) {
        var kept = NDArrayIndex.interval(0, rank);
        double all = Blas.sumOfSquares(a);
        try (Lapack.Svd svd = Lapack.svd(images)) {
            INDArray s = svd.s().get(kept).dup();
            return new TruncatedSvd(
                    basis.mmul(svd.vt().get(kept, NDArrayIndex.all()).transpose()),
                    s,
                    svd.u().get(NDArrayIndex.all(), kept).transpose().dup('f'),
                    all == 0 ? 0 : Math.sqrt(Math.max(0, 1 - Blas.sumOfSquares(s) / all)));
        }
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
            throw new IllegalArgumentException("rank " + rank + " is outside 1.." + limit + ", the range for a [" + rows
                    + ", " + columns + "] matrix");
        }
    }
}
