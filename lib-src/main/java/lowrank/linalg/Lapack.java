package lowrank.linalg;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The LAPACK routines this project needs, called through the OpenBLAS that ND4J already loads.
 *
 * <p>ND4J's own wrapper offers {@code gesvd} only, which takes about twenty times as long as {@code gesdd} on a 1024 ×
 * 1024 matrix, overwrites its input, and silently gives wrong results for factors in another memory order. Here every
 * argument is copied to column-major ('f') order first, so inputs are not modified.
 */
public final class Lapack {
    private static final int COLUMN_MAJOR = openblas.LAPACK_COL_MAJOR;

    private Lapack() {}

    /** A thin decomposition {@code A = U · diag(s) · Vt}; with {@code k = min(m, n)}: {@code [m, k], [k], [k, n]}. */
    public record Svd(INDArray u, INDArray s, INDArray vt) implements AutoCloseable {
        /** Frees the memory of the factors at once; neither they nor parts of them may be used afterwards. */
        @Override
        public void close() {
            NativeMemory.free(u, s, vt);
        }
    }

    /**
     * The thin SVD of a matrix, by divide and conquer (LAPACK {@code gesdd}; Gu and Eisenstat 1995).
     *
     * @param a {@code [m, n]}, float or double, of either order; not modified
     * @return factors of the data type of {@code a}, singular values descending
     * @throws IllegalArgumentException if {@code a} is not a matrix, is neither float nor double, or is not finite
     * @throws ArithmeticException if LAPACK does not converge
     */
    public static Svd svd(INDArray a) {
        INDArray work = columnMajorCopy(a);
        int k = Math.min(a.rows(), a.columns());
        INDArray u = Nd4j.createUninitialized(a.dataType(), new long[] {a.rows(), k}, 'f');
        INDArray vt = Nd4j.createUninitialized(a.dataType(), new long[] {k, a.columns()}, 'f');
        return new Svd(u, gesdd('S', work, u, vt), vt);
    }

    /** The singular values, and with job S the factors; the matrix is overwritten and freed. */
    private static INDArray gesdd(char job, INDArray a, INDArray u, INDArray vt) {
        int m = a.rows();
        int n = a.columns();
        int k = Math.min(m, n);
        INDArray s = Nd4j.createUninitialized(a.dataType(), new long[] {k}, 'f');
        int info;
        if (a.dataType() == DataType.FLOAT) {
            FloatPointer matrix = Blas.floats(a);
            info = openblas.LAPACKE_sgesdd(
                    COLUMN_MAJOR, (byte) job, m, n, matrix, m, Blas.floats(s), Blas.floats(u), m, Blas.floats(vt), k);
        } else {
            DoublePointer matrix = Blas.doubles(a);
            info = openblas.LAPACKE_dgesdd(
                    COLUMN_MAJOR,
                    (byte) job,
                    m,
                    n,
                    matrix,
                    m,
                    Blas.doubles(s),
                    Blas.doubles(u),
                    m,
                    Blas.doubles(vt),
                    k);
        }
        Blas.keepUntilHere(a, s, u, vt);
        check(info, "gesdd", a);
        NativeMemory.free(a);
        return s;
    }

    /**
     * An orthonormal basis of the columns of a matrix, by Householder QR.
     *
     * @param a {@code [m, n]} with {@code m ≥ n}, float or double; not modified
     * @return Q, {@code [m, n]} in 'f' order, with orthonormal columns even if those of {@code a} are dependent
     * @throws IllegalArgumentException as {@link #svd}, or if {@code a} has more columns than rows
     */
    public static INDArray orthonormalize(INDArray a) {
        INDArray q = columnMajorCopy(a);
        int m = a.rows();
        int n = a.columns();
        if (n > m) {
            throw new IllegalArgumentException(
                    n + " columns of length " + m + " cannot be orthonormal: at most " + m + " can");
        }
        INDArray tau = Nd4j.createUninitialized(a.dataType(), n);
        int info;
        if (a.dataType() == DataType.FLOAT) {
            info = openblas.LAPACKE_sgeqrf(COLUMN_MAJOR, m, n, Blas.floats(q), m, Blas.floats(tau));
            info = info != 0
                    ? info
                    : openblas.LAPACKE_sorgqr(COLUMN_MAJOR, m, n, n, Blas.floats(q), m, Blas.floats(tau));
        } else {
            info = openblas.LAPACKE_dgeqrf(COLUMN_MAJOR, m, n, Blas.doubles(q), m, Blas.doubles(tau));
            info = info != 0
                    ? info
                    : openblas.LAPACKE_dorgqr(COLUMN_MAJOR, m, n, n, Blas.doubles(q), m, Blas.doubles(tau));
        }
        Blas.keepUntilHere(q, tau);
        check(info, "geqrf/orgqr", a);
        return q;
    }

    /**
     * Only the singular values of a matrix, descending: a third of the work of {@link #svd}.
     *
     * @param a {@code [m, n]}, float or double; not modified
     * @throws IllegalArgumentException as {@link #svd}
     */
    public static INDArray singularValues(INDArray a) {
        INDArray none = Nd4j.createUninitialized(a.dataType(), 1);
        return gesdd('N', columnMajorCopy(a), none, none);
    }

