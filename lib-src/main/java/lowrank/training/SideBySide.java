package lowrank.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import lowrank.linalg.Blas;
import lowrank.linalg.Interruption;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/** Trainings that do not need each other, such as those of several seeds, at the same time. */
public final class SideBySide {
    /**
     * Weights, gradient, Adam's two moments, the copy that is returned, and as much again for activations and files.
     */
    private static final int BYTES_A_PARAMETER = 40;

    private SideBySide() {}

    /**
     * Does {@code work} for 0 to {@code count - 1}. As many are done at a time as there are cores, and as fit into half
     * of the memory outside the heap; each computes with one thread of BLAS, so the results do not depend on how many
     * that is. If it is one, all are done in the calling thread, with all of its threads.
     *
     * @param parameters of the network that each trains
     * @param work the same from any thread
     * @return the results, from 0 on
     * @throws CancellationException if the calling thread is interrupted before the last one is done; as after a
     *     failure of one, which is thrown as it is, the others are interrupted, and none goes on
     */
    public static <T> List<T> all(int count, long parameters, IntFunction<T> work) {
        long memory = Math.min(Pointer.maxBytes(), Pointer.maxPhysicalBytes());
        return all(workers(count, Runtime.getRuntime().availableProcessors(), memory, parameters), count, work);
    }

    static int workers(int count, int cores, long memory, long parameters) {
        return (int) Math.max(1, Math.min(Math.min(count, cores), memory / 2 / (parameters * BYTES_A_PARAMETER)));
    }

    static <T> List<T> all(int workers, int count, IntFunction<T> work) {
        if (workers == 1) {
            return IntStream.range(0, count).mapToObj(work).toList();
        }
        return Blas.withOneThread(() -> {
            ExecutorService pool = Executors.newFixedThreadPool(workers);
            try {
                return results(pool, count, work);
            } finally {
                end(pool);
            }
        });
    }

    private static <T> List<T> results(ExecutorService pool, int count, IntFunction<T> work) {
        List<T> results = new ArrayList<>(Collections.nCopies(count, null));
        var ended = new ExecutorCompletionService<T>(pool);
        IntStream.range(0, count).forEach(i -> ended.submit(() -> results.set(i, leavingNothing(work, i))));
        int expected = count;
        boolean interrupted = false;
        for (int done = 0; done < expected; ) {
            try {
                ended.take().get();
                done++;
            } catch (InterruptedException e) {
                interrupted = true;
                expected -= pool.shutdownNow().size();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) e.getCause();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (expected < count) {
            Interruption.check("training");
        }
        return results;
    }

    /** Frees DL4J's memory for the steps of a training, which belongs to its thread. */
    private static <T> T leavingNothing(IntFunction<T> work, int i) {
        try {
            return work.apply(i);
        } finally {
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }

    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
