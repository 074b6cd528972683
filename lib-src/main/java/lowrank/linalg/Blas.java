package lowrank.linalg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products that write into existing memory, even into a part of a larger matrix, through the OpenBLAS that ND4J
 * already loads. ND4J's own products each allocate a new array, and copy parts of matrices first.
 *
 * <p>Tests compare each routine with sums computed by hand or with other products.
 */
public final class Blas {
    private static final int COLUMNS = openblas.CblasColMajor;
    private static final int LOWER = openblas.CblasLower;
    private static final int NON_UNIT = openblas.CblasNonUnit;

    private Blas() {}

    private static int op(boolean transpose) {
        return transpose ? openblas.CblasTrans : openblas.CblasNoTrans;
    }

    /**
     * What computes the products: the processor, which determines the kernels that OpenBLAS chooses, and the threads.
     */
    public static String computer() {
        int threads = openblas.blas_get_num_threads();
        return "OpenBLAS on " + processor() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    /**
     * Does something while OpenBLAS and ND4J's own operations use no threads but those that call them, of which there
     * may be several. No two calls may overlap.
     */
    public static <T> T withOneThread(Supplier<T> work) {
        Environment nd4j = Nd4j.getEnvironment();
        int ofNd4j = nd4j.maxMasterThreads();
        int ofBlas = openblas.blas_get_num_threads();
        nd4j.setMaxMasterThreads(1);
        openblas.blas_set_num_threads(1);
        try {
            return work.get();
        } finally {
            openblas.blas_set_num_threads(ofBlas);
            nd4j.setMaxMasterThreads(ofNd4j);
        }
    }

    /** The name of the processor, if the system gives it. */
    public static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException | UncheckedIOException e) {
            return System.getProperty("os.arch");
        }
    }

    /**
     * {@code C ← α · op(A) · op(B) + β · C}, where op transposes the matrix if requested.
     *
     * @param a float or double; not modified
     * @param b of the type of {@code a}; not modified
     * @param c of that type, column by column ('f') or a part of such a matrix; with β = 0 it may hold anything
     * @throws IllegalArgumentException if shapes or types do not fit, or {@code c} is not laid out column by column
     */
    public static void product(
            double alpha, INDArray a, boolean transposeA, INDArray b, boolean transposeB, double beta, INDArray c) {
        INDArray left = columnMajor(a);
        INDArray right = columnMajor(b);
        int k = transposeA ? a.rows() : a.columns();
        boolean fits = (transposeA ? a.columns() : a.rows()) == c.rows()
                && k == (transposeB ? b.columns() : b.rows())
                && (transposeB ? b.rows() : b.columns()) == c.columns();
        require(fits && a.dataType() == b.dataType(), c, a, b);
        int opA = op(transposeA);
        int opB = op(transposeB);
        int m = c.rows();
        int n = c.columns();
        int ldA = leading(left);
        int ldB = leading(right);
        int ldC = leading(c);
        if (c.dataType() == DataType.FLOAT) {
            float times = (float) alpha;
            float keep = (float) beta;
            openblas.cblas_sgemm(
                    COLUMNS, opA, opB, m, n, k, times, floats(left), ldA, floats(right), ldB, keep, floats(c), ldC);
        } else {
            openblas.cblas_dgemm(
                    COLUMNS, opA, opB, m, n, k, alpha, doubles(left), ldA, doubles(right), ldB, beta, doubles(c), ldC);
        }
        keepUntilHere(left, right, c);
    }

    /**
     * The lower triangle of {@code C ← XᵀX + β · C}, half the work of a product; the entries above the diagonal are
     * left unchanged.
     *
     * @param x {@code [b, n]}, float; not modified
     * @param c {@code [n, n]}, float, column by column
     * @throws IllegalArgumentException as {@link #product}, or if the arrays are not float
     */
    public static void gram(INDArray x, double beta, INDArray c) {
        INDArray rows = columnMajor(x);
        boolean fits = x.columns() == c.rows() && x.columns() == c.columns();
        require(fits && c.dataType() == DataType.FLOAT, c, x, x);
        int n = x.columns();
        int b = x.rows();
        openblas.cblas_ssyrk(
                COLUMNS, LOWER, op(true), n, b, 1, floats(rows), leading(rows), (float) beta, floats(c), leading(c));
        keepUntilHere(rows, c);
    }

    /**
     * {@code s ← Σ x} over the rows x of a batch.
     *
     * @param x {@code [b, n]}, float; not modified
     * @param s {@code [1, n]}, float
     * @throws IllegalArgumentException as {@link #gram}
     */
    public static void sum(INDArray x, INDArray s) {
        INDArray rows = columnMajor(x);
        require(s.rows() == 1 && s.columns() == x.columns() && s.dataType() == DataType.FLOAT, s, x, x);
        INDArray ones = Nd4j.ones(DataType.FLOAT, x.rows());
        int b = x.rows();
        int n = x.columns();
        openblas.cblas_sgemv(
                COLUMNS, op(true), b, n, 1, floats(rows), leading(rows), floats(ones), 1, 0, floats(s), leading(s));
        keepUntilHere(rows, ones, s);
    }

    /**
     * {@code B ← K⁻¹ · B}, or {@code B ← K⁻ᵀ · B}, for a lower triangular K.
     *
     * @param k {@code [n, n]}, float or double; not modified
     * @param b {@code [n, m]}, of the type of {@code k}, column by column
     * @throws IllegalArgumentException as {@link #product}
     */
    public static void solve(INDArray k, boolean transpose, INDArray b) {
        INDArray lower = columnMajor(k);
        require(k.rows() == b.rows() && k.columns() == b.rows(), b, k, b);
        int left = openblas.CblasLeft;
        int op = op(transpose);
        int n = b.rows();
        int m = b.columns();
        if (b.dataType() == DataType.FLOAT) {
            FloatPointer from = floats(lower);
            openblas.cblas_strsm(
                    COLUMNS, left, LOWER, op, NON_UNIT, n, m, 1, from, leading(lower), floats(b), leading(b));
        } else {
            DoublePointer from = doubles(lower);
            openblas.cblas_dtrsm(
                    COLUMNS, left, LOWER, op, NON_UNIT, n, m, 1, from, leading(lower), doubles(b), leading(b));
        }
        keepUntilHere(lower, b);
    }

    /**
     * {@code B ← B · K} for a lower triangular K, half the work of a product.
     *
     * @param b {@code [m, n]}, float, column by column
     * @param k {@code [n, n]}, float; not modified
     * @throws IllegalArgumentException as {@link #product}, or if the arrays are not float
     */
    public static void timesLower(INDArray b, INDArray k) {
        INDArray lower = columnMajor(k);
        require(k.rows() == b.columns() && k.columns() == b.columns() && b.dataType() == DataType.FLOAT, b, b, k);
        int right = openblas.CblasRight;
        int m = b.rows();
        int n = b.columns();
        FloatPointer by = floats(lower);
        openblas.cblas_strmm(
                COLUMNS, right, LOWER, op(false), NON_UNIT, m, n, 1, by, leading(lower), floats(b), leading(b));
        keepUntilHere(lower, b);
    }

    /**
     * {@code ‖A‖F²}, summed in double; BLAS's {@code dsdot} for floats sums parts in float.
     *
     * @param a float or double; not modified
     */
    public static double sumOfSquares(INDArray a) {
        INDArray wide = Nd4j.createUninitialized(DataType.DOUBLE, a.shape(), a.ordering())
                .assign(a);
        int length = Math.toIntExact(wide.length());
        double sum = openblas.cblas_ddot(length, doubles(wide), 1, doubles(wide), 1);
        NativeMemory.free(wide);
        return sum;
    }

    private static void require(boolean fits, INDArray c, INDArray a, INDArray b) {
        if (!fits || a.dataType() != c.dataType() || columnMajor(c) != c) {
            throw new IllegalArgumentException(
                    "a product of " + described(a) + " with " + described(b) + " does not fit " + described(c)
                            + ": shapes and types must, and the result must be column by column");
        }
    }

    private static String described(INDArray a) {
        return a.dataType() + Arrays.toString(a.shape());
    }

    /** The array itself, or a copy if it is not laid out column by column. */
    private static INDArray columnMajor(INDArray a) {
        boolean steps = a.rows() == 1 || a.stride(0) == 1;
        return steps && (a.columns() == 1 || a.stride(1) >= a.rows()) ? a : a.dup('f');
    }

    private static int leading(INDArray a) {
        return a.columns() == 1 ? a.rows() : Math.toIntExact(a.stride(1));
    }

    /**
     * A raw pointer does not keep its array alive: without this, the collector may free an array that Java no longer
     * needs while BLAS or LAPACK still writes to it.
     */
    static void keepUntilHere(INDArray... arrays) {
        Reference.reachabilityFence(arrays);
    }

    static FloatPointer floats(INDArray a) {
        return (FloatPointer) a.data().addressPointer();
    }

    static DoublePointer doubles(INDArray a) {
        return (DoublePointer) a.data().addressPointer();
    }
}