    /**
     * The eigenvectors of a small positive semidefinite matrix, where possible without any array of ND4J (LAPACK
     * {@code dsyevd}).
     *
     * @param a {@code [n, n]}, symmetric, column by column; overwritten with the eigenvectors, one after the other, in
     *     the order of ascending eigenvalues
     * @return the eigenvalues, ascending
     * @throws ArithmeticException if LAPACK does not converge, for example because {@code a} is not finite
     */
    public static double[] eigenvectors(double[] a, int n) {
        double[] values = new double[n];
        int info = openblas.LAPACKE_dsyevd(COLUMN_MAJOR, (byte) 'V', (byte) 'L', n, a, n, values);
        if (info != 0) {
            throw new ArithmeticException(
                    "LAPACK dsyevd returned " + info + " for a matrix of shape [" + n + ", " + n + "]");
        }
        return values;
    }

    /**
     * The eigenvalues of a symmetric matrix, ascending, in single precision (LAPACK {@code ssyevd}).
     *
     * @param a {@code [n, n]}, float or double; not modified
     * @throws IllegalArgumentException as {@link #svd}
     */
    public static float[] eigenvalues(INDArray a) {
        INDArray work = columnMajorCopy(a.castTo(DataType.FLOAT));
        int n = a.rows();
        INDArray values = Nd4j.createUninitialized(DataType.FLOAT, n);
        int info = openblas.LAPACKE_ssyevd(
                COLUMN_MAJOR, (byte) 'N', (byte) 'L', n, Blas.floats(work), n, Blas.floats(values));
        Blas.keepUntilHere(values);
        NativeMemory.free(work);
        check(info, "ssyevd", a);
        return values.data().asFloat();
    }

    /**
     * The Cholesky factor of a positive definite matrix, {@code A + diag(d) = K · Kᵀ} (LAPACK {@code potrf}).
     *
     * @param a {@code [n, n]}, double, symmetric; only the lower triangle is read; not modified
     * @param raise d, n numbers
     * @return K, {@code [n, n]} in 'f' order, zero above its diagonal
     * @throws ArithmeticException if the sum is not positive definite
     */
    public static INDArray cholesky(INDArray a, double[] raise) {
        INDArray k = columnMajorCopy(a);
        int n = a.rows();
        DoublePointer numbers = Blas.doubles(k);
        for (int i = 0; i < n; i++) {
            long entry = i * (n + 1L);
            numbers.put(entry, numbers.get(entry) + raise[i]);
        }
        int info = openblas.LAPACKE_dpotrf(COLUMN_MAJOR, (byte) 'L', n, numbers, n);
        if (n > 1) {
            openblas.LAPACKE_dlaset(COLUMN_MAJOR, (byte) 'U', n - 1, n - 1, 0, 0, numbers.getPointer(n), n);
        }
        Blas.keepUntilHere(k);
        requirePositiveDefinite(info, n);
        return k;
    }

    /**
     * {@code A⁻¹ · B} (LAPACK {@code potrs}).
     *
     * @param k K of {@code A = K · Kᵀ}, as {@link #cholesky} gives it; not modified
     * @param b {@code [n, m]}, double; not modified
     */
    public static INDArray solve(INDArray k, INDArray b) {
        INDArray solution = b.dup('f');
        int n = k.rows();
        int info = openblas.LAPACKE_dpotrs(
                COLUMN_MAJOR, (byte) 'L', n, b.columns(), Blas.doubles(k), n, Blas.doubles(solution), n);
        Blas.keepUntilHere(k, solution);
        check(info, "potrs", k);
        return solution;
    }

    /**
     * {@code K⁻¹} of the Cholesky factor {@code A = K · Kᵀ} of a small matrix, without any array of ND4J (LAPACK
     * {@code potrf} and {@code trtri}).
     *
     * @param a {@code [n, n]}, symmetric, column by column; its lower triangle becomes that of {@code K⁻¹}
     * @throws ArithmeticException if {@code a} is not positive definite
     */
    public static void invertCholesky(double[] a, int n) {
        requirePositiveDefinite(openblas.LAPACKE_dpotrf(COLUMN_MAJOR, (byte) 'L', n, a, n), n);
        openblas.LAPACKE_dtrtri(COLUMN_MAJOR, (byte) 'L', (byte) 'N', n, a, n);
    }

    private static void requirePositiveDefinite(int info, int n) {
        if (info != 0) {
            throw new ArithmeticException("the [" + n + ", " + n
                    + "] matrix is not positive definite: its leading minor of order " + info + " is not");
        }
    }

    private static INDArray columnMajorCopy(INDArray a) {
        Interruption.check("a decomposition");
        if (a.rank() != 2 || a.isEmpty() || (a.dataType() != DataType.FLOAT && a.dataType() != DataType.DOUBLE)) {
            throw new IllegalArgumentException("a " + a.dataType() + " array of shape " + Arrays.toString(a.shape())
                    + " has no decomposition here: give a float or double matrix with rows and columns");
        }
        double size = a.norm1Number().doubleValue();
        if (!Double.isFinite(size)) {
            throw new IllegalArgumentException("the matrix of shape " + Arrays.toString(a.shape())
                    + " holds NaN or infinite entries (sum of magnitudes " + size
                    + "): a network that diverged cannot be decomposed");
        }
        return a.dup('f');
    }

    private static void check(int info, String routine, INDArray a) {
        if (info != 0) {
            throw new ArithmeticException(
                    "LAPACK " + routine + " returned " + info + " for a matrix of shape " + Arrays.toString(a.shape())
                            + (info > 0 ? ": it did not converge" : ": argument " + -info + " was refused"));
        }
    }
}
