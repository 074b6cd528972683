package lowrank.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lowrank.linalg.Lapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

public class TruncatedSvdTest {
    /** LAPACK in double on matrices of a few dozen rows: rounding of about 1e-15 a product, with room. */
    private static final double DOUBLE = 1e-10;
    /** The same in float. */
    private static final double FLOAT = 1e-4;

    @Test
    void keepsTheLargestValuesOfADiagonal() {
        INDArray a = Nd4j.diag(Nd4j.createFromArray(2.0, 3.0, 1.0));
        TruncatedSvd svd = TruncatedSvd.of(a, 2);
        assertArrayEquals(new double[] {3, 2}, svd.s().toDoubleVector(), DOUBLE);
        assertClose(Nd4j.diag(Nd4j.createFromArray(2.0, 3.0, 0.0)), svd.product(), DOUBLE);
    }

    @Test
    void errorIsTheDiscardedShareOfTheSpectrum() {
        INDArray a = Nd4j.diag(Nd4j.createFromArray(3.0, 2.0, 1.0)); // squares: 9 + 4 + 1 = 14
        assertEquals(Math.sqrt(1.0 / 14), TruncatedSvd.of(a, 2).relativeError(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1,5", "5,1", "7,4", "4,7", "6,6", "40,25"})
    void recomposesEveryShapeInBothOrdersAndPrecisions(int rows, int columns) {
        Nd4j.getRandom().setSeed(3);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray a = Nd4j.rand(type, rows, columns).dup(order);
                TruncatedSvd svd = TruncatedSvd.of(a, Math.min(rows, columns));
                double tolerance = type == DataType.DOUBLE ? DOUBLE : FLOAT;
                assertClose(a, svd.product(), tolerance);
                assertOrthonormalColumns(svd.u(), tolerance);
                assertOrthonormalColumns(svd.vt().transpose(), tolerance);
                assertEquals(0, svd.relativeError(), tolerance);
            }
        }
    }

    @Test
    void lostEnergyIsTheDistanceToTheMatrix() {
        Nd4j.getRandom().setSeed(4);
        INDArray a = Nd4j.rand(DataType.DOUBLE, 9, 6);
        for (int rank = 1; rank <= 6; rank++) {
            TruncatedSvd svd = TruncatedSvd.of(a, rank);
            double distance = norm(a.sub(svd.product())) / norm(a);
            assertEquals(distance, svd.relativeError(), DOUBLE);
            assertEquals(rank, svd.rank());
        }
    }

    @Test
    void matrixOfLowerRankIsReproducedAtItsRank() {
        Nd4j.getRandom().setSeed(5);
        INDArray a = Nd4j.rand(DataType.DOUBLE, 8, 2).mmul(Nd4j.rand(DataType.DOUBLE, 2, 10));
        assertClose(a, TruncatedSvd.of(a, 2).product(), DOUBLE);
    }

    @Test
    void zeroMatrixLosesNothing() {
        TruncatedSvd svd = TruncatedSvd.of(Nd4j.zeros(DataType.DOUBLE, 4, 3), 1);
        assertEquals(0, svd.relativeError());
        assertClose(Nd4j.zeros(DataType.DOUBLE, 4, 3), svd.product(), DOUBLE);
    }

    @Test
    void balancedFactorsHaveTheSameProductAndTheSameNorm() {
        Nd4j.getRandom().setSeed(6);
        TruncatedSvd svd = TruncatedSvd.of(Nd4j.rand(DataType.DOUBLE, 8, 5), 3);
        var factors = svd.balancedFactors();
        assertClose(svd.product(), factors.product(), DOUBLE);
        assertEquals(norm(factors.left()), norm(factors.right()), DOUBLE);
    }

    @ParameterizedTest
    @CsvSource({"120,90,1", "90,120,1", "100,300,2", "300,100,2", "40,25,5"})
    void iterationKeepsAlmostAllThatTheFullDecompositionKeeps(int rows, int columns, int rank) {
        Nd4j.getRandom().setSeed(7);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            // Random, so that no direction leads by much: the hardest case there is.
            INDArray a = Nd4j.randn(type, rows, columns);
            INDArray before = a.dup();
            TruncatedSvd exact = TruncatedSvd.of(a, rank);
            TruncatedSvd iterated = TruncatedSvd.iterated(a, rank);
            assertEquals(exact.relativeError(), iterated.relativeError(), 1e-4);
            assertEquals(norm(a.sub(iterated.product())) / norm(a), iterated.relativeError(), FLOAT);
            assertOrthonormalColumns(iterated.u(), FLOAT);
            assertOrthonormalColumns(iterated.vt().transpose(), FLOAT);
            assertEquals(rank, iterated.rank());
            assertEquals(before, a);
        }
    }

