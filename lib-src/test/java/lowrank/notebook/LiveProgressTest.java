package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import lowrank.charts.ChartsTest;
import lowrank.training.Progress;
import lowrank.training.TrainingHistory;
import org.junit.jupiter.api.Test;

class LiveProgressTest {
    private static final TrainingHistory NONE = new TrainingHistory(List.of());
    private final MemoryKernel kernel = new MemoryKernel();
    private final AtomicLong nanos = new AtomicLong();
    private final Progress progress = live("dense").of(0);

    private LiveProgress live(String... labels) {
        return new LiveProgress("dense", "MNIST", new Notebook(kernel), List.of(labels), nanos::get);
    }

    private static Progress.State state(int epoch, int batch) {
        return new Progress.State(epoch, 2, batch, 10, 0.1234);
    }

    private void seconds(long passed) {
        nanos.addAndGet(passed * 1_000_000_000);
    }

    private String line() {
        return kernel.views().get(0).text();
    }

    @Test
    void nothingIsShownBeforeTheFirstUpdate() {
        assertEquals(List.of(), kernel.views());
    }

    @Test
    void theLineNamesEpochMinibatchLossAccuracyAndTimeLeft() {
        seconds(195);
        progress.update(ChartsTest.history(0.91), state(2, 5));
        assertEquals(
                "dense: epoch 2 of 2, minibatch 5 of 10, loss 0.1234, "
                        + "validation accuracy 91.00 %, 1 min 05 s left",
                kernel.views().get(0).text());
        assertTrue(kernel.views().get(0).data().get("text/html").contains("width:75.0%"));
    }

    @Test
    void theLineIsRenewedAtMostTwiceASecond() {
        for (int batch = 1; batch <= 10; batch++) {
            progress.update(NONE, state(1, batch));
            nanos.addAndGet(100_000_000);
        }
        assertEquals(1, kernel.updates(), "at 0.5 of 1.0 seconds");
        assertTrue(
                kernel.views().get(0).text().contains("minibatch 6 of 10"),
                kernel.views().get(0).text());
    }

    @Test
    void anEpochsEndIsShownAtOnceWithTheCurveBelow() {
        progress.update(NONE, state(1, 10));
        progress.update(ChartsTest.history(0.9), state(1, 10));
        assertEquals(2, kernel.views().size());
        assertTrue(kernel.views().get(1).data().containsKey("image/png"));
    }

    @Test
    void theLastStateIsOneShortSentence() {
        progress.update(NONE, state(1, 1));
        progress.update(ChartsTest.history(0.9), state(1, 10));
        seconds(4);
        progress.update(ChartsTest.history(0.9, 0.95), state(2, 10));
        assertEquals(
                "dense: 2 epochs in 4 s, validation accuracy 95.00 %",
                kernel.views().get(0).text());
    }

    @Test
    void anInterruptTakesThePlaceOfTheTimeLeft() {
        progress.update(NONE, state(1, 1));
        progress.stopped("training was interrupted: run the cell again");
        assertEquals(
                "dense: training was interrupted: run the cell again",
                kernel.views().get(0).text());
    }

    @Test
    void severalTrainingsShareOneLineAndOneChart() {
        LiveProgress three = live("seed 1", "seed 2", "seed 3");
        seconds(10);
        three.of(1).update(NONE, state(1, 4));
        assertEquals("dense: seed 2 in epoch 1 of 2, 0 of 3 trainings done, 2 min 20 s left", line());
        seconds(50);
        three.of(0).update(ChartsTest.history(0.9), state(1, 10));
        three.of(0).update(ChartsTest.history(0.9, 0.95), state(2, 10));
        assertEquals(
                "dense: seed 2 in epoch 1 of 2, 1 of 3 trainings done, 1 min 30 s left",
                line(),
                "1.2 of 3 in a minute");
        assertTrue(kernel.views().get(0).data().get("text/html").contains("width:40.0%"));
        three.of(1).update(ChartsTest.history(0.9, 0.97), state(2, 10));
        three.of(2).update(ChartsTest.history(0.9, 0.96), state(2, 10));
        assertEquals("dense, 3 trainings: 2 epochs in 1 min 00 s, validation accuracy 95.00 % to 97.00 %", line());
        assertEquals(2, kernel.views().size());
    }

    @Test
    void onlyTheFirstThatAnInterruptStoppedIsNamed() {
        LiveProgress two = live("seed 1", "seed 2");
        two.of(0).update(NONE, state(1, 1));
        two.of(1).stopped("training was interrupted");
        two.of(0).update(ChartsTest.history(0.9), state(1, 10));
        two.of(0).stopped("training was interrupted");
        assertEquals("dense, seed 2: training was interrupted", line());
    }

    @Test
    void keptTrainingsAreSaidToBeKeptAndTakeNoTime() {
        progress.kept(ChartsTest.history(0.9, 0.94));
        assertEquals("dense: 2 epochs in 6 s, validation accuracy 94.00 % (kept from an earlier run)", line());
    }

    @Test
    void keptTrainingsAreNotWaitedFor() {
        LiveProgress three = live("seed 1", "seed 2", "seed 3");
        three.of(0).kept(ChartsTest.history(0.9, 0.94));
        assertEquals("dense: 1 of 3 trainings done", line());
        three.of(1).kept(ChartsTest.history(0.9, 0.95));
        seconds(10);
        three.of(2).update(ChartsTest.history(0.9), state(1, 10));
        assertEquals("dense: seed 3 in epoch 1 of 2, 2 of 3 trainings done, 10 s left", line());
        three.of(2).update(ChartsTest.history(0.9, 0.96), state(2, 10));
        assertEquals(
                "dense, 3 trainings: 2 epochs in 22 s, validation accuracy 94.00 % to 96.00 % (2 kept from an earlier run)",
                line());
    }
}
