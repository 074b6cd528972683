package lowrank.training.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

class FusedAdamTest {
    private static final CosineDecay RATE = new CosineDecay(1e-3, 50);

    @Test
    void firstStepIsTheLearningRateInTheDirectionOfTheGradient() {
        INDArray gradient = Nd4j.createFromArray(new float[][] {{0.5f, -2f, 0f}});
        updater(new FusedAdam(RATE), 3).applyUpdater(gradient, 0, 0);
        assertArrayEquals(new float[] {1e-3f, -1e-3f, 0}, gradient.toFloatVector(), 1e-8f);
    }

    /** Lengths around the blocks and portions it works in. */
    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 65_536, 65_537, 200_000})
    void isTheOperationOfNd4jToTheLastBit(int length) {
        GradientUpdater<?> ours = updater(new FusedAdam(RATE), length);
        GradientUpdater<?> theirs = updater(new Adam(RATE), length);
        Nd4j.getRandom().setSeed(length);
        for (int step = 0; step < 20; step++) {
            INDArray gradient = Nd4j.randn(DataType.FLOAT, 1, length).muli(1e-2);
            INDArray same = gradient.dup();
            ours.applyUpdater(gradient, step, 0);
            theirs.applyUpdater(same, step, 0);
            assertArrayEquals(same.toFloatVector(), gradient.toFloatVector(), "step " + step);
        }
        theirs.getState()
                .forEach((name, state) -> assertArrayEquals(
                        state.toFloatVector(), (ours.getState().get(name)).toFloatVector(), name));
    }

    @Test
    void worksOnPartOfALargerArray() {
        INDArray state = Nd4j.zeros(DataType.FLOAT, 1, 40);
        GradientUpdater<?> ours =
                new FusedAdam(RATE).instantiate(state.get(NDArrayIndex.all(), NDArrayIndex.interval(10, 30)), true);
        INDArray gradient = Nd4j.ones(DataType.FLOAT, 1, 20);
        ours.applyUpdater(gradient.get(NDArrayIndex.all(), NDArrayIndex.interval(5, 15)), 0, 0);
        assertArrayEquals(new float[] {1, 1, 1, 1, 1}, part(gradient, 0, 5));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1}, part(gradient, 15, 20));
        assertArrayEquals(new float[] {1e-3f, 1e-3f, 1e-3f}, part(gradient, 5, 8), 1e-8f);
        assertEquals(
                0,
                state.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 10))
                        .sumNumber()
                        .doubleValue());
        assertEquals(
                0,
                state.get(NDArrayIndex.all(), NDArrayIndex.interval(30, 40))
                        .sumNumber()
                        .doubleValue());
    }

    @Test
    void momentsThatFadeBecomeZeroInsteadOfDenormal() {
        GradientUpdater<?> ours = updater(new FusedAdam(RATE), 1);
        ours.applyUpdater(Nd4j.createFromArray(new float[][] {{1e-30f}}), 0, 0);
        for (int step = 1; step < 1000; step++) {
            ours.applyUpdater(Nd4j.zeros(DataType.FLOAT, 1, 1), step, 0);
            double mean = (ours.getState().get("M")).getDouble(0);
            assertEquals(mean >= Float.MIN_NORMAL ? mean : 0, mean, "step " + step);
        }
    }

    @Test
    void doublesAreLeftToNd4j() {
        INDArray gradient = Nd4j.rand(DataType.DOUBLE, 1, 10);
        INDArray same = gradient.dup();
        new FusedAdam(RATE)
                .instantiate(Nd4j.zeros(DataType.DOUBLE, 1, 20), true)
                .applyUpdater(gradient, 0, 0);
        new Adam(RATE).instantiate(Nd4j.zeros(DataType.DOUBLE, 1, 20), true).applyUpdater(same, 0, 0);
        assertEquals(same, gradient);
    }

    @Test
    void copyIsEqualAndIndependent() {
        var adam = new FusedAdam(RATE);
        adam.setBeta1(0.8);
        adam.setEpsilon(1e-6);
        FusedAdam copy = adam.clone();
        assertNotSame(adam, copy);
        assertEquals(0.8, copy.getBeta1());
        assertEquals(1e-6, copy.getEpsilon());
        assertEquals(adam.getLearningRate(25, 0), copy.getLearningRate(25, 0));
    }

    private static GradientUpdater<?> updater(IUpdater config, int length) {
        return config.instantiate(Nd4j.zeros(DataType.FLOAT, 1, 2 * length), true);
    }

    private static float[] part(INDArray row, int from, int to) {
        return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                .dup()
                .data()
                .asFloat();
    }
}
