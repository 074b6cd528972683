package lowrank.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether OpenBLAS is right in double precision, with the kernels it chooses here and with those for AVX-512 where the
 * processor has it: each in a JVM of its own, since they are chosen once. 0.3.19, the version of ND4J 1.0.0-M2.1, is
 * not.
 */
class OpenBlasKernelsTest {
    private static final String OWN_CHOICE = "";
    private static final String AVX_512 = "SkylakeX";
    /** Relative, of products of 1,024 terms in double: rounding of some 1e-13, with room. */
    private static final double CLOSE = 1e-10;

    static List<String> kernels() throws IOException {
        List<String> kernels = new ArrayList<>(List.of(OWN_CHOICE));
        Path processor = Path.of("/proc/cpuinfo");
        if (Files.exists(processor) && Files.readString(processor).contains(" avx512vl ")) {
            kernels.add(AVX_512);
        }
        return kernels;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void decompositionsAndSolutionsAgreeWithProductsUpTo1024(String kernels) throws Exception {
        var java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("org.bytedeco.javacpp.cachedir"),
                OpenBlasKernelsTest.class.getName());
        java.environment().put("OPENBLAS_VERBOSE", "2");
        java.environment().remove("OPENBLAS_CORETYPE");
        if (!kernels.equals(OWN_CHOICE)) {
            java.environment().put("OPENBLAS_CORETYPE", kernels);
        }
        Process process = java.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("all agree"), said);
        assertTrue(kernels.equals(OWN_CHOICE) || said.contains("Core: " + kernels), said);
    }

    public static void main(String[] arguments) {
        for (int n : new int[] {8, 33, 64, 65, 129, 257, 512, 1024}) {
            Nd4j.getRandom().setSeed(n);
            agree(n);
        }
        System.out.println("all agree");
    }

    private static void agree(int n) {
        INDArray a = Nd4j.randn(DataType.DOUBLE, n + 3, n);
        try (Lapack.Svd svd = Lapack.svd(a)) {
            requireClose("gesdd", n, a, svd.u().mulRowVector(svd.s()).mmul(svd.vt()));
        }
        INDArray q = Lapack.orthonormalize(a);
        requireClose("geqrf", n, a, q.mmul(Nd4j.gemm(q, a, true, false)));
        INDArray positive = Nd4j.gemm(a, a, true, false).addi(Nd4j.eye(n).castTo(DataType.DOUBLE));
        INDArray k = Lapack.cholesky(positive, new double[positive.rows()]);
        requireClose("potrf", n, positive, Nd4j.gemm(k, k, false, true));
        INDArray solved = a.transpose().dup('f');
        Blas.solve(k, false, solved);
        requireClose("trsm", n, a.transpose(), k.mmul(solved));
        double[] vectors = positive.dup('f').data().asDouble();
        double[] values = Lapack.eigenvectors(vectors, n);
        INDArray v = Nd4j.create(vectors, new long[] {n, n}, 'f');
        requireClose("syevd", n, positive, Nd4j.gemm(v.mulRowVector(Nd4j.createFromArray(values)), v, false, true));
    }

    private static void requireClose(String routine, int n, INDArray expected, INDArray actual) {
        double off = Math.sqrt(Blas.sumOfSquares(expected.sub(actual)) / Blas.sumOfSquares(expected));
        if (!(off < CLOSE)) {
            throw new AssertionError(routine + " of size " + n + " is off by " + off);
        }
    }
}
