package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.assertOrthonormalColumns;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lowrank.linalg.Lapack;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SubspaceTrackerTest {
    private static final double DOUBLE = 1e-9;

    @Test
    void isExactAfterARestart() {
        INDArray w = decaying(20, 30);
        var tracker = new SubspaceTracker(4, 3);
        tracker.restart(w);
        assertClose(TruncatedSvd.of(w, 4).product(), tracker.factors().product(), DOUBLE);
        assertEquals(0, tracker.energyGap(w), DOUBLE);
    }

    @Test
    void followsAMatrixThatMovesALittle() {
        INDArray w = decaying(30, 20);
        var tracker = new SubspaceTracker(4, 3);
        tracker.restart(w);
        for (int step = 0; step < 50; step++) {
            w.addi(Nd4j.randn(DataType.DOUBLE, 30, 20).muli(1e-3));
            tracker.follow(w);
        }
        // Fifty steps moved w by 1e-3 · √(50 · 600) ≈ 0.17; what is followed is off by far less.
        assertClose(TruncatedSvd.of(w, 4).product(), tracker.factors().product(), 1e-2);
        assertTrue(tracker.energyGap(w) < 1e-4, "gap " + tracker.energyGap(w));
    }

    @Test
    void convergesToTheExactTruncationWhereTheMatrixStandsStill() {
        var tracker = new SubspaceTracker(3, 4);
        tracker.restart(Nd4j.rand(DataType.DOUBLE, 25, 15));
        INDArray w = decaying(25, 15);
        for (int step = 0; step < 30; step++) {
            tracker.follow(w);
        }
        assertClose(TruncatedSvd.of(w, 3).product(), tracker.factors().product(), DOUBLE);
        assertOrthonormalColumns(tracker.factors().left(), DOUBLE);
    }

    @Test
    void columnsBeyondTheRankLetARisingDirectionIn() {
        INDArray before = Nd4j.diag(Nd4j.createFromArray(5.0, 4.0, 3.0, 0.0, 0.0));
        INDArray after = Nd4j.diag(Nd4j.createFromArray(5.0, 4.0, 9.0, 0.0, 0.0));
        var tracker = new SubspaceTracker(2, 1);
        tracker.restart(before);
        tracker.follow(after);
        assertClose(TruncatedSvd.of(after, 2).product(), tracker.factors().product(), DOUBLE);
        var blind = new SubspaceTracker(2, 0);
        blind.restart(before);
        blind.follow(after);
        // Without them the direction of 9 is never seen: 25 + 16 of the 25 + 81 there are.
        assertEquals(1 - 41.0 / 106, blind.energyGap(after), DOUBLE);
    }

    @Test
    void projectsOnTheSubspaceItHas() {
        INDArray w = decaying(12, 9);
        var tracker = new SubspaceTracker(3, 2);
        tracker.restart(w);
        INDArray left = tracker.factors().left();
        INDArray moved = w.add(Nd4j.randn(DataType.DOUBLE, 12, 9));
        tracker.project(moved);
        assertClose(left.mmul(left.transpose()).mmul(moved), tracker.factors().product(), DOUBLE);
        assertClose(left, tracker.factors().left(), DOUBLE);
    }

    @Test
    void keepsNoMoreColumnsThanTheMatrixHas() {
        INDArray w = decaying(6, 4);
        var tracker = new SubspaceTracker(4, 8);
        tracker.restart(w);
        tracker.follow(w);
        assertClose(w, tracker.factors().product(), DOUBLE);
    }

    @Test
    void worksInSinglePrecisionAndEitherOrder() {
        for (char order : new char[] {'c', 'f'}) {
            INDArray w = decaying(30, 20).castTo(DataType.FLOAT).dup(order);
            var tracker = new SubspaceTracker(4, 3);
            tracker.restart(w);
            w.addi(Nd4j.randn(DataType.FLOAT, 30, 20).muli(1e-3));
            tracker.follow(w);
            assertClose(TruncatedSvd.of(w, 4).product(), tracker.factors().product(), 1e-2);
            assertEquals(DataType.FLOAT, tracker.factors().left().dataType());
        }
    }

    @Test
    void zeroMatrixHasNoGap() {
        var tracker = new SubspaceTracker(2, 2);
        tracker.restart(decaying(6, 6));
        assertEquals(0, tracker.energyGap(Nd4j.zeros(DataType.DOUBLE, 6, 6)));
    }

    @Test
    void leavesTheMatrixUnchanged() {
        INDArray w = decaying(8, 8).dup('f');
        INDArray before = w.dup();
        var tracker = new SubspaceTracker(2, 2);
        tracker.restart(w);
        tracker.follow(w);
        tracker.energyGap(w);
        assertEquals(before, w);
    }

    @Test
    void refusesToFollowBeforeARestartOrAnotherShape() {
        var tracker = new SubspaceTracker(2, 1);
        assertThrows(IllegalStateException.class, () -> tracker.follow(decaying(5, 5)));
        assertThrows(IllegalStateException.class, () -> tracker.energyGap(decaying(5, 5)));
        assertThrows(IllegalStateException.class, () -> tracker.project(decaying(5, 5)));
        tracker.restart(decaying(5, 5));
        assertThrows(IllegalArgumentException.class, () -> tracker.follow(decaying(5, 6)));
        assertThrows(IllegalArgumentException.class, () -> new SubspaceTracker(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new SubspaceTracker(6, 1).restart(decaying(5, 5)));
    }

    /** A random matrix with singular values near 1, 1/2, 1/4, …: those of a network trained for long. */
    private static INDArray decaying(int rows, int columns) {
        Nd4j.getRandom().setSeed(rows * 100L + columns);
        int k = Math.min(rows, columns);
        INDArray u = Lapack.orthonormalize(Nd4j.randn(DataType.DOUBLE, rows, k));
        INDArray v = Lapack.orthonormalize(Nd4j.randn(DataType.DOUBLE, columns, k));
        double[] s = new double[k];
        for (int i = 0; i < k; i++) {
            s[i] = Math.pow(0.5, i);
        }
        return u.mulRowVector(Nd4j.createFromArray(s)).mmul(v.transpose());
    }
}