    @Test
    void iterationFindsWhatIsThereOfAMatrixOfLowerRankAndTheSameEachTime() {
        Nd4j.getRandom().setSeed(8);
        INDArray a = Nd4j.randn(DataType.DOUBLE, 150, 3).mmul(Nd4j.randn(DataType.DOUBLE, 3, 120));
        TruncatedSvd iterated = TruncatedSvd.iterated(a, 3);
        assertClose(
                a, iterated.product(), FLOAT); // double matrices of this size are decomposed in float by some OpenBLAS
        assertClose(TruncatedSvd.of(a, 3).s(), iterated.s(), FLOAT);
        assertArrayEquals(
                iterated.u().toDoubleMatrix(), TruncatedSvd.iterated(a, 3).u().toDoubleMatrix());
        assertEquals(
                0,
                TruncatedSvd.iterated(Nd4j.zeros(DataType.DOUBLE, 100, 100), 2).relativeError());
        assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.iterated(a, 0));
        assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.iterated(a, 121));
    }

    @Test
    void leavesItsInputUnchanged() {
        INDArray a = Nd4j.rand(DataType.DOUBLE, 6, 4).dup('f'); // the one kind a cast would not copy
        INDArray before = a.dup();
        TruncatedSvd.of(a, 2);
        assertEquals(before, a);
    }

    @Test
    void viewsAreReadAsTheMatricesTheyShow() {
        INDArray whole = Nd4j.rand(DataType.DOUBLE, 9, 9);
        INDArray view = whole.get(NDArrayIndex.interval(2, 7), NDArrayIndex.interval(1, 5))
                .transpose();
        assertClose(view, TruncatedSvd.of(view, 4).product(), DOUBLE);
    }

    @ParameterizedTest
    @CsvSource({"11", "0", "-1"})
    void rejectsARankOutsideTheShorterSide(int rank) {
        var error = assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.of(Nd4j.ones(784, 10), rank));
        assertEquals("rank " + rank + " is outside 1..10, the range for a [784, 10] matrix", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void rejectsWeightsThatAreNotFinite(double bad) {
        INDArray a = Nd4j.ones(4, 4).putScalar(2, 3, bad);
        var error = assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.of(a, 2));
        assertTrue(error.getMessage().contains("NaN or infinite"), error.getMessage());
    }

    @Test
    void spectrumFindsTheRankOfAnEnergy() {
        var spectrum = new Spectrum(new double[] {3, 2, 1});
        assertEquals(9.0 / 14, spectrum.energy(1), 1e-12);
        assertEquals(2, spectrum.rankForEnergy(0.9));
        assertEquals(3, spectrum.rankForEnergy(1));
        assertThrows(IllegalArgumentException.class, () -> spectrum.energy(4));
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(new double[] {1, 2}));
    }

    @Test
    void basisIsOrthonormalAlsoOfDependentColumns() {
        INDArray a = Nd4j.ones(DataType.DOUBLE, 6, 3);
        assertOrthonormalColumns(Lapack.orthonormalize(a), DOUBLE);
        assertThrows(IllegalArgumentException.class, () -> Lapack.orthonormalize(Nd4j.ones(2, 3)));
    }

    public static void assertClose(INDArray expected, INDArray actual, double tolerance) {
        assertArrayEquals(expected.shape(), actual.shape());
        double distance = norm(expected.castTo(DataType.DOUBLE).sub(actual.castTo(DataType.DOUBLE)));
        double size = Math.max(1, norm(expected));
        assertTrue(distance <= tolerance * size, "distance " + distance + " at size " + size);
    }

    public static void assertOrthonormalColumns(INDArray q, double tolerance) {
        assertClose(Nd4j.eye(q.columns()).castTo(q.dataType()), q.transpose().mmul(q), tolerance);
    }

    /** In double: ND4J's own norm is off by 1e-4 in float. */
    public static double norm(INDArray a) {
        INDArray wide = a.castTo(DataType.DOUBLE).dup('c');
        return Math.sqrt(wide.mul(wide).sumNumber().doubleValue());
    }
}
