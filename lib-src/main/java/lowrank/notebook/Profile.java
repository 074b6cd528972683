package lowrank.notebook;

import java.util.Locale;
import java.util.stream.LongStream;

/** How much a run computes. */
public enum Profile {
    /** Runs every cell on a part of the data: for tests and small machines. */
    QUICK(1),
    /** One seed, trained to a realistic accuracy. */
    DEFAULT(1),
    /** Five seeds: the published results. */
    FULL(5);

    private final int seeds;

    Profile(int seeds) {
        this.seeds = seeds;
    }

    /** The seeds of a run, from 1. */
    public long[] seeds() {
        return LongStream.rangeClosed(1, seeds).toArray();
    }

    /** The name used in settings and provenance: {@code quick}, {@code default} or {@code full}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
