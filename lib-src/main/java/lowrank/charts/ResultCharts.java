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
import lowrank.results.NetworkSummary;
import lowrank.results.Published;
import lowrank.results.Results;
import tech.tablesaw.api.Table;

/**
 * The charts of results: mean test accuracy over seeds, with bars of one sample standard deviation in each direction.
 * The dense network among the results is the baseline, drawn as a dashed line.
 */
public final class ResultCharts {
    private static final int ROW = 34;
    private static final int AROUND = 150;

    private ResultCharts() {}

    /** Accuracy against the rank D, on a logarithmic axis with {@code full} at its end; uniform ranks only. */
    public static Plot accuracyAgainstRank(String title, Table results) {
        List<NetworkSummary> points = NetworkSummary.of(results).stream()
                .filter(one -> !one.isDense() && !one.shortRanks().contains(" "))
                .toList();
        double[] ranks = points.stream()
                .filter(one -> !one.isFull())
                .mapToDouble(ResultCharts::rank)
                .distinct()
                .toArray();
        if (ranks.length == 0) {
            throw new IllegalArgumentException(
                    "no compressed network of one rank D among " + results.rowCount() + " results");
        }
        Axis x = Charts.ranks(ranks, points.stream().anyMatch(NetworkSummary::isFull));
        double full = x.ticks().lastKey();
        return chart(title, results, points, x, one -> one.isFull() ? full : rank(one), false);
    }

    /** Accuracy against parameters, on a logarithmic axis; the ranks are printed next to the points. */
    public static Plot accuracyAgainstParameters(String title, Table results) {
        List<NetworkSummary> points = NetworkSummary.of(results).stream()
                .filter(one -> !one.isDense())
                .toList();
        double[] sizes = results.longColumn(Results.PARAMETERS).asDoubleArray();
        Axis x = Axis.logarithmic("Parameters (log scale)", sizes);
        return chart(title, results, points, x, one -> one.parameters(), true);
    }

