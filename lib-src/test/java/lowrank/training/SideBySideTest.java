package lowrank.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import lowrank.data.DigitSet;
import lowrank.linalg.Blas;
import lowrank.linalg.Workspaces;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class SideBySideTest {
    private static final DigitSet DIGITS = Blobs.of(200, 1);
    /** Wide enough that BLAS uses several threads for its products. */
    private static final MultiLayerNetwork START =
            new MlpSpec(DigitSet.PIXELS, List.of(200, 200), DigitSet.CLASSES).create(1);

    private static final TrainingPlan PLAN = new TrainingPlan(2, 50, 2e-3, 0.1, 0.2, 0.1, 0.1, 1);
    private static final TrainingPlan ENDLESS = PLAN.withEpochs(100_000);

    private final String before = Blas.computer();
    private final int ofNd4j = Nd4j.getEnvironment().maxMasterThreads();
    private final AtomicInteger going = new AtomicInteger();

    @AfterEach
    void allHaveEndedAndTheThreadsAreBack() {
        assertEquals(0, going.get());
        assertEquals(before, Blas.computer());
        assertEquals(ofNd4j, Nd4j.getEnvironment().maxMasterThreads());
        assertFalse(Thread.interrupted());
    }

    @Test
    void giveTheSameBitsAsOneAfterTheOtherAndInTheSameOrder() {
        MultiLayerNetwork dynamic = DynamicSvd.of(START, 10, Truncation.TRACKED_EACH_STEP);
        List<float[]> alone = Blas.withOneThread(
                () -> IntStream.range(0, 4).mapToObj(i -> weights(i, dynamic)).toList());
        List<float[]> together = SideBySide.all(3, 4, i -> weights(i, dynamic));
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(alone.get(i), together.get(i), "training " + i);
        }
    }

    /** The first ones are the longest, so they end last; the last two ask the same teacher. */
    private float[] weights(int i, MultiLayerNetwork dynamic) {
        MultiLayerNetwork start = i % 2 == 0 ? START : dynamic;
        Optional<Teacher> teacher = i < 2 ? Optional.empty() : Optional.of(new Teacher(START, 2));
        return TrainingLoop.train(start, PLAN.withEpochs(5 - i), teacher, DIGITS, DIGITS, i + 1, Progress.NONE)
                .network()
                .params()
                .toFloatVector();
    }

    @Test
    void computeWithOneThreadEachWhichOneInTheCallingThreadDoesNot() {
        for (String computer : SideBySide.all(2, 3, i -> Blas.computer())) {
            assertTrue(computer.endsWith(", 1 thread"), computer);
        }
        assertEquals(List.of(before), SideBySide.all(1, 1, i -> Blas.computer()));
        assertSame(
                Thread.currentThread(),
                SideBySide.all(1, 1_000, i -> Thread.currentThread()).get(0));
    }

    @Test
    void asManyAsCoresAndHalfTheMemoryAllow() {
        long gigabyte = 1L << 30;
        assertEquals(4, SideBySide.workers(5, 4, 100 * gigabyte, 5_000_000));
        assertEquals(5, SideBySide.workers(5, 64, 100 * gigabyte, 5_000_000));
        assertEquals(2, SideBySide.workers(5, 64, gigabyte, 5_000_000), "of 200 MB each");
        assertEquals(1, SideBySide.workers(5, 64, gigabyte / 4, 5_000_000), "one is always tried");
    }

    @Test
    void leaveNothingInTheMemoryOfTheirThreads() {
        Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
        SideBySide.all(2, 6, i -> {
            threads.add(Thread.currentThread());
            assertEquals(List.of(), Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread(), "of the one before");
            Workspaces.open().close();
            return train(PLAN.withEpochs(1), START, i, Progress.NONE);
        });
        assertTrue(threads.size() <= 2, "in " + threads.size() + " threads");
    }

    @Test
    void failureOfOneStopsTheOthersAndIsThrownAsItIs() {
        var failure = new ArithmeticException("the loss is NaN");
        var other = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        var thrown = assertThrows(
                ArithmeticException.class,
                () -> SideBySide.all(2, 5, i -> {
                    begun.incrementAndGet();
                    if (i == 1) {
                        await(other);
                        throw failure;
                    }
                    return train(ENDLESS, START, i, (soFar, state) -> other.countDown());
                }));
        assertSame(failure, thrown);
        assertTrue(begun.get() < 5, "the last was begun");
    }

    @Test
    void interruptStopsAllAsItStopsOne() {
        AtomicReference<Thread> calling = new AtomicReference<>(Thread.currentThread());
        var both = new CountDownLatch(2);
        var thrown = assertThrows(
                CancellationException.class,
                () -> SideBySide.all(
                        2,
                        5,
                        i -> train(ENDLESS, START, i, (soFar, state) -> {
                            both.countDown();
                            await(both);
                            Optional.ofNullable(calling.getAndSet(null)).ifPresent(Thread::interrupt);
                        })));
        assertTrue(
                thrown.getMessage().matches("training was interrupted in epoch \\d+ of 100000; .*"),
                thrown.getMessage());
    }

    @Test
    void interruptThatOnlyTheLastToBeginWouldHeedIsNotLost() {
        Thread calling = Thread.currentThread();
        var thrown = assertThrows(
                CancellationException.class,
                () -> SideBySide.all(2, 3, i -> {
                    calling.interrupt();
                    while (!Thread.interrupted()) {
                        Thread.onSpinWait();
                    }
                    return i;
                }));
        assertTrue(thrown.getMessage().contains("run the cell again"), thrown.getMessage());
    }

    private TrainedNetwork train(TrainingPlan plan, MultiLayerNetwork start, int seed, Progress progress) {
        going.incrementAndGet();
        try {
            return TrainingLoop.train(start, plan, DIGITS, DIGITS, seed, progress);
        } finally {
            going.decrementAndGet();
        }
    }

    /** Whoever waits is interrupted only when it may go on. */
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
