package lowrank.notebook;

import java.util.Locale;
import java.util.stream.LongStream;

/** How much a run computes. */
public enum Profile {
    /** Every cell runs, on a part of the data: for tests and small machines. */
    QUICK(1),
    /** One seed at real accuracy. */
    DEFAULT(1),
    /** Five seeds: what is published. */
    FULL(5);

    private final int seeds;

    Profile(int seeds) {
        this.seeds = seeds;
    }

    /** The seeds of a run, from 1. */
    public long[] seeds() {
        return LongStream.rangeClosed(1, seeds).toArray();
    }

    /** The name as it is written in settings and provenance: {@code quick}, {@code default} or {@code full}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
