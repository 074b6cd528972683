package lowrank.charts;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import lowrank.results.Results;
import lowrank.training.Epoch;
import lowrank.training.TrainingHistory;

/**
 * The charts of training and of spectra; those of results are in {@link ResultCharts}. Titles are claims and come from
 * the caller; {@code data} names the data set and is printed below the title.
 */
public final class Charts {
    /** Singular values below this share of the largest are left out. */
    private static final double LEAST_SHOWN = 1e-4;
    /** With so few epochs, none is left out. */
    private static final int FEW_EPOCHS = 3;
    /** Where {@code full} is placed: this many times the last rank. */
    private static final double FULL_BEHIND = 2.5;

    private Charts() {}

    /**
     * Validation accuracy by epoch: one line per method, the mean over its runs, in a band from the lowest run to the
     * highest.
     *
     * @param methods the runs, one per seed, by name
     * @throws IllegalArgumentException if there is no epoch to show
     */
    public static Plot learningCurves(String title, String data, Map<String, List<TrainingHistory>> methods) {
        return learningCurves(title, data, methods, 0);
    }

    /** Like {@link #learningCurves}, on an axis that has room for this many epochs. */
    public static Plot learningCurves(
            String title, String data, Map<String, List<TrainingHistory>> methods, int epochs) {
        ToDoubleFunction<Epoch> accuracy = epoch -> 100 * epoch.validationAccuracy();
        double[] all = values(methods, 0, accuracy);
        boolean many = methods.values().stream()
                .flatMap(List::stream)
                .anyMatch(history -> history.epochs().size() > FEW_EPOCHS);
        Axis y = Axis.accuracy("Validation accuracy", many ? settled(all, values(methods, 1, accuracy)) : all);
        return curves(title, data, methods, epochs, y, accuracy);
    }

    /** Mean training loss by epoch, drawn as {@link #learningCurves}. */
    public static Plot lossCurves(String title, String data, Map<String, List<TrainingHistory>> methods) {
        Axis y = Axis.linear("Training loss, mean of the epoch (nats)", values(methods, 0, Epoch::loss));
        return curves(title, data, methods, 0, y, Epoch::loss);
    }

    /**
     * Singular values by index, largest first, both axes logarithmic; one line per layer. Values below a ten-thousandth
     * of the largest are left out.
     */
    public static Plot spectra(String title, String data, Map<String, double[]> spectra) {
        double[] all = join(spectra.values());
        double least = LEAST_SHOWN * Arrays.stream(all).max().orElse(1);
        Axis y = Axis.logarithmic("Singular value", above(least, all));
        int longest = spectra.values().stream()
                .mapToInt(values -> values.length)
                .max()
                .orElse(1);
        Axis x = Axis.logarithmic("Index of the singular value, the largest first (log scale)", 1, longest);
        Plot plot = new Plot(title, data, x.labelled(Axis.oneTwoFive(1, longest)), y).key();
        spectra.forEach((layer, values) -> plot.line(layer, count(values.length), above(least, values)));
        return plot;
    }

    /**
     * Share of the squared singular values kept at each rank; one line per layer.
     *
     * @param ranks ascending
     * @param energy shares, 0 to 1, one per rank, by layer
     */
    public static Plot energyKept(String title, String data, int[] ranks, Map<String, double[]> energy) {
        double[] at = Arrays.stream(ranks).asDoubleStream().toArray();
        Axis y = Axis.linear("Energy kept: Σ s² of the leading D values (%)", 0, 100);
        Plot plot = new Plot(title, data, ranks(at, false), new Axis(y.title(), Scale.LINEAR, 0, 102, y.ticks()));
        energy.forEach((layer, shares) -> plot.line(layer, at, percent(shares)));
        return plot;
    }

    /**
     * Accuracy by digit: one mark per network above each digit; the marks of a digit are joined to show how far its
     * accuracy fell.
     *
     * @param networks accuracies of the digits 0 to 9, fractions, by network
     */
    public static Plot perDigit(String title, String data, Map<String, double[]> networks) {
        List<String> digits = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
        Axis y = Axis.accuracy("Test accuracy", percent(join(networks.values())));
        Plot plot = new Plot(title, data, Axis.names("Digit", digits), y).key();
        for (int i = 0; i < digits.size(); i++) {
            int digit = i;
            var reached = networks.values().stream()
                    .mapToDouble(accuracies -> 100 * accuracies[digit])
                    .summaryStatistics();
            plot.bar("", digit, reached.getMin(), digit, reached.getMax());
        }
        double[] at = IntStream.range(0, digits.size()).asDoubleStream().toArray();
        networks.forEach((name, accuracies) -> plot.points(name, at, percent(accuracies)));
        return plot;
    }

