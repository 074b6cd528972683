package lowrank.linalg;

import java.util.concurrent.CancellationException;

/** Ends long computations whose thread is interrupted: they call this between batches, layers and decompositions. */
public final class Interruption {
    private Interruption() {}

    /**
     * Returns normally unless the thread was interrupted; then it clears the interrupt and throws.
     *
     * @param work the subject of the exception's message
     * @throws CancellationException if the thread was interrupted
     */
    public static void check(String work) {
        if (Thread.interrupted()) {
            throw new CancellationException(work + " was interrupted; nothing of it is kept: run the cell again");
        }
    }
}
