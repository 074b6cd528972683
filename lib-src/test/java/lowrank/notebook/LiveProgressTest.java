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
    private final LiveProgress progress = new LiveProgress("dense", "MNIST", new Notebook(kernel), nanos::get);

    private static Progress.State state(int epoch, int batch) {
        return new Progress.State(epoch, 2, batch, 10, 0.1234, 4, 65);
    }

    @Test
    void nothingIsShownBeforeTheFirstUpdate() {
        assertEquals(List.of(), kernel.views());
    }

    @Test
    void theLineNamesEpochMinibatchLossAccuracyAndTimeLeft() {
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
    void severalTrainingsShareOnePlace() {
        for (int training = 0; training < 2; training++) {
            progress.update(NONE, state(1, 1));
            progress.update(ChartsTest.history(0.9), state(1, 10));
            progress.update(ChartsTest.history(0.9, 0.95), state(2, 10));
        }
        assertEquals(2, kernel.views().size());
        assertEquals(
                "dense, 2 trainings: 2 epochs in 8 s, validation accuracy 95.00 ± 0.00 %",
                kernel.views().get(0).text());
    }

    @Test
    void keptTrainingsAreSaidToBeKept() {
        progress.kept(ChartsTest.history(0.9, 0.94));
        assertEquals(
                "dense: 2 epochs in 6 s, validation accuracy 94.00 % (kept from an earlier run)",
                kernel.views().get(0).text());
        progress.kept(ChartsTest.history(0.9, 0.95));
        progress.update(NONE, state(1, 1));
        progress.update(ChartsTest.history(0.9, 0.96), state(2, 10));
        assertTrue(
                kernel.views()
                        .get(0)
                        .text()
                        .endsWith("validation accuracy 95.00 ± 1.00 % (2 kept from an earlier run)"),
                kernel.views().get(0).text());
    }
}