    /** Any quantity above 0 on a logarithmic axis against steps or the like: each line is {@code {x, y}}. */
    public static Plot drift(String title, String data, String xTitle, String yTitle, Map<String, double[][]> lines) {
        double[] xs = join(lines.values().stream().map(line -> line[0]).toList());
        double[] ys = join(lines.values().stream().map(line -> line[1]).toList());
        Axis y = Axis.logarithmic(yTitle, above(0, ys));
        Plot plot = new Plot(title, data, Axis.linear(xTitle, xs), y);
        lines.forEach((name, line) -> plot.line(name, line[0], above(0, line[1])));
        return plot;
    }

    /** A logarithmic axis of ranks with a tick at each, and, if asked for, at {@code full} behind the last. */
    static Axis ranks(double[] ranks, boolean full) {
        TreeMap<Double, String> ticks = new TreeMap<>();
        Arrays.stream(ranks).forEach(rank -> ticks.put(rank, Numbers.count((long) rank)));
        double last = ticks.lastKey();
        if (full) {
            ticks.put(last * FULL_BEHIND, Results.FULL);
        }
        return Axis.logarithmic("Rank D of each hidden layer (log scale)", ticks.firstKey(), ticks.lastKey())
                .labelled(ticks);
    }

    static double[] percent(double... fractions) {
        return Arrays.stream(fractions).map(fraction -> 100 * fraction).toArray();
    }

    private static Plot curves(
            String title,
            String data,
            Map<String, List<TrainingHistory>> methods,
            int epochs,
            Axis y,
            ToDoubleFunction<Epoch> value) {
        int longest = methods.values().stream()
                .flatMap(List::stream)
                .mapToInt(run -> run.epochs().size())
                .max()
                .orElse(0);
        Plot plot = new Plot(title, data, Axis.whole("Epoch", 1, Math.max(epochs, longest)), y);
        methods.forEach((name, runs) -> {
            int shortest =
                    runs.stream().mapToInt(run -> run.epochs().size()).min().orElse(0);
            double[] at = count(shortest);
            var byEpoch = IntStream.range(0, shortest)
                    .mapToObj(i -> runs.stream()
                            .mapToDouble(run -> value.applyAsDouble(run.epochs().get(i)))
                            .summaryStatistics())
                    .toList();
            if (runs.size() > 1) {
                double[] low = each(byEpoch, DoubleSummaryStatistics::getMin);
                plot.band(name, at, low, each(byEpoch, DoubleSummaryStatistics::getMax));
            }
            plot.line(name, at, each(byEpoch, DoubleSummaryStatistics::getAverage));
        });
        return plot;
    }

    private static double[] each(
            List<DoubleSummaryStatistics> byEpoch, ToDoubleFunction<DoubleSummaryStatistics> what) {
        return byEpoch.stream().mapToDouble(what).toArray();
    }

    private static double[] values(
            Map<String, List<TrainingHistory>> methods, int skip, ToDoubleFunction<Epoch> value) {
        return methods.values().stream()
                .flatMap(List::stream)
                .flatMapToDouble(run -> run.epochs().stream().skip(skip).mapToDouble(value))
                .toArray();
    }

    /** Leaves a much lower first epoch out of the range, so that the later ones can be told apart. */
    private static double[] settled(double[] all, double[] later) {
        double lowest = Arrays.stream(all).min().orElseThrow();
        var range = Arrays.stream(later).summaryStatistics();
        double far = 2 * Math.max(0.2, range.getMax() - range.getMin());
        return range.getMin() - lowest > far ? later : all;
    }

    private static double[] join(Iterable<double[]> arrays) {
        DoubleStream.Builder all = DoubleStream.builder();
        arrays.forEach(array -> Arrays.stream(array).forEach(all));
        return all.build().toArray();
    }

    /** The values, with {@code NaN} for those that are not above this limit: the line is interrupted there. */
    private static double[] above(double least, double... values) {
        return Arrays.stream(values)
                .map(value -> value > least ? value : Double.NaN)
                .toArray();
    }

    private static double[] count(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }
}
