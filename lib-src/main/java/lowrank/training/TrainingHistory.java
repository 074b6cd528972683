package lowrank.training;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The epochs of a training, in order. Its text form is CSV, one line per epoch, which {@link #parse} reads.
 *
 * @param epochs done so far
 */
public record TrainingHistory(List<Epoch> epochs) {
    private static final String HEADER = "epoch,loss,train_accuracy,validation_accuracy,seconds";

    public TrainingHistory {
        epochs = List.copyOf(epochs);
    }

    /** The history with one more epoch. */
    TrainingHistory plus(Epoch epoch) {
        return new TrainingHistory(
                Stream.concat(epochs.stream(), Stream.of(epoch)).toList());
    }

    /** Total seconds of all training steps. */
    public double seconds() {
        return epochs.stream().mapToDouble(Epoch::seconds).sum();
    }

    /** Accuracy on the validation set after the last epoch, 0 to 1; NaN before the first. */
    public double validationAccuracy() {
        return epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1).validationAccuracy();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Epoch epoch : epochs) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%.6f,%.6f,%.6f,%.3f%n",
                    epoch.number(),
                    epoch.loss(),
                    epoch.trainAccuracy(),
                    epoch.validationAccuracy(),
                    epoch.seconds()));
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if the text is not what {@link #toString} writes */
    static TrainingHistory parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IllegalArgumentException("a training history starts with " + HEADER);
        }
        return new TrainingHistory(
                lines.stream().skip(1).map(TrainingHistory::epoch).toList());
    }

    private static Epoch epoch(String line) {
        String[] fields = line.split(",");
        return new Epoch(
                Integer.parseInt(fields[0]),
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]));
    }
}
