package lowrank.linalg;

import static lowrank.svd.TruncatedSvdTest.norm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lowrank.svd.GramTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class BlasTest {
    /** Of sums of up to 1,000 terms of size 1, relative to the norm of the result: some 1e-7 a term in float. */
    private static final double FLOAT = 1e-5;

    private static final double DOUBLE = 1e-13;

    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,5,3",
        "4,1,3",
        "4,5,1",
        "8,8,8",
        "7,9,11",
        "33,64,17",
        "64,33,200",
        "130,70,90",
        "300,257,129"
    })
    void productsAreThoseByHandForEveryShapeOrderAndTranspose(int rows, int columns, int inner) {
        Nd4j.getRandom().setSeed(rows + columns);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray a = Nd4j.randn(type, rows, inner);
            INDArray b = Nd4j.randn(type, inner, columns);
            INDArray c = Nd4j.randn(type, rows, columns).dup('f');
            INDArray expected =
                    byHand(a, b).muli(2).addi(c.castTo(DataType.DOUBLE).mul(0.5));
            for (char order : new char[] {'c', 'f'}) {
                for (int transposed = 0; transposed < 4; transposed++) {
                    boolean left = transposed % 2 == 1;
                    boolean right = transposed > 1;
                    INDArray result = c.dup('f');
                    Blas.product(
                            2,
                            (left ? a.transpose() : a).dup(order),
                            left,
                            (right ? b.transpose() : b).dup(order),
                            right,
                            0.5,
                            result);
                    assertNear(expected, result, type == DataType.FLOAT ? FLOAT : DOUBLE);
                }
            }
        }
    }

    @Test
    void partsOfLargerMatricesAreReadAndWrittenInPlace() {
        Nd4j.getRandom().setSeed(1);
        INDArray a = Nd4j.randn(DataType.DOUBLE, 9, 8).dup('f');
        INDArray all = Nd4j.zeros(DataType.DOUBLE, 6, 7).dup('f');
        INDArray left = a.get(NDArrayIndex.interval(2, 5), NDArrayIndex.interval(1, 6));
        INDArray right = a.get(NDArrayIndex.interval(3, 8), NDArrayIndex.interval(4, 8));
        INDArray part = all.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 6));
        Blas.product(1, left, false, right, false, 0, part);
        assertNear(byHand(left, right), part, DOUBLE);
        assertEquals(norm(part), norm(all), DOUBLE, "nothing is written elsewhere");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,5", "7,1", "3,4", "8,8", "31,33", "64,65", "129,257", "1024,784"})
    void squaresAreSummedInDoubleInEveryOrder(int rows, int columns) {
        Nd4j.getRandom().setSeed(rows + columns);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray a = Nd4j.randn(type, rows + 2, columns + 3);
            double expected = 0;
            INDArray part = a.get(NDArrayIndex.interval(1, rows + 1), NDArrayIndex.interval(2, columns + 2));
            for (double value : part.dup().data().asDouble()) {
                expected += value * value;
            }
            for (INDArray each : new INDArray[] {part, part.dup('c'), part.dup('f'), part.transpose()}) {
                assertEquals(
                        expected,
                        Blas.sumOfSquares(each),
                        1e-12 * expected,
                        "800,000 terms are summed in another order");
            }
        }
    }

    @Test
    void withBetaZeroTheResultMayHoldAnythingBefore() {
        INDArray c = Nd4j.valueArrayOf(new long[] {2, 2}, Double.NaN, DataType.DOUBLE)
                .dup('f');
        Blas.product(1, Nd4j.eye(2).castTo(DataType.DOUBLE), false, Nd4j.eye(2).castTo(DataType.DOUBLE), false, 0, c);
        assertEquals(Nd4j.eye(2).castTo(DataType.DOUBLE), c);
    }

    /** All sizes about the blocks of kernels, and some of a network. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65, 96, 100, 127, 128, 129,
                191, 192, 193, 255, 256, 257, 383, 384, 385, 500, 512, 513, 784, 1000, 1024
            })
    void gramIsTheProductWithItself(int n) {
        Nd4j.getRandom().setSeed(n);
        for (int rows : new int[] {1, 3, 17, 100, 321, 1000}) {
            INDArray x = Nd4j.randn(DataType.FLOAT, rows, n).dup('f');
            INDArray expected = Nd4j.create(DataType.FLOAT, new long[] {n, n}, 'f');
            Blas.product(1, x, true, x, false, 0, expected);
            INDArray lower = Nd4j.create(DataType.FLOAT, new long[] {n, n}, 'f');
            Blas.gram(x, 0, lower);
            assertNear(expected.castTo(DataType.DOUBLE), GramTest.symmetric(lower), FLOAT);
            Blas.gram(x, 1, lower);
            assertNear(expected.castTo(DataType.DOUBLE).mul(2), GramTest.symmetric(lower), FLOAT);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,9", "9,1", "7,5", "33,64", "1000,1024", "257,1000"})
    void sumIsThatOfEachColumnInBothOrders(int rows, int n) {
        Nd4j.getRandom().setSeed(n);
        INDArray x = Nd4j.randn(DataType.FLOAT, rows, n);
        for (char order : new char[] {'c', 'f'}) {
            INDArray sum = Nd4j.createUninitialized(DataType.FLOAT, 1, n);
            Blas.sum(x.dup(order), sum);
            assertNear(byHand(Nd4j.ones(DataType.FLOAT, 1, rows), x), sum, FLOAT);
        }
    }

    @Test
    void refusesShapesTypesAndLayoutsThatDoNotFit() {
        INDArray a = Nd4j.ones(DataType.FLOAT, 2, 3);
        INDArray c = Nd4j.ones(DataType.FLOAT, 2, 2).dup('f');
        var error = assertThrows(IllegalArgumentException.class, () -> Blas.product(1, a, false, a, false, 0, c));
        assertEquals(
                "a product of FLOAT[2, 3] with FLOAT[2, 3] does not fit FLOAT[2, 2]: shapes and types must, and the"
                        + " result must be column by column",
                error.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Blas.product(
                        1, a, false, a, true, 0, Nd4j.ones(DataType.FLOAT, 2, 2).dup('c')));
        assertThrows(
                IllegalArgumentException.class, () -> Blas.product(1, a, false, a.castTo(DataType.DOUBLE), true, 0, c));
        assertThrows(IllegalArgumentException.class, () -> Blas.gram(a, 0, c));
    }

    private static INDArray byHand(INDArray a, INDArray b) {
        double[][] left = a.toDoubleMatrix();
        double[][] right = b.toDoubleMatrix();
        double[][] sums = new double[left.length][right[0].length];
        for (int i = 0; i < left.length; i++) {
            for (int k = 0; k < right.length; k++) {
                for (int j = 0; j < right[0].length; j++) {
                    sums[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return Nd4j.createFromArray(sums);
    }

    private static void assertNear(INDArray expected, INDArray actual, double tolerance) {
        double off = norm(expected.sub(actual.castTo(DataType.DOUBLE)));
        assertTrue(off <= tolerance * norm(expected), "off by " + off + " of " + norm(expected));
    }
}
