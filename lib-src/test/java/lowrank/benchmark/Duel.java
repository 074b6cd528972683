package lowrank.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ours against one or more references, in turn: a round is a sample of each, so that a machine that slows down slows
 * all.
 *
 * @param measure what is timed
 * @param batch examples at a time, 0 where there is no such thing
 * @param rank of the factors, 0 where there are none
 * @param rounds that count, after those of the warm-up
 */
record Duel(String measure, int batch, int rank, int rounds, Contender ours, List<Contender> references) {
    /** A quarter of the rounds, at least this many, are not counted: code is compiled, memory is made. */
    private static final int WARM_UP = 2;
    /** Milliseconds for native memory to be given back. */
    private static final int PAUSE = 30;

    private static final double LONG = 100;

    /** The rows of the table, one a reference. */
    List<Row> fought() {
        boolean tidy = false;
        for (int i = 0; i < Math.max(WARM_UP, rounds / 4); i++) {
            tidy = Arrays.stream(round(i, false)).max().orElse(0) > LONG;
        }
        List<double[]> times = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            times.add(round(i, tidy));
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < references.size(); i++) {
            int column = i + 1;
            rows.add(Row.of(
                    measure,
                    batch,
                    rank,
                    references.get(i).name(),
                    times.stream().mapToDouble(t -> t[0]).toArray(),
                    times.stream().mapToDouble(t -> t[column]).toArray()));
        }
        return rows;
    }

    /** @param first whose turn it is to begin: what begins finds other things in the cache */
    private double[] round(int first, boolean tidy) {
        if (tidy) {
            tidy();
        }
        double[] times = new double[references.size() + 1];
        for (int i = 0; i < times.length; i++) {
            int turn = (first + i) % times.length;
            times[turn] =
                    (turn == 0 ? ours : references.get(turn - 1)).milliseconds().getAsDouble();
        }
        return times;
    }

    /** So that nobody pays for the memory that another left behind; for short work the pause would cost more. */
    private static void tidy() {
        System.gc();
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
