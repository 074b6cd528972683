package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static final double EXACT = 1e-9;

    @Test
    void linearTicksAreRoundAndLieWithinTheAxis() {
        Axis axis = Axis.linear("x", 91.3, 98.6);
        assertEquals(List.of("92", "94", "96", "98"), List.copyOf(axis.ticks().values()));
    }

    @Test
    void aSingleValueHasTicksAroundIt() {
        Axis axis = Axis.linear("x", 93);
        assertTrue(axis.ticks().size() >= 3, axis.ticks().toString());
        assertEquals(0.5, axis.position(93), EXACT);
    }

    @Test
    void wholeAxesHaveWholeTicksOnly() {
        assertEquals(
                List.of("1", "2", "3"),
                List.copyOf(Axis.whole("Epoch", 1, 3).ticks().values()));
        assertEquals(
                List.of("1", "2"), List.copyOf(Axis.whole("Epoch", 1, 1).ticks().values()));
    }

    @Test
    void logarithmicTicksReadAsPeopleSayThem() {
        Axis axis = Axis.logarithmic("Parameters", 130_370, 5_012_490);
        assertEquals(
                List.of("200 k", "500 k", "1 M", "2 M", "5 M"),
                List.copyOf(axis.ticks().values()));
        assertEquals(
                List.of("10⁻⁵", "10⁻⁴", "10⁻³", "0.01"),
                List.copyOf(Axis.logarithmic("gap", 1e-5, 1e-2).ticks().values()));
    }

    @Test
    void logarithmicAxesGiveEqualRatiosEqualLengths() {
        Axis axis = Axis.logarithmic("x", 1, 1000);
        assertEquals(axis.position(10) - axis.position(1), axis.position(1000) - axis.position(100), EXACT);
    }

    @Test
    void accuraciesCloseTogetherAreLinearAndNeverAbove100() {
        Axis axis = Axis.accuracy("Test accuracy", 97.5, 99.8);
        assertEquals(Axis.accuracy("Test accuracy", 97, 98.5).scale(), Scale.LINEAR);
        assertTrue(axis.max() <= 100);
    }

    @Test
    void accuraciesFarApartAreLaidOutByTheirErrorAndTheTitleSaysSo() {
        Axis axis = Axis.accuracy("Test accuracy", 70, 98.8);
        assertEquals(Scale.ERROR, axis.scale());
        assertEquals("Test accuracy (%), error on a log scale", axis.title());
        assertEquals(
                axis.position(90) - axis.position(80),
                axis.position(95) - axis.position(90),
                EXACT,
                "halving the error is the same length anywhere");
    }

    @Test
    void aPerfectAccuracyCanBeDrawn() {
        Axis axis = Axis.accuracy("Test accuracy", 50, 100);
        assertTrue(axis.position(100) <= 1 + EXACT && axis.position(50) >= 0);
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThrows(IllegalArgumentException.class, () -> Axis.linear("x", Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Axis.logarithmic("x", 0, 1));
    }
}
