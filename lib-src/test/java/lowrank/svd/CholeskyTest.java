package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CholeskyTest {
    /** In double, of matrices with eigenvalues from 1 to about 5: rounding of about 1e-15 a product, with room. */
    private static final double DOUBLE = 1e-11;

    @Test
    void factorInverseAndSolutionOfATwoByTwoAreThoseByHand() {
        Cholesky factored = Cholesky.of(Nd4j.createFromArray(new double[][] {{4, 2}, {2, 5}}));
        assertClose(Nd4j.createFromArray(new double[][] {{2, 0}, {1, 2}}), factored.k(), DOUBLE);
        assertClose(
                Nd4j.createFromArray(new double[][] {{0.5, 0}, {-0.25, 0.5}}), lowerSolved(factored, eye(2)), DOUBLE);
        // The diagonal raised by 5: {9, 2}, {2, 10}.
        assertClose(
                Nd4j.createFromArray(new double[][] {{3, 0}, {2.0 / 3, Math.sqrt(10 - 4.0 / 9)}}),
                Cholesky.of(Nd4j.createFromArray(new double[][] {{4, 2}, {2, 5}}), 5)
                        .k(),
                DOUBLE);
        // 4 x + 2 y = 8 and 2 x + 5 y = 12
        assertClose(
                Nd4j.createFromArray(new double[][] {{1}, {2}}),
                factored.solve(Nd4j.createFromArray(new double[][] {{8}, {12}})),
                DOUBLE);
    }

    /** Up to 64 rows in one piece, above in blocks of 64: 65 has one more row, 130 two blocks and two rows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 31, 32, 33, 63, 64, 65, 128, 130, 300, 600})
    void holdsItsEquationsAtEverySizeAndInBothOrders(int n) {
        INDArray positive = positive(n);
        for (char order : new char[] {'c', 'f'}) {
            INDArray a = positive.dup(order);
            INDArray b = Nd4j.randn(DataType.DOUBLE, n, 4).dup(order);
            INDArray beforeA = a.dup();
            INDArray beforeB = b.dup();
            Cholesky factored = Cholesky.of(a);
            assertClose(a, factored.k().mmul(factored.k().transpose()), DOUBLE);
            assertClose(eye(n), factored.k().mmul(lowerSolved(factored, eye(n))), DOUBLE);
            INDArray upper = eye(n).dup('f');
            factored.solveUpper(upper);
            assertClose(eye(n), factored.k().transpose().mmul(upper), DOUBLE);
            assertClose(b, a.mmul(factored.solve(b)), DOUBLE);
            INDArray wide = Nd4j.randn(DataType.FLOAT, 3, n);
            assertClose(
                    wide.mmul(factored.k().castTo(DataType.FLOAT)),
                    factored.narrow().timesK(wide),
                    1e-4);
            INDArray narrow = b.castTo(DataType.FLOAT).dup('f');
            factored.narrow().solveLower(narrow);
            assertClose(lowerSolved(factored, b), narrow, 1e-4);
            assertLowerTriangular(factored.k());
            assertEquals(beforeA, a);
            assertEquals(beforeB, b);
        }
    }

    @Test
    void onlyTheLowerTriangleIsRead() {
        for (int n : new int[] {3, 40, 90}) {
            INDArray a = positive(n);
            INDArray wrong = a.dup();
            wrong.putScalar(0, n - 1, 1e3);
            assertEquals(Cholesky.of(a).k(), Cholesky.of(wrong).k());
        }
    }

    @Test
    void matrixThatIsNotPositiveDefiniteHasNone() {
        INDArray a = Nd4j.createFromArray(new double[][] {{1, 2}, {2, 1}}); // eigenvalues 3 and −1
        var error = assertThrows(ArithmeticException.class, () -> Cholesky.of(a));
        assertEquals("the matrix is not positive definite: a pivot is -3.0", error.getMessage());
        for (int row : new int[] {45, 95}) {
            INDArray large = positive(100);
            large.putScalar(row, row, -1);
            assertThrows(ArithmeticException.class, () -> Cholesky.of(large));
        }
    }

    private static INDArray lowerSolved(Cholesky factored, INDArray b) {
        INDArray solution = b.dup('f');
        factored.solveLower(solution);
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
