package lowrank.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import lowrank.charts.Charts;
import lowrank.charts.Numbers;
import lowrank.charts.Plot;
import lowrank.training.Epoch;
import lowrank.training.Progress;
import lowrank.training.TrainingHistory;
import tech.tablesaw.api.DoubleColumn;

/**
 * Live progress of a training in one output of a notebook: a line with a bar, and below it a growing learning curve.
 * The last state stays in the notebook.
 *
 * <p>One instance can show several trainings one after the other, such as those of five seeds: each adds a line to the
 * chart. Nothing is shown before the first update.
 */
final class LiveProgress implements Progress {
    private static final long PAUSE = 500_000_000L;
    private static final int CURVE_HEIGHT = 260;
    private static final String FRAME = "<div style=\"background:rgba(128,128,128,0.25);height:6px;"
            + "max-width:720px;border-radius:3px;margin:4px 0\">"
            + "<div style=\"background:#0072B2;height:6px;border-radius:3px;";

    private final String name;
    private final String data;
    private final Notebook.Place bar;
    private final Notebook.Place curve;
    private final LongSupplier nanoTime;
    private final List<TrainingHistory> finished = new ArrayList<>();
    private TrainingHistory running = new TrainingHistory(List.of());
    private double seconds;
    private int kept;
    private long shownAt;
    private boolean shown;

    /** Shows the training called {@code name} on the data set {@code data} in a notebook. */
    LiveProgress(String name, String data, Notebook notebook) {
        this(name, data, notebook, System::nanoTime);
    }

    LiveProgress(String name, String data, Notebook notebook, LongSupplier nanoTime) {
        this.name = name;
        this.data = data;
        this.bar = notebook.place();
        this.curve = notebook.place();
        this.nanoTime = nanoTime;
    }

    /** Shows the state, at most twice a second within an epoch, and the curve after each epoch. */
    @Override
    public void update(TrainingHistory soFar, State state) {
        int before = running.epochs().size();
        if (soFar.epochs().size() < before) {
            finished.add(running);
        }
        running = soFar;
        boolean epochEnded = soFar.epochs().size() != before && !soFar.epochs().isEmpty();
        boolean ended = soFar.epochs().size() >= state.epochs();
        long now = nanoTime.getAsLong();
        if (!shown || epochEnded || now - shownAt >= PAUSE) {
            seconds += ended && epochEnded ? state.secondsElapsed() : 0;
            bar.set(MimeBundle.of(ended ? done() : under(state)));
            shown = true;
            shownAt = now;
        }
        if (epochEnded && state.epochs() > 1) {
            curve.set(MimeBundle.of(plot(state.epochs()).image(), "Validation accuracy by epoch"));
        }
    }

    /** Shows a training from an earlier run as if it had just ended, and says that it was kept. */
    @Override
    public void kept(TrainingHistory whole) {
        if (!running.epochs().isEmpty()) {
            finished.add(running);
        }
        running = whole;
        kept++;
        seconds += whole.seconds();
        bar.set(MimeBundle.of(done()));
        curve.set(MimeBundle.of(plot(whole.epochs().size()).image(), "Validation accuracy by epoch"));
    }

    /** Shows that a training was interrupted instead of the time left. */
    @Override
    public void stopped(String sentence) {
        bar.set(MimeBundle.of(new HtmlView(
                "<div>" + HtmlView.escape(label() + ": " + sentence) + "</div>", label() + ": " + sentence)));
    }

    private HtmlView under(State state) {
        String text = Numbers.format(
                "%s: epoch %d of %d, minibatch %d of %d, loss %.4f%s, %s left",
                label(),
                state.epoch(),
                state.epochs(),
                state.batch(),
                state.batches(),
                state.loss(),
                accuracy(),
                Numbers.time(state.secondsLeft()));
        double epochs = state.epoch() - 1 + state.batch() / (double) Math.max(1, state.batches());
        String width = Numbers.format("width:%.1f%%", 100 * Math.min(1, epochs / state.epochs()));
        return new HtmlView("<div>" + HtmlView.escape(text) + "</div>" + FRAME + width + "\"></div></div>", text);
    }

    private HtmlView done() {
        int trainings = finished.size() + 1;
        String text = Numbers.format(
                "%s%s: %d epoch%s in %s%s%s",
                name,
                trainings > 1 ? ", " + trainings + " trainings" : "",
                running.epochs().size(),
                running.epochs().size() == 1 ? "" : "s",
                Numbers.time(seconds),
                accuracyOfAll(),
                kept == 0
                        ? ""
                        : kept < trainings
                                ? " (" + kept + " kept from an earlier run)"
                                : " (kept from an earlier run)");
        return new HtmlView("<div>" + HtmlView.escape(text) + "</div>", text);
    }

    private String label() {
        return finished.isEmpty() ? name : name + ", training " + (finished.size() + 1);
    }

    /** The mean over the trainings, and their spread. */
    private String accuracyOfAll() {
        DoubleColumn each = DoubleColumn.create(
                "",
                Stream.concat(finished.stream(), Stream.of(running)).mapToDouble(TrainingHistory::validationAccuracy));
        return ", validation accuracy "
                + Numbers.percent(each.mean(), each.size() == 1 ? Double.NaN : each.standardDeviation());
    }

    private String accuracy() {
        List<Epoch> epochs = running.epochs();
        return epochs.isEmpty()
                ? ""
                : ", validation accuracy "
                        + Numbers.percent(epochs.get(epochs.size() - 1).validationAccuracy());
    }

    private Plot plot(int epochs) {
        Map<String, List<TrainingHistory>> lines = new LinkedHashMap<>();
        for (int i = 0; i < finished.size(); i++) {
            lines.put("training " + (i + 1), List.of(finished.get(i)));
        }
        lines.put(finished.isEmpty() ? name : "training " + (finished.size() + 1), List.of(running));
        return Charts.learningCurves(name, data, lines, epochs).height(CURVE_HEIGHT);
    }
}
