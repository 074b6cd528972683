package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.norm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import lowrank.network.LowRankFactors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class FactorsWithBiasTest {
    /** Products in float, and a ridge of 1e-6 that one round leaves in. */
    private static final double FLOAT = 1e-4;

    @BeforeEach
    void fixSeed() {
        Nd4j.getRandom().setSeed(1);
    }

    @Test
    void outputIsWorkedOutByHand() {
        var affine = new FactorsWithBias(
                new LowRankFactors(matrix(new float[][] {{1}, {2}}), matrix(new float[][] {{3, 4, 5}})),
                matrix(new float[][] {{10, 20, 30}}));
        assertClose(
                matrix(new float[][] {{10 + 9, 20 + 12, 30 + 15}}), affine.output(matrix(new float[][] {{1, 1}})), 0);
        assertClose(
                matrix(new float[][] {{3, 4, 5}, {6, 8, 10}}), affine.factors().product(), 0);
    }

    @Test
    void beforeAReluAnyPredictionBelowZeroIsRightWhereThePreActivationIs() {
        INDArray x = Nd4j.zeros(DataType.FLOAT, 40, 3); // nothing but the bias can be fitted
        INDArray z = matrix(new float[][] {{-1, -1, 2, 2, 0}}).repeat(0, 40);
        var start = new FactorsWithBias(
                new LowRankFactors(Nd4j.ones(DataType.FLOAT, 3, 1), Nd4j.zeros(DataType.FLOAT, 1, 5)),
                matrix(new float[][] {{5, -10, 5, -10, 5}}));
        assertClose(
                matrix(new float[][] {{0, -10, 2, 2, 0}}),
                start.refitted(List.of(x), List.of(z), true).bias(),
                FLOAT);
        assertClose(
                matrix(new float[][] {{-1, -1, 2, 2, 0}}),
                start.refitted(List.of(x), List.of(z), false).bias(),
                FLOAT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsFactorsThatReachTheTargetsWhereThereAreSome(boolean relu) {
        INDArray x = Nd4j.randn(DataType.FLOAT, 100, 6);
        FactorsWithBias wanted = random(6, 2, 5);
        // Above zero, where a ReLU forgives nothing.
        wanted.bias().addi(20);
        FactorsWithBias start = new FactorsWithBias(
                new LowRankFactors(wanted.factors().left(), Nd4j.randn(DataType.FLOAT, 2, 5)),
                Nd4j.zeros(DataType.FLOAT, 1, 5));
        FactorsWithBias fit = start.refitted(parts(x), parts(wanted.output(x)), relu);
        assertClose(wanted.output(x), fit.output(x), FLOAT);
        assertSame(wanted.factors().left(), fit.factors().left());
    }

    @Test
    void leavesNoErrorThatItsInputsExplain() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 100, 6);
        INDArray z = Nd4j.randn(DataType.FLOAT, 100, 5);
        FactorsWithBias fit = random(6, 2, 5).refitted(parts(x), parts(z), false);
        INDArray error = z.sub(fit.output(x));
        assertClose(Nd4j.zeros(DataType.FLOAT, 1, 5), error.mean(true, 0), FLOAT);
        INDArray explained = x.mmul(fit.factors().left()).transpose().mmul(error);
        assertTrue(norm(explained) < FLOAT * norm(x) * norm(z), "normal equations, off by " + norm(explained));
    }

    @Test
    void beforeAReluTheErrorBehindItFalls() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 200, 6);
        INDArray w = Nd4j.randn(DataType.FLOAT, 6, 5);
        INDArray z = x.mmul(w).subi(1);
        LowRankFactors truncated = TruncatedSvd.of(w, 2).balancedFactors();
        var start =
                new FactorsWithBias(truncated, Nd4j.ones(DataType.FLOAT, 1, 5).negi());
        double before = norm(unforgiven(z, start.output(x)));
        double linear =
                norm(unforgiven(z, start.refitted(parts(x), parts(z), false).output(x)));
        double after =
                norm(unforgiven(z, start.refitted(parts(x), parts(z), true).output(x)));
        assertTrue(after < 0.95 * before, after + " of " + before);
        assertTrue(after < 0.95 * linear, after + " of " + linear + ", with nothing forgiven while it was fitted");
    }

    @Test
    void fewerThanTenImagesForEachNumberOfANeuronLeaveItAsItIs() {
        FactorsWithBias start = random(6, 2, 5); // two factors and a bias: three numbers
        INDArray x = Nd4j.randn(DataType.FLOAT, 30, 6);
        INDArray z = Nd4j.randn(DataType.FLOAT, 30, 5);
        var fewer = NDArrayIndex.interval(0, 29);
        assertSame(start, start.refitted(List.of(x.get(fewer)), List.of(z.get(fewer)), true));
        assertNotSame(start, start.refitted(List.of(x), List.of(z), true));
    }

    @Test
    void inputsThatDoNotVaryDoNoHarm() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 50, 6);
        INDArray z = Nd4j.ones(DataType.FLOAT, 50, 5).muli(3);
        assertClose(z, random(6, 2, 5).refitted(parts(x), parts(z), false).output(x), FLOAT);
    }

    @Test
    void leavesInputsAndTargetsAsTheyAre() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 60, 6).dup('f');
        INDArray z = Nd4j.randn(DataType.FLOAT, 60, 5).dup('f');
        FactorsWithBias start = random(6, 2, 5);
        List<INDArray> before = List.of(
                x.dup(), z.dup(), start.factors().right().dup(), start.bias().dup());
        start.refitted(List.of(x), List.of(z), true);
        assertEquals(before, List.of(x, z, start.factors().right(), start.bias()));
    }

    /** What a prediction lacks: nothing where it and z are below zero. */
    private static INDArray unforgiven(INDArray z, INDArray predicted) {
        INDArray off = z.lte(0).castTo(DataType.FLOAT);
        INDArray counted =
                off.mul(Transforms.relu(predicted, true)).addi(off.rsub(1).muli(predicted));
        return Transforms.relu(z, true).subi(counted);
    }

    private static FactorsWithBias random(int inputs, int rank, int outputs) {
        return new FactorsWithBias(
                new LowRankFactors(Nd4j.randn(DataType.FLOAT, inputs, rank), Nd4j.randn(DataType.FLOAT, rank, outputs)),
                Nd4j.randn(DataType.FLOAT, 1, outputs));
    }

    /** Batches of 40, the last one smaller. */
    private static List<INDArray> parts(INDArray all) {
        return IntStream.iterate(0, from -> from < all.rows(), from -> from + 40)
                .mapToObj(from -> all.get(
                                NDArrayIndex.interval(from, Math.min(all.rows(), from + 40)), NDArrayIndex.all())
                        .dup('f'))
                .toList();
    }

    private static INDArray matrix(float[][] values) {
        return Nd4j.createFromArray(values);
    }
}
