package lowrank.charts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import lowrank.results.CompressionResult;
import lowrank.results.Measured;
import lowrank.results.Published;
import lowrank.results.Summary;

/**
 * The charts of results: test accuracy, mean over seeds, bars of one sample standard deviation each way. The dense
 * network among the results is the baseline, a dashed line.
 */
public final class ResultCharts {
    private static final int ROW = 34;
    private static final int AROUND = 150;

    private ResultCharts() {}

    /** Accuracy against the rank D, on a logarithmic axis with {@code full} at its end; uniform ranks only. */
    public static Plot accuracyAgainstRank(String title, List<CompressionResult> results) {
        List<Measured> points = Measured.of(results).stream()
                .filter(one ->
                        !one.first().isDense() && !one.first().shortRanks().contains(" "))
                .toList();
        double[] ranks = points.stream()
                .filter(one -> !isFull(one))
                .mapToDouble(ResultCharts::rank)
                .distinct()
                .toArray();
        if (ranks.length == 0) {
            throw new IllegalArgumentException(
                    "no compressed network of one rank D among " + results.size() + " results");
        }
        Axis x = Charts.ranks(ranks, points.stream().anyMatch(ResultCharts::isFull));
        double full = x.ticks().lastKey();
        return chart(title, results, points, x, one -> isFull(one) ? full : rank(one), false);
    }

    /** Accuracy against parameters, on a logarithmic axis; the ranks stand beside the points. */
    public static Plot accuracyAgainstParameters(String title, List<CompressionResult> results) {
        List<Measured> points = Measured.of(results).stream()
                .filter(one -> !one.first().isDense())
                .toList();
        double[] sizes =
                results.stream().mapToDouble(CompressionResult::parameters).toArray();
        Axis x = Axis.logarithmic("Parameters (log scale)", sizes);
        return chart(title, results, points, x, one -> one.first().parameters(), true);
    }

