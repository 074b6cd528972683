package lowrank.linalg;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The Cholesky factor of {@link Lapack}, and what {@link Blas} and {@link Lapack} solve and multiply with it. */
class PositiveDefiniteTest {
    /** In double, of matrices with eigenvalues from 1 to about 5: rounding of about 1e-15 a product, with room. */
    private static final double DOUBLE = 1e-11;

    @Test
    void factorInverseAndSolutionOfATwoByTwoAreThoseByHand() {
        INDArray a = Nd4j.createFromArray(new double[][] {{4, 2}, {2, 5}});
        INDArray k = Lapack.cholesky(a, new double[a.rows()]);
        assertClose(Nd4j.createFromArray(new double[][] {{2, 0}, {1, 2}}), k, DOUBLE);
        INDArray inverse = Nd4j.createFromArray(new double[][] {{0.5, 0}, {-0.25, 0.5}});
        assertClose(inverse, solved(k, false, eye(2)), DOUBLE);
        double[] inPlace = {4, 2, 2, 5};
        Lapack.invertCholesky(inPlace, 2);
        assertEquals(0.5, inPlace[0], DOUBLE);
        assertEquals(-0.25, inPlace[1], DOUBLE);
        assertEquals(0.5, inPlace[3], DOUBLE);
        // The diagonal raised by 5: {9, 2}, {2, 10}.
        assertClose(
                Nd4j.createFromArray(new double[][] {{3, 0}, {2.0 / 3, Math.sqrt(10 - 4.0 / 9)}}),
                Lapack.cholesky(a, new double[] {5, 5}),
                DOUBLE);
        // 4 x + 2 y = 8 and 2 x + 5 y = 12
        assertClose(
                Nd4j.createFromArray(new double[][] {{1}, {2}}),
                Lapack.solve(k, Nd4j.createFromArray(new double[][] {{8}, {12}})),
                DOUBLE);
    }

    /** On both sides of the blocks in which OpenBLAS works. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 31, 32, 33, 63, 64, 65, 128, 130, 300, 600, 1024})
    void holdsItsEquationsAtEverySizeAndInBothOrders(int n) {
        INDArray positive = positive(n);
        for (char order : new char[] {'c', 'f'}) {
            INDArray a = positive.dup(order);
            INDArray b = Nd4j.randn(DataType.DOUBLE, n, 4).dup(order);
            INDArray beforeA = a.dup();
            INDArray beforeB = b.dup();
            INDArray k = Lapack.cholesky(a, new double[a.rows()]);
            INDArray beforeK = k.dup();
            assertClose(a, k.mmul(k.transpose()), DOUBLE);
            assertClose(eye(n), k.mmul(solved(k, false, eye(n))), DOUBLE);
            assertClose(eye(n), k.transpose().mmul(solved(k, true, eye(n))), DOUBLE);
            assertClose(b, a.mmul(Lapack.solve(k, b)), DOUBLE);
            INDArray narrow = k.castTo(DataType.FLOAT);
            INDArray wide = Nd4j.randn(DataType.FLOAT, 3, n);
            INDArray product = wide.dup('f');
            Blas.timesLower(product, narrow);
            assertClose(wide.mmul(narrow), product, 1e-4);
            assertClose(solved(k, false, b), solved(narrow, false, b.castTo(DataType.FLOAT)), 1e-4);
            assertLowerTriangular(k);
            assertEquals(beforeA, a);
            assertEquals(beforeB, b);
            assertEquals(beforeK, k);
        }
    }

    @Test
    void inverseOfASmallFactorIsThatOfTheLargeOne() {
        int n = 32;
        INDArray a = positive(n);
        double[] inverse = a.dup('f').data().asDouble();
        Lapack.invertCholesky(inverse, n);
        INDArray lower = Nd4j.create(inverse, new long[] {n, n}, 'f');
        INDArray expected = solved(Lapack.cholesky(a, new double[a.rows()]), false, eye(n));
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                assertEquals(expected.getDouble(i, j), lower.getDouble(i, j), DOUBLE);
            }
        }
    }

    @Test
    void onlyTheLowerTriangleIsRead() {
        for (int n : new int[] {3, 40, 90}) {
            INDArray a = positive(n);
            INDArray wrong = a.dup();
            wrong.putScalar(0, n - 1, 1e3);
            assertEquals(Lapack.cholesky(a, new double[a.rows()]), Lapack.cholesky(wrong, new double[wrong.rows()]));
        }
    }

    @Test
    void matrixThatIsNotPositiveDefiniteHasNone() {
        INDArray a = Nd4j.createFromArray(new double[][] {{1, 2}, {2, 1}}); // eigenvalues 3 and −1
        var error = assertThrows(ArithmeticException.class, () -> Lapack.cholesky(a, new double[a.rows()]));
        assertEquals(
                "the [2, 2] matrix is not positive definite: its leading minor of order 2 is not", error.getMessage());
        for (int row : new int[] {45, 95}) {
            INDArray large = positive(100);
            large.putScalar(row, row, -1);
            assertThrows(ArithmeticException.class, () -> Lapack.cholesky(large, new double[large.rows()]));
            double[] small = large.dup('f').data().asDouble();
            assertThrows(ArithmeticException.class, () -> Lapack.invertCholesky(small, 100));
        }
    }

    @Test
    void refusesShapesAndTypesThatDoNotFit() {
        INDArray k = eye(3).dup('f');
        INDArray b = Nd4j.ones(DataType.DOUBLE, 2, 3).dup('f');
        assertThrows(IllegalArgumentException.class, () -> Blas.solve(k, false, b));
        assertThrows(IllegalArgumentException.class, () -> Blas.solve(k.castTo(DataType.FLOAT), false, b.transpose()));
        assertThrows(IllegalArgumentException.class, () -> Blas.timesLower(b, k));
    }

    private static INDArray solved(INDArray k, boolean transpose, INDArray b) {
        INDArray solution = b.dup('f');
        Blas.solve(k, transpose, solution);
        return solution;
    }

    private static INDArray eye(int n) {
        return Nd4j.eye(n).castTo(DataType.DOUBLE);
    }

    private static void assertLowerTriangular(INDArray k) {
        for (int i = 0; i < k.rows(); i++) {
            for (int j = i + 1; j < k.columns(); j++) {
                assertEquals(0, k.getDouble(i, j));
            }
        }
    }

    private static INDArray positive(int n) {
        Nd4j.getRandom().setSeed(n);
        INDArray half = Nd4j.randn(DataType.DOUBLE, n, n + 3);
        return half.mmul(half.transpose()).divi(n + 3).addi(Nd4j.eye(n).castTo(DataType.DOUBLE));
    }
}
