package lowrank.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {
    @Test
    void ratioIsThatOfTheMedians() {
        Row row = Row.of("inference", 32, 20, "theirs", new double[] {1, 2, 3, 4, 100}, new double[] {6, 6, 6, 6, 6});
        assertEquals(0.5, row.ratio());
        assertEquals("inference,32,20,3.000,theirs,6.000,0.5000", row.csv());
    }

    @Test
    void quantilesLieBetweenTheNearestValues() {
        assertEquals(2.5, Row.quantile(new double[] {4, 1, 2, 3}, 0.5));
        assertEquals(1.75, Row.quantile(new double[] {4, 1, 2, 3}, 0.25));
        assertEquals(7, Row.quantile(new double[] {7}, 0.75));
    }

    @Test
    void steadyRatiosAreCertainAndJumpingOnesAreNot() {
        double[] one = {1, 1, 1, 1};
        assertEquals(
                0, Row.of("svd", 0, 0, "theirs", new double[] {2, 2, 2, 2}, one).uncertainty());
        Row jumping = Row.of("svd", 0, 0, "theirs", new double[] {1, 1, 3, 3}, one);
        assertEquals(1.57 * 2 / 2 / 2, jumping.uncertainty(), 1e-12);
        assertTrue(new NoisyMachineException(jumping, 0.1)
                .getMessage()
                .startsWith("This machine is too noisy to time svd: ours / theirs is 2.00, and may be off by 79 %"));
    }

    @Test
    void everyoneTakesATurnInEachRoundAndBeginsInTurn() {
        List<String> turns = new ArrayList<>();
        List<Row> rows = new Duel(
                        "svd",
                        0,
                        0,
                        3,
                        contender("ours", 1, turns),
                        List.of(contender("a", 2, turns), contender("b", 4, turns)))
                .fought();
        assertEquals(List.of(0.5, 0.25), rows.stream().map(Row::ratio).toList());
        assertEquals(
                List.of("ours", "a", "b", "a", "b", "ours", "b", "ours", "a"),
                turns.subList(turns.size() - 9, turns.size()));
    }

    private static Contender contender(String name, double milliseconds, List<String> turns) {
        return new Contender(name, () -> {
            turns.add(name);
            return milliseconds;
        });
    }
}
