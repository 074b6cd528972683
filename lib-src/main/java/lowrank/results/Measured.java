package lowrank.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** One method at one choice of ranks, over its seeds: a row of a table, a point of a chart. */
public record Measured(List<CompressionResult> seeds) {

    /** Results grouped by method, ranks and augmentation; dense networks first, else in order of appearance. */
    public static List<Measured> of(List<CompressionResult> results) {
        Map<List<String>, List<CompressionResult>> groups = new LinkedHashMap<>();
        for (CompressionResult result : results) {
            groups.computeIfAbsent(
                            List.of(result.method(), result.ranks(), result.augmentation()), key -> new ArrayList<>())
                    .add(result);
        }
        List<Measured> all = new ArrayList<>();
        groups.values().stream()
                .filter(group -> group.get(0).isDense())
                .map(Measured::new)
                .forEach(all::add);
        groups.values().stream()
                .filter(group -> !group.get(0).isDense())
                .map(Measured::new)
                .forEach(all::add);
        return all;
    }

    /** The data set of all results. */
    public static String data(List<CompressionResult> results) {
        return results.stream().map(CompressionResult::data).distinct().collect(Collectors.joining(", "));
    }

    /** {@code 1 seed}, {@code 5 seeds}, {@code 1 to 5 seeds}: how often each was measured. */
    public static String seeds(List<Measured> all) {
        var counts = all.stream().mapToInt(one -> one.seeds.size()).summaryStatistics();
        if (counts.getMin() != counts.getMax()) {
            return counts.getMin() + " to " + counts.getMax() + " seeds";
        }
        return counts.getMax() == 1 ? "1 seed" : counts.getMax() + " seeds";
    }

    public CompressionResult first() {
        return seeds.get(0);
    }

    public Summary test() {
        return summary(CompressionResult::testAccuracy);
    }

    public Summary validation() {
        return summary(CompressionResult::validationAccuracy);
    }

    public boolean is(String method) {
        return Objects.equals(first().method(), method);
    }

    private Summary summary(ToDoubleFunction<CompressionResult> value) {
        return Summary.of(seeds.stream().mapToDouble(value).toArray());
    }
}
