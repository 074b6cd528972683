package lowrank.linalg;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.assertOrthonormalColumns;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LapackTest {
    /** In double on matrices of a few dozen rows: rounding of about 1e-15 a product, with room. */
    private static final double DOUBLE = 1e-10;
    /** The same in float. */
    private static final double FLOAT = 1e-4;

    @Test
    void singularValuesOfADiagonalAreItsMagnitudesInOrder() {
        INDArray a = Nd4j.diag(Nd4j.createFromArray(2.0, -3.0, 1.0));
        assertArrayEquals(new double[] {3, 2, 1}, Lapack.singularValues(a).toDoubleVector(), DOUBLE);
    }

    @ParameterizedTest
    @CsvSource({"1,5", "5,1", "7,4", "4,7", "6,6", "40,25"})
    void singularValuesAloneAreThoseOfTheDecomposition(int rows, int columns) {
        Nd4j.getRandom().setSeed(3);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray a = Nd4j.randn(type, rows, columns).dup(order);
                INDArray before = a.dup();
                INDArray s = Lapack.singularValues(a);
                assertEquals(type, s.dataType());
                assertClose(Lapack.svd(a).s(), s, type == DataType.DOUBLE ? DOUBLE : FLOAT);
                assertEquals(before, a);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatIsNotFinite(double bad) {
        INDArray a = Nd4j.eye(3).castTo(DataType.DOUBLE).putScalar(1, 1, bad);
        var error = assertThrows(IllegalArgumentException.class, () -> Lapack.singularValues(a));
        assertTrue(error.getMessage().contains("NaN or infinite"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 31, 32, 33, 40, 64, 65, 100, 200, 300})
    void everySizeIsDecomposedRightInEitherPrecision(int n) {
        Nd4j.getRandom().setSeed(n);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            INDArray a = Nd4j.randn(type, n + 3, n);
            Lapack.Svd svd = Lapack.svd(a);
            double tolerance = type == DataType.DOUBLE ? DOUBLE : FLOAT;
            assertClose(a, svd.u().mulRowVector(svd.s()).mmul(svd.vt()), tolerance);
            assertClose(svd.s(), Lapack.singularValues(a), tolerance);
            assertOrthonormalColumns(Lapack.orthonormalize(a), tolerance);
            assertEquals(type, svd.u().dataType());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 40, 64, 65, 100, 200})
    void eigenvectorsDiagonalizeTheMatrix(int n) {
        Nd4j.getRandom().setSeed(n);
        INDArray a = Nd4j.randn(DataType.DOUBLE, n, n + 2);
        a = a.mmul(a.transpose());
        double[] columns = a.dup('f').data().asDouble();
        double[] values = Lapack.eigenvectors(columns, n);
        INDArray vectors = Nd4j.create(columns, new long[] {n, n}, 'f');
        INDArray diagonal = vectors.transpose().mmul(a).mmul(vectors).div(values[n - 1]);
        assertClose(Nd4j.diag(Nd4j.createFromArray(values).div(values[n - 1])), diagonal, DOUBLE);
        assertOrthonormalColumns(vectors, DOUBLE);
    }
}
