package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MomentsTest {
    /** Products of a batch are in float: a relative 1e-7 a term, with room. */
    private static final double FLOAT = 1e-5;

    @Test
    void meansAndCovariancesOfThreeRowsAreThoseByHand() {
        Moments moments = new Moments(2, 1);
        moments.add(Nd4j.createFromArray(new float[][] {{1, 0}, {3, 0}, {5, 6}}), Nd4j.createFromArray(new float[][] {
            {10}, {20}, {60}
        }));
        assertClose(Nd4j.createFromArray(new double[][] {{3, 2}}), moments.meanX(), FLOAT);
        assertClose(Nd4j.createFromArray(new double[][] {{30}}), moments.meanY(), FLOAT);
        // Deviations −2 0 2 and −2 −2 4; of y −20 −10 30. Divided by three.
        assertClose(
                Nd4j.createFromArray(new double[][] {{8, 12}, {12, 24}}).div(3),
                GramTest.symmetric(moments.covariance()),
                FLOAT);
        assertClose(Nd4j.createFromArray(new double[][] {{100}, {180}}).div(3), moments.crossCovariance(), FLOAT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 120})
    void batchesMakeNoDifference(int size) {
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.FLOAT, 120, 5).addi(3);
        INDArray y = Nd4j.randn(DataType.FLOAT, 120, 4)
                .addi(x.getColumn(0).reshape(120, 1).mmul(Nd4j.ones(1, 4)));
        INDArray before = x.dup();
        Moments moments = batched(x, y, size);
        INDArray movedX = centred(x);
        assertClose(x.castTo(DataType.DOUBLE).mean(true, 0), moments.meanX(), FLOAT);
        assertClose(y.castTo(DataType.DOUBLE).mean(true, 0), moments.meanY(), FLOAT);
        assertClose(movedX.transpose().mmul(movedX).div(120), GramTest.symmetric(moments.covariance()), FLOAT);
        assertClose(movedX.transpose().mmul(centred(y)).div(120), moments.crossCovariance(), FLOAT);
        assertEquals(before, x);
    }

    @Test
    void pairsGivenBatchByBatchAreThoseOfTheListsButForTheCovarianceOfX() {
        Nd4j.getRandom().setSeed(3);
        List<INDArray> x = List.of(Nd4j.randn(DataType.FLOAT, 30, 5), Nd4j.randn(DataType.FLOAT, 20, 5));
        List<INDArray> y = List.of(Nd4j.randn(DataType.FLOAT, 30, 4), Nd4j.randn(DataType.FLOAT, 20, 4));
        Moments both = Moments.of(x, y);
        Moments pairs = Moments.pairs(x, y::get, 4);
        assertEquals(both.meanX(), pairs.meanX());
        assertEquals(both.meanY(), pairs.meanY());
        assertEquals(both.crossCovariance(), pairs.crossCovariance());
    }

    @Test
    void meanFarFromZeroCostsNoDigits() {
        Nd4j.getRandom().setSeed(2);
        INDArray x = Nd4j.randn(DataType.FLOAT, 100, 3).addi(1000);
        INDArray moved = centred(x);
        INDArray expected = moved.transpose().mmul(moved).div(100);
        // Squares of 1000 in float are off by 0.06 each, a covariance of 1 would drown.
        assertClose(expected, GramTest.symmetric(batched(x, null, 30).covariance()), FLOAT);
    }

    @Test
    void oneRowHasNoCovariance() {
        Moments moments = new Moments(2, 1);
        moments.add(Nd4j.createFromArray(new float[][] {{0.1f, 0.7f}}), Nd4j.createFromArray(new float[][] {{0.3f}}));
        assertClose(Nd4j.zeros(DataType.DOUBLE, 2, 2), GramTest.symmetric(moments.covariance()), 0);
        assertClose(Nd4j.zeros(DataType.DOUBLE, 2, 1), moments.crossCovariance(), 0);
        assertClose(Nd4j.createFromArray(new double[][] {{0.1, 0.7}}), moments.meanX(), FLOAT);
    }

    private static Moments batched(INDArray x, INDArray y, int size) {
        return Moments.of(parts(x, size), y == null ? null : parts(y, size));
    }

    private static List<INDArray> parts(INDArray all, int size) {
        return IntStream.iterate(0, from -> from < all.rows(), from -> from + size)
                .mapToObj(from -> all.get(
                                NDArrayIndex.interval(from, Math.min(all.rows(), from + size)), NDArrayIndex.all())
                        .dup('f'))
                .toList();
    }

    private static INDArray centred(INDArray x) {
        INDArray wide = x.castTo(DataType.DOUBLE);
        return wide.subRowVector(wide.mean(true, 0));
    }
}