    /**
     * Accuracy against the share of the dense network's parameters, on a logarithmic axis up to 100 %: one line per
     * method in a band of one standard deviation in each direction, and values that others published.
     *
     * @param results with a dense network among them; networks larger than that are left out
     * @param published drawn as rings
     */
    public static Plot accuracyAgainstShare(String title, Table results, List<Published.Point> published) {
        List<NetworkSummary> measured = NetworkSummary.of(results);
        double whole = measured.stream()
                .filter(NetworkSummary::isDense)
                .mapToDouble(NetworkSummary::parameters)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no dense network among " + results.rowCount()
                        + " results: add it, because shares are relative to it"));
        List<NetworkSummary> all =
                measured.stream().filter(one -> one.parameters() <= whole).toList();
        Axis x = Axis.logarithmic(
                "Parameters, % of the dense network (log scale)",
                DoubleStream.concat(
                                all.stream().mapToDouble(one -> one.parameters()),
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
                    .mapToDouble(one -> 100 * one.parameters() / whole)
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
     * Methods below each other, with the dense network as a vertical line.
     *
     * @param published accuracies that others reached, as fractions, by method; drawn as rings
     */
    public static Plot methodsSideBySide(String title, Table results, Map<String, Double> published) {
        List<NetworkSummary> all = NetworkSummary.of(results);
        List<NetworkSummary> methods =
                new ArrayList<>(all.stream().filter(one -> !one.isDense()).toList());
        methods.sort(Comparator.comparingDouble(one -> one.test()));
        List<String> names =
                new ArrayList<>(methods.stream().map(one -> one.method()).toList());
        Axis x = Axis.accuracy(
                "Test accuracy",
                DoubleStream.concat(ends(all), published.values().stream().mapToDouble(value -> 100 * value))
                        .toArray());
        String rings = names.stream().anyMatch(published::containsKey) ? "; rings: published by others" : "";
        Plot plot = new Plot(title, subtitle(all, results) + rings, x, Axis.names("", names))
                .height(AROUND + ROW * names.size());
        for (int row = 0; row < names.size(); row++) {
            addRow(plot, methods.get(row), row);
        }
        addPublished(plot, names, published);
        return withDense(all, plot, plot::upright);
    }

    private static void addRow(Plot plot, NetworkSummary method, int row) {
        String name = method.method();
        double low = 100 * (method.test() - method.spread());
        double high = 100 * (method.test() + method.spread());
        plot.bar(name, low, row, high, row)
                .points(name, Charts.percent(method.test()), new double[] {row})
                .aside(name, Numbers.percent(method.test(), method.testDeviation()), row);
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
            Table results,
            List<NetworkSummary> points,
            Axis x,
            ToDoubleFunction<NetworkSummary> place,
            boolean labelled) {
        List<NetworkSummary> all = NetworkSummary.of(results);
        Axis y = Axis.accuracy("Test accuracy", ends(all).toArray());
        Plot plot = new Plot(title, subtitle(all, results), x, y);
        byMethod(points, place).forEach((name, ordered) -> {
            double[] at = ordered.stream().mapToDouble(place).toArray();
            double[] low = edge(ordered, -1);
            double[] high = edge(ordered, 1);
            for (int i = 0; i < at.length; i++) {
                plot.bar(name, at[i], low[i], at[i], high[i]);
            }
            plot.line(name, at, edge(ordered, 0));
        });
        if (plot.names().size() > 1) {
            plot.key();
        }
        if (labelled) {
            all.stream()
                    .filter(one -> one.isDense())
                    .forEach(one ->
                            plot.points(Results.DENSE, new double[] {place.applyAsDouble(one)}, edge(List.of(one), 0)));
            lowestAtEach(points, place).forEach((at, one) -> plot.note(one.method(), label(one), at, 100 * one.test()));
        }
        return withDense(all, plot, plot::level);
    }

    /**
     * Points by method, each in order of position. Methods with many points come first, so that the others are drawn on
     * top of them.
     */
    private static Map<String, List<NetworkSummary>> byMethod(
            List<NetworkSummary> points, ToDoubleFunction<NetworkSummary> place) {
        Map<String, List<NetworkSummary>> methods = new LinkedHashMap<>();
        points.forEach(one ->
                methods.computeIfAbsent(one.method(), name -> new ArrayList<>()).add(one));
        methods.values().forEach(ordered -> ordered.sort(Comparator.comparingDouble(place)));
        Map<String, List<NetworkSummary>> longestFirst = new LinkedHashMap<>();
        methods.entrySet().stream()
                .sorted(Comparator.comparing(method -> -method.getValue().size()))
                .forEach(method -> longestFirst.put(method.getKey(), method.getValue()));
        return longestFirst;
    }

    /** The plot with the dense network, if it is among these, as a dashed line. */
    private static Plot withDense(List<NetworkSummary> all, Plot plot, BiFunction<String, Double, Plot> rule) {
        all.stream()
                .filter(one -> one.isDense())
                .findFirst()
                .ifPresent(dense -> rule.apply("dense " + Numbers.percent(dense.test()), 100 * dense.test()));
        return plot;
    }

    /**
     * Like {@link #byMethod}, but if a method has both kinds, networks whose layers have different ranks form a line of
     * their own.
     */
    private static Map<String, List<NetworkSummary>> bySeries(List<NetworkSummary> points) {
        Map<String, List<NetworkSummary>> series = new LinkedHashMap<>();
        byMethod(points, one -> one.parameters()).forEach((method, ordered) -> {
            boolean both = ordered.stream()
                            .map(NetworkSummary::hasChosenRanks)
                            .distinct()
                            .count()
                    > 1;
            ordered.forEach(one -> series.computeIfAbsent(
                            method + (both && one.hasChosenRanks() ? ", ranks chosen" : ""), name -> new ArrayList<>())
                    .add(one));
        });
        return series;
    }

    /** The least accurate point at each position: the one with room for words below it. */
    private static Map<Double, NetworkSummary> lowestAtEach(
            List<NetworkSummary> points, ToDoubleFunction<NetworkSummary> place) {
        Map<Double, NetworkSummary> lowest = new TreeMap<>();
        points.forEach(one -> lowest.merge(place.applyAsDouble(one), one, (a, b) -> a.test() <= b.test() ? a : b));
        return lowest;
    }

    private static String label(NetworkSummary one) {
        return one.isFull() ? Results.FULL : "D = " + one.shortRanks();
    }

    private static double[] edge(List<NetworkSummary> ordered, int deviations) {
        return ordered.stream()
                .mapToDouble(one -> 100 * (one.test() + deviations * one.spread()))
                .toArray();
    }

    private static DoubleStream ends(List<NetworkSummary> all) {
        return all.stream()
                .flatMapToDouble(one -> DoubleStream.of(
                        100 * (one.test() - one.spread()), Math.min(100, 100 * (one.test() + one.spread()))));
    }

    private static String subtitle(List<NetworkSummary> all, Table results) {
        boolean repeated = all.stream().anyMatch(one -> one.seeds() > 1);
        String spread = repeated ? ", mean ± standard deviation" : "";
        return Results.data(results) + ", " + NetworkSummary.seeds(all) + spread;
    }

    private static double rank(NetworkSummary one) {
        return Double.parseDouble(one.shortRanks());
    }
}
