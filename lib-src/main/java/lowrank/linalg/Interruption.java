package lowrank.linalg;

import java.util.concurrent.CancellationException;

/**
 * Long computations end where their thread is interrupted: they ask here, between batches, layers and decompositions.
 */
public final class Interruption {
    private Interruption() {}

    /**
     * Goes on, unless the thread was interrupted; then it is not any more.
     *
     * @param work what the sentence of the exception is about
     * @throws CancellationException if the thread was interrupted
     */
    public static void check(String work) {
        if (Thread.interrupted()) {
            throw new CancellationException(work + " was interrupted; nothing of it is kept: run the cell again");
        }
    }
}
