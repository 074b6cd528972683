package lowrank.benchmark;

import java.util.Locale;

/** The ratio of one round says too little about that of the next. */
final class NoisyMachineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoisyMachineException(Row row, double limit) {
        super(String.format(
                Locale.ROOT,
                "This machine is too noisy to time %s%s: ours / %s is %.3g, and may be off by %.0f %% (quartiles"
                        + " of %d rounds: %.3g and %.3g); the limit is %.0f %%. End what else is running, and start again; nothing was"
                        + " written.",
                row.measure(),
                row.batch() == 0 ? "" : " at batch " + row.batch(),
                row.reference(),
                row.ratio(),
                100 * row.uncertainty(),
                row.rounds(),
                row.low(),
                row.high(),
                100 * limit));
    }
}
