package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.norm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lowrank.linalg.Lapack;
import lowrank.network.LowRankFactors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WeightingTest {
    /** Cholesky factors and their products in double. */
    private static LowRankFactors truncated(Weighting weighting, INDArray w, int rank) {
        return weighting.truncate(weighting.weighted(w), rank);
    }

    private static final double DOUBLE = 1e-10;
    /**
     * The decomposition itself is in float: some 1e-6 of the norm, with room for what weights of 1 to 10 make of it.
     */
    private static final double FLOAT = 1e-4;

    @Test
    void inputsAreRaisedByATenthOfTheMeanVarianceInTheUnitThatTheirWeightsTell() {
        INDArray same = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 2}, {3, 4}});
        assertArrayEquals(new double[] {0.2, 0.2, 0.2}, Weighting.inputRaise(diagonal(5, 1, 0), same), DOUBLE);
        // The second input in hundredths, with weights that are a hundred times as large.
        INDArray other = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 100}, {1, 0}});
        assertArrayEquals(new double[] {0.2, 0.2e-4, 0.2}, Weighting.inputRaise(diagonal(5, 1e-4, 0), other), DOUBLE);
        assertArrayEquals(new double[] {1, 1, 1}, Weighting.inputRaise(diagonal(0, 0, 0), same), 0);
    }

    @Test
    void rootOfADiagonalIsThatOfItsRaisedEntries() {
        // The mean of 3 and 1 is 2, half of it is 1: 4 and 2.
        assertClose(diagonal(2, Math.sqrt(2)), Weighting.root(diagonal(3, 1), 0.5), DOUBLE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Weighting.INPUT_FLOOR, Weighting.OUTPUT_FLOOR, 1e-6})
    void everyEigenvalueIsRaisedByTheFloorTimesTheirMean(double floor) {
        INDArray covariance = covariance(1, 9, 4); // of rank 4
        INDArray before = covariance.dup();
        INDArray k = Weighting.root(covariance, floor);
        double raised = floor * Nd4j.diag(covariance).meanNumber().doubleValue();
        assertClose(covariance.add(eye(9).mul(raised)), k.mmul(k.transpose()), DOUBLE);
        double[] s = Lapack.singularValues(k).toDoubleVector();
        assertEquals(Math.sqrt(raised), s[8], 1e-6, "the smallest is the floor itself");
        assertEquals(before, covariance);
    }

    @Test
    void rootOfNoVarianceIsTheIdentity() {
        assertClose(eye(3), Weighting.root(Nd4j.zeros(DataType.DOUBLE, 3, 3), 0.1), 0);
    }

    @Test
    void keepsWhatIsLargeInTheOutputNotWhatIsLargeInTheWeights() {
        INDArray w = diagonal(3, 2);
        assertClose(
                diagonal(3, 0),
                truncated(new Weighting(factor(1, 1), null), w, 1).product(),
                FLOAT);
        assertClose(
                diagonal(0, 2),
                truncated(new Weighting(factor(1, 10), null), w, 1).product(),
                FLOAT);
        assertClose(
                diagonal(0, 2),
                truncated(new Weighting(factor(1, 1), factor(1, 10)), w, 1).product(),
                FLOAT);
        double[] s = new Weighting(factor(1, 10), factor(1, 2)).spectrum(w).values();
        assertEquals(40, s[0], 40 * FLOAT); // 10 · 2 · 2
        assertEquals(3, s[1], 3 * FLOAT);
    }

    @ParameterizedTest
    @CsvSource({"5,1", "1,5", "7,4", "4,7", "6,6", "20,12"})
    void withIdentityCovarianceItIsPlainTruncation(int rows, int columns) {
        INDArray w = random(rows, columns);
        INDArray k = Weighting.root(eye(rows), Weighting.INPUT_FLOOR);
        INDArray m = Weighting.root(eye(columns), Weighting.OUTPUT_FLOOR);
        for (int rank = 1; rank <= Math.min(rows, columns); rank++) {
            INDArray plain = TruncatedSvd.of(w, rank).product();
            assertClose(plain, truncated(new Weighting(k, null), w, rank).product(), FLOAT);
            assertClose(plain, truncated(new Weighting(k, m), w, rank).product(), FLOAT);
        }
    }

    @ParameterizedTest
    @CsvSource({"5,1", "1,5", "7,4", "4,7", "6,6", "20,12"})
    void weightedErrorIsTheTailOfTheSpectrumAndNeverAboveThatOfPlainTruncation(int rows, int columns) {
        INDArray w = random(rows, columns);
        INDArray k = Weighting.root(covariance(2, rows, rows), Weighting.INPUT_FLOOR);
        INDArray m = Weighting.root(covariance(3, columns, 2), Weighting.OUTPUT_FLOOR);
        for (Weighting weighting : new Weighting[] {new Weighting(k, null), new Weighting(k, m)}) {
            Spectrum spectrum = weighting.spectrum(w);
            double whole = norm(weighting.weighted(w));
            for (int rank = 1; rank <= Math.min(rows, columns); rank++) {
                double aware = norm(weighting.weighted(
                        w.sub(truncated(weighting, w, rank).product().castTo(DataType.DOUBLE))));
                double plain =
                        norm(weighting.weighted(w.sub(TruncatedSvd.of(w, rank).product())));
                assertTrue(aware <= plain + FLOAT * whole, "rank " + rank + ": " + aware + " above " + plain);
                assertEquals(Math.sqrt(spectrum.sumOfSquares(rank, Math.min(rows, columns))), aware, FLOAT * whole);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5,1", "1,5", "7,4", "4,7", "6,6", "20,12"})
    void fullRankReproducesTheWeights(int rows, int columns) {
        INDArray w = random(rows, columns);
        INDArray before = w.dup();
        var weighting = new Weighting(
                Weighting.root(covariance(4, rows, 2), Weighting.INPUT_FLOOR),
                Weighting.root(covariance(5, columns, 2), Weighting.OUTPUT_FLOOR));
        assertClose(w, truncated(weighting, w, Math.min(rows, columns)).product(), FLOAT);
        assertEquals(before, w);
    }

    @Test
    void turningTheInputsTogetherWithTheWeightsChangesNothing() {
        INDArray w = random(8, 6);
        INDArray covariance = covariance(6, 8, 8);
        INDArray turn = Lapack.orthonormalize(random(8, 8));
        INDArray m = Weighting.root(covariance(7, 6, 6), Weighting.OUTPUT_FLOOR);
        var straight = new Weighting(Weighting.root(covariance, Weighting.INPUT_FLOOR), m);
        var turned =
                new Weighting(Weighting.root(turn.transpose().mmul(covariance).mmul(turn), Weighting.INPUT_FLOOR), m);
        INDArray product =
                truncated(turned, turn.transpose().mmul(w), 3).product().castTo(DataType.DOUBLE);
        assertClose(truncated(straight, w, 3).product(), turn.mmul(product), FLOAT);
    }

    @ParameterizedTest
    @CsvSource({"1,5", "7,4", "70,12"})
    void ofASolutionItIsWhatItIsOfTheSolvedWeights(int rows, int columns) {
        INDArray w = random(rows, columns);
        INDArray covariance = covariance(10, rows, 3);
        INDArray k = Weighting.root(covariance, Weighting.INPUT_FLOOR);
        INDArray m = Weighting.root(covariance(11, columns, 2), Weighting.OUTPUT_FLOOR);
        INDArray raised = covariance.add(eye(rows)
                .mul(Weighting.INPUT_FLOOR * Nd4j.diag(covariance).meanNumber().doubleValue()));
        for (Weighting weighting : new Weighting[] {new Weighting(k, null), new Weighting(k, m)}) {
            assertClose(
                    weighting.weighted(w),
                    weighting.weightedSolution(raised.mmul(w).dup('f')),
                    FLOAT);
        }
    }

    @Test
    void inputsOfAFewDimensionsNeedNoMoreRank() {
        INDArray w = random(10, 7);
        INDArray x = random(50, 3).mmul(random(3, 10));
        INDArray covariance = x.transpose().mmul(x).div(50);
        // All but without a floor: one of 1e-8 weighs directions that no input has by 1e-4.
        INDArray kept = truncated(new Weighting(Weighting.root(covariance, 1e-8), null), w, 3)
                .product();
        assertClose(x.mmul(w), x.mmul(kept.castTo(DataType.DOUBLE)), 1e-3);
        assertTrue(
                norm(x.mmul(w.sub(TruncatedSvd.of(w, 3).product()))) > 0.1 * norm(x.mmul(w)),
                "plain truncation loses much");
    }

    @Test
    void factorsAreOfEqualSizeInTheWeightedSpaceAndInFloat() {
        INDArray k = Weighting.root(covariance(8, 9, 9), Weighting.INPUT_FLOOR);
        INDArray m = Weighting.root(covariance(9, 5, 5), Weighting.OUTPUT_FLOOR);
        var factors = truncated(new Weighting(k, m), random(9, 5), 2);
        double left = norm(k.transpose().mmul(factors.left().castTo(DataType.DOUBLE)));
        double right = norm(factors.right().castTo(DataType.DOUBLE).mmul(m));
        assertEquals(left, right, FLOAT * left);
        assertEquals(DataType.FLOAT, factors.left().dataType());
        assertEquals(DataType.FLOAT, factors.right().dataType());
        assertEquals(2, factors.rank());
    }

    private static INDArray random(int rows, int columns) {
        Nd4j.getRandom().setSeed(100L * rows + columns);
        return Nd4j.randn(DataType.DOUBLE, rows, columns);
    }

    /** Of a rank, its square roots spread from 1 to 10. */
    private static INDArray covariance(long seed, int size, int rank) {
        Nd4j.getRandom().setSeed(seed);
        int most = Math.min(size, rank);
        INDArray spread = Nd4j.linspace(DataType.DOUBLE, 1, most == 1 ? 0 : 9.0 / (most - 1), most);
        INDArray half =
                Lapack.orthonormalize(Nd4j.randn(DataType.DOUBLE, size, most)).mulRowVector(spread);
        return half.mmul(half.transpose());
    }

    /** With this diagonal. */
    private static INDArray factor(double... k) {
        return Lapack.cholesky(
                diagonal(Arrays.stream(k).map(each -> each * each).toArray()), new double[k.length]);
    }

    private static INDArray diagonal(double... values) {
        return Nd4j.diag(Nd4j.createFromArray(values));
    }

    private static INDArray eye(int size) {
        return Nd4j.eye(size).castTo(DataType.DOUBLE);
    }
}
