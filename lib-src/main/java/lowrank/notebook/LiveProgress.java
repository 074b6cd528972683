package lowrank.notebook;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import lowrank.charts.Charts;
import lowrank.charts.Numbers;
import lowrank.charts.Plot;
import lowrank.training.Progress;
import lowrank.training.TrainingHistory;

/**
 * Live progress of trainings in one output of a notebook: a line with a bar, and below it growing learning curves, one
 * for all trainings of the same label. The last state stays in the notebook.
 *
 * <p>Trainings may go on one after the other or at the same time, in several threads. Nothing is shown before the first
 * update.
 */
final class LiveProgress {
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
    private final long begin;
    private final List<Training> trainings;
    private long shownAt;
    private boolean shown;
    private boolean stopped;

    /**
     * Shows trainings on the data set {@code data} in a notebook.
     *
     * @param name of them all
     * @param labels what each is called if there are several; the same for those that are shown as one curve
     */
    LiveProgress(String name, String data, Notebook notebook, List<String> labels) {
        this(name, data, notebook, labels, System::nanoTime);
    }

    LiveProgress(String name, String data, Notebook notebook, List<String> labels, LongSupplier nanoTime) {
        this.name = name;
        this.data = data;
        this.bar = notebook.place();
        this.curve = notebook.place();
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
        this.trainings = (labels.size() == 1 ? List.of(name) : labels)
                .stream().map(Training::new).toList();
    }

    /** Receives the progress of one of the trainings, from 0. */
    Progress of(int training) {
        return trainings.get(training);
    }

    /** The line at most twice a second within an epoch, and the curves after each epoch. */
    private void show(boolean epochEnded) {
        long now = nanoTime.getAsLong();
        if (!stopped && (!shown || epochEnded || now - shownAt >= PAUSE)) {
            double seconds = (now - begin) / 1e9;
            bar.set(MimeBundle.of(trainings.stream().allMatch(Training::ended) ? done(seconds) : under(seconds)));
            shown = true;
            shownAt = now;
        }
        int epochs = trainings.stream().mapToInt(Training::epochs).max().orElse(0);
        if (epochEnded && epochs > 1) {
            Map<String, List<TrainingHistory>> lines = new LinkedHashMap<>();
            trainings.stream()
                    .filter(one -> !one.history.epochs().isEmpty())
                    .forEach(one -> lines.computeIfAbsent(one.label, label -> new ArrayList<>())
                            .add(one.history));
            Plot plot = Charts.learningCurves(name, data, lines, epochs).height(CURVE_HEIGHT);
            curve.set(MimeBundle.of(plot.image(), "Validation accuracy by epoch"));
        }
    }

    private HtmlView under(double seconds) {
        double trained = trainings.stream().mapToDouble(Training::trained).sum();
        double kept = trainings.stream().filter(one -> one.kept).count();
        double left = trainings.size() - kept - trained;
        String text = (trainings.size() == 1 ? trainings.get(0).whereItIs() : whereTheyAre())
                + (trained == 0 ? "" : ", " + Numbers.time(seconds / trained * left) + " left");
        String width = Numbers.format("width:%.1f%%", 100 * (kept + trained) / trainings.size());
        return new HtmlView("<div>" + HtmlView.escape(text) + "</div>" + FRAME + width + "\"></div></div>", text);
    }

    private String whereTheyAre() {
        String running = trainings.stream()
                .filter(one -> one.state != null && !one.ended())
                .map(one -> one.label + " in epoch " + one.state.epoch() + " of " + one.state.epochs() + ", ")
                .collect(Collectors.joining());
        return name + ": " + running
                + trainings.stream().filter(Training::ended).count() + " of " + trainings.size() + " trainings done";
    }

    private HtmlView done(double seconds) {
        int count = trainings.size();
        int epochs = trainings.get(count - 1).epochs();
        long kept = trainings.stream().filter(one -> one.kept).count();
        double earlier = trainings.stream()
                .filter(one -> one.kept)
                .mapToDouble(one -> one.history.seconds())
                .sum();
        DoubleSummaryStatistics accuracies = trainings.stream()
                .mapToDouble(one -> one.history.validationAccuracy())
                .summaryStatistics();
        String text = Numbers.format(
                "%s%s: %d epoch%s in %s, validation accuracy %s%s",
                name,
                count > 1 ? ", " + count + " trainings" : "",
                epochs,
                epochs == 1 ? "" : "s",
                Numbers.time(kept == count ? earlier : earlier + seconds),
                (count > 1 ? Numbers.percent(accuracies.getMin()) + " to " : "") + Numbers.percent(accuracies.getMax()),
                kept == 0
                        ? ""
                        : kept < count ? " (" + kept + " kept from an earlier run)" : " (kept from an earlier run)");
        return new HtmlView("<div>" + HtmlView.escape(text) + "</div>", text);
    }

    /** One of them; all of it happens while no other one shows anything. */
    private final class Training implements Progress {
        private final String label;
        private TrainingHistory history = new TrainingHistory(List.of());
        /** Null before the first minibatch. */
        private State state;

        private boolean kept;

        Training(String label) {
            this.label = label;
        }

        @Override
        public void update(TrainingHistory soFar, State now) {
            synchronized (LiveProgress.this) {
                boolean epochEnded = soFar.epochs().size() != history.epochs().size();
                history = soFar;
                state = now;
                show(epochEnded);
            }
        }

        /** Shows it as if it had just ended, and says that it was kept. */
        @Override
        public void kept(TrainingHistory whole) {
            synchronized (LiveProgress.this) {
                history = whole;
                kept = true;
                show(true);
            }
        }

        /** Shows that the first of them was interrupted instead of the time left. */
        @Override
        public void stopped(String sentence) {
            synchronized (LiveProgress.this) {
                if (!stopped) {
                    stopped = true;
                    String text = name + (trainings.size() == 1 ? ": " : ", " + label + ": ") + sentence;
                    bar.set(MimeBundle.of(new HtmlView("<div>" + HtmlView.escape(text) + "</div>", text)));
                }
            }
        }

        int epochs() {
            return state == null ? history.epochs().size() : state.epochs();
        }

        boolean ended() {
            return kept || state != null && history.epochs().size() >= state.epochs();
        }

        /** The share of it that was trained in this run, 0 to 1. */
        double trained() {
            return state == null ? 0 : (state.epoch() - 1 + state.batch() / (double) state.batches()) / state.epochs();
        }

        String whereItIs() {
            return Numbers.format(
                    "%s: epoch %d of %d, minibatch %d of %d, loss %.4f%s",
                    name,
                    state.epoch(),
                    state.epochs(),
                    state.batch(),
                    state.batches(),
                    state.loss(),
                    history.epochs().isEmpty()
                            ? ""
                            : ", validation accuracy " + Numbers.percent(history.validationAccuracy()));
        }
    }
}
