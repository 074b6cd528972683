package lowrank.benchmark;

import java.util.function.DoubleSupplier;

/**
 * Something that is timed: ours, or what it is compared with.
 *
 * @param name as it stands in the table
 * @param milliseconds does the work once more, or often enough to be timed well, and tells how long once took
 */
record Contender(String name, DoubleSupplier milliseconds) {
    /**
     * Work in this process. It is repeated within a sample so that the sample takes at least {@link Timed#SAMPLE}
     * milliseconds.
     */
    static Contender of(String name, Runnable work) {
        return new Contender(name, new Timed(work));
    }

    private static final class Timed implements DoubleSupplier {
        private static final double SAMPLE = 20;
        private final Runnable work;
        private int repeats = 1;

        Timed(Runnable work) {
            this.work = work;
        }

        @Override
        public double getAsDouble() {
            long start = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                work.run();
            }
            double once = (System.nanoTime() - start) / 1e6 / repeats;
            repeats = (int) Math.max(1, Math.ceil(SAMPLE / once));
            return once;
        }
    }
}
