package lowrank.benchmark;

import java.util.Locale;

/** The ratio of one round says too little about that of the next. */
final class NoisyMachineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoisyMachineException(Row row, double limit) {
    super(String.format(Locale.ROOT, "This machine is too noisy to time %s%s: the quartiles of ours / %s are %.3g and %.3g,"
            + " %.0f %% of the ratio apart, the limit is %.0f %%. End what else is running, and start again;"
            + " nothing was written.", row.measure(), row.batch() == 0 ? "" : " at batch " + row.batch(), row.reference(),
        row.low(), row.high(), 100 * row.spread(), 100 * limit));
  }
}
