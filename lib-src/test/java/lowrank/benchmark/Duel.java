package lowrank.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * Ours against one or more references, in turn: a round is a sample of each, so that a machine that slows down slows all.
 *
 * @param measure what is timed
 * @param batch examples at a time, 0 where there is no such thing
 * @param rank of the factors, 0 where there are none
 * @param rounds that count; {@link #WARM_UP} come before
 */
record Duel(String measure, int batch, int rank, int rounds, Contender ours, List<Contender> references) {
  /** A tenth of the rounds, at least this many, are not counted: code is compiled, memory is made. */
  private static final int WARM_UP = 2;

  /** The rows of the table, one a reference. */
  List<Row> fought() {
    for (int i = 0; i < Math.max(WARM_UP, rounds / 10); i++) {
      round();
    }
    List<double[]> times = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      times.add(round());
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < references.size(); i++) {
      int column = i + 1;
      rows.add(Row.of(measure, batch, rank, references.get(i).name(), times.stream().mapToDouble(t -> t[0]).toArray(),
          times.stream().mapToDouble(t -> t[column]).toArray()));
    }
    return rows;
  }

  private double[] round() {
    double[] times = new double[references.size() + 1];
    times[0] = ours.milliseconds();
    for (int i = 0; i < references.size(); i++) {
      times[i + 1] = references.get(i).milliseconds();
    }
    return times;
  }
}