    /**
     * Accuracy against the share of the dense network's parameters, on a logarithmic axis up to 100 %: a line a method
     * in a band of one standard deviation each way, and what others published.
     *
     * @param results with a dense network among them; networks larger than that are left out
     * @param published drawn as rings
     */
    public static Plot accuracyAgainstShare(
            String title, List<CompressionResult> results, List<Published.Point> published) {
        double whole = results.stream()
                .filter(CompressionResult::isDense)
                .mapToDouble(CompressionResult::parameters)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no dense network among " + results.size()
                        + " results: add the one that shares are counted of"));
        List<Measured> all = Measured.of(
                results.stream().filter(one -> one.parameters() <= whole).toList());
        Axis x = Axis.logarithmic(
                "Parameters, % of the dense network (log scale)",
                DoubleStream.concat(
                                all.stream().mapToDouble(one -> one.first().parameters()),
                                published.stream().mapToDouble(Published.Point::parameters))
                        .map(size -> 100 * size / whole)
                        .toArray());
        Axis y = Axis.accuracy(
                "Test accuracy",
                DoubleStream.concat(ends(all), published.stream().mapToDouble(point -> 100 * point.accuracy()))
                        .toArray());
        String rings = published.isEmpty() ? "" : "; rings: published by others";
        Plot plot = new Plot(title, subtitle(all, results) + rings, x, y).key();
        bySeries(all).forEach((name, ordered) -> {
            double[] at = ordered.stream()
                    .mapToDouble(one -> 100 * one.first().parameters() / whole)
                    .toArray();
            plot.band(name, at, edge(ordered, -1), edge(ordered, 1)).line(name, at, edge(ordered, 0));
        });
        for (String kind :
                published.stream().map(Published.Point::kind).distinct().toList()) {
            List<Published.Point> ofKind = published.stream()
                    .filter(point -> point.kind().equals(kind))
                    .toList();
            plot.hollow(
                    "published, " + kind,
                    ofKind.stream()
                            .mapToDouble(point -> 100 * point.parameters() / whole)
                            .toArray(),
                    ofKind.stream().mapToDouble(point -> 100 * point.accuracy()).toArray());
        }
        return withDense(all, plot, plot::level);
    }

    /**
     * Methods below each other, the dense network as an upright line.
     *
     * @param published what others reached, a fraction, by method; drawn as rings
     */
    public static Plot methodsSideBySide(String title, List<CompressionResult> results, Map<String, Double> published) {
        List<Measured> all = Measured.of(results);
        List<Measured> methods = new ArrayList<>(
                all.stream().filter(one -> !one.first().isDense()).toList());
        methods.sort(Comparator.comparingDouble(one -> one.test().mean()));
        List<String> names = new ArrayList<>(
                methods.stream().map(one -> one.first().method()).toList());
        Axis x = Axis.accuracy(
                "Test accuracy",
                DoubleStream.concat(ends(all), published.values().stream().mapToDouble(value -> 100 * value))
                        .toArray());
        String rings = names.stream().anyMatch(published::containsKey) ? "; rings: published by others" : "";
        Plot plot = new Plot(title, subtitle(all, results) + rings, x, Axis.names("", names))
                .unnamed()
                .height(AROUND + ROW * names.size());
        for (int row = 0; row < names.size(); row++) {
            addRow(plot, methods.get(row), row);
        }
        addPublished(plot, names, published);
        return withDense(all, plot, plot::upright);
    }

    private static void addRow(Plot plot, Measured method, int row) {
        Summary test = method.test();
        String name = method.first().method();
        double[] at = {row};
        if (test.spread() > 0) {
            plot.bars(
                    name,
                    Charts.percent(test.mean() - test.deviation()),
                    at,
                    Charts.percent(test.mean() + test.deviation()),
                    at);
        }
        plot.points(name, Charts.percent(test.mean()), at)
                .aside(name, Numbers.percent(test.mean(), test.deviation()), row);
    }

    private static void addPublished(Plot plot, List<String> names, Map<String, Double> published) {
        List<String> known = names.stream().filter(published::containsKey).toList();
        if (!known.isEmpty()) {
            plot.hollow(
                    "published",
                    known.stream()
                            .mapToDouble(name -> 100 * published.get(name))
                            .toArray(),
                    known.stream().mapToDouble(names::indexOf).toArray());
        }
    }

    private static Plot chart(
            String title,
            List<CompressionResult> results,
            List<Measured> points,
            Axis x,
            ToDoubleFunction<Measured> place,
            boolean labelled) {
        List<Measured> all = Measured.of(results);
        Axis y = Axis.accuracy("Test accuracy", ends(all).toArray());
        Plot plot = new Plot(title, subtitle(all, results), x, y);
        byMethod(points, place).forEach((name, ordered) -> {
            double[] at = ordered.stream().mapToDouble(place).toArray();
            if (ordered.stream().anyMatch(one -> one.test().spread() > 0)) {
                plot.bars(name, at, edge(ordered, -1), at, edge(ordered, 1));
            }
            plot.line(name, at, edge(ordered, 0));
        });
        if (plot.names().size() > 1) {
            plot.key();
        }
        if (labelled) {
            all.stream()
                    .filter(one -> one.first().isDense())
                    .forEach(one -> plot.points(
                            CompressionResult.DENSE, new double[] {place.applyAsDouble(one)}, edge(List.of(one), 0)));
            lowestAtEach(points, place)
                    .forEach((at, one) -> plot.note(
                            one.first().method(),
                            label(one),
                            at,
                            100 * one.test().mean()));
        }
        return withDense(all, plot, plot::level);
    }

    /** Points by method, each in order of place; methods of many points first, to be drawn below the others. */
    private static Map<String, List<Measured>> byMethod(List<Measured> points, ToDoubleFunction<Measured> place) {
        Map<String, List<Measured>> methods = new LinkedHashMap<>();
        points.forEach(one -> methods.computeIfAbsent(one.first().method(), name -> new ArrayList<>())
                .add(one));
        methods.values().forEach(ordered -> ordered.sort(Comparator.comparingDouble(place)));
        Map<String, List<Measured>> longestFirst = new LinkedHashMap<>();
        methods.entrySet().stream()
                .sorted(Comparator.comparing(method -> -method.getValue().size()))
                .forEach(method -> longestFirst.put(method.getKey(), method.getValue()));
        return longestFirst;
    }

    /** The plot with the dense network, if it is among these, as a dashed line. */
    private static Plot withDense(List<Measured> all, Plot plot, BiFunction<String, Double, Plot> rule) {
        all.stream()
                .filter(one -> one.first().isDense())
                .findFirst()
                .ifPresent(dense -> rule.apply(
                        "dense " + Numbers.percent(dense.test().mean()),
                        100 * dense.test().mean()));
        return plot;
    }

    /** As {@link #byMethod}; where a method has both, networks with a rank of its own for each layer are apart. */
    private static Map<String, List<Measured>> bySeries(List<Measured> points) {
        Map<String, List<Measured>> series = new LinkedHashMap<>();
        byMethod(points, one -> one.first().parameters()).forEach((method, ordered) -> {
            boolean both = ordered.stream()
                            .map(ResultCharts::hasChosenRanks)
                            .distinct()
                            .count()
                    > 1;
            ordered.forEach(one -> series.computeIfAbsent(
                            method + (both && hasChosenRanks(one) ? ", ranks chosen" : ""), name -> new ArrayList<>())
                    .add(one));
        });
        return series;
    }

    private static boolean hasChosenRanks(Measured one) {
        return one.first().shortRanks().contains(" ");
    }

    /** The least accurate at each place: the one with room for words below. */
    private static Map<Double, Measured> lowestAtEach(List<Measured> points, ToDoubleFunction<Measured> place) {
        Map<Double, Measured> lowest = new TreeMap<>();
        points.forEach(one -> lowest.merge(
                place.applyAsDouble(one),
                one,
                (a, b) -> a.test().mean() <= b.test().mean() ? a : b));
        return lowest;
    }

    private static String label(Measured one) {
        return isFull(one) ? CompressionResult.FULL : "D = " + one.first().shortRanks();
    }

    private static double[] edge(List<Measured> ordered, int deviations) {
        return ordered.stream()
                .mapToDouble(one ->
                        100 * (one.test().mean() + deviations * one.test().spread()))
                .toArray();
    }

    private static DoubleStream ends(List<Measured> all) {
        return all.stream()
                .map(Measured::test)
                .flatMapToDouble(test -> DoubleStream.of(
                        100 * (test.mean() - test.spread()), Math.min(100, 100 * (test.mean() + test.spread()))));
    }

    private static String subtitle(List<Measured> all, List<CompressionResult> results) {
        boolean repeated = all.stream().anyMatch(one -> one.seeds().size() > 1);
        String spread = repeated ? ", mean ± standard deviation" : "";
        return Measured.data(results) + ", " + Measured.seeds(all) + spread;
    }

    private static boolean isFull(Measured one) {
        return one.first().ranks().equals(CompressionResult.FULL);
    }

    private static double rank(Measured one) {
        return Double.parseDouble(one.first().shortRanks());
    }
}
