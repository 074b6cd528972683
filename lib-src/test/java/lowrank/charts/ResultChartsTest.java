package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import lowrank.results.Published;
import lowrank.results.Results;
import lowrank.results.Samples;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ResultChartsTest {
    private static final double EXACT = 1e-9;
    private final Table results = Samples.of(
            Samples.dense(1, 0.985),
            Samples.dense(2, 0.987),
            Samples.truncated(50, 1, 0.97),
            Samples.truncated(50, 2, 0.98),
            Samples.truncated(20, 1, 0.94),
            Samples.truncated(20, 2, 0.96));

    @Test
    void aPointIsTheMeanOverSeedsInOrderOfRankWithABarOfOneDeviationEachWay() {
        Plot plot = ResultCharts.accuracyAgainstRank("It falls", results);
        Plot.Series line = plot.series(Plot.Kind.LINE).get(0);
        assertArrayEquals(new double[] {20, 50}, line.x(), EXACT);
        assertArrayEquals(new double[] {95, 97.5}, line.y(), EXACT);
        double[] bar = plot.series(Plot.Kind.BAR).get(0).y();
        assertEquals(2 * Math.sqrt(2), bar[1] - bar[0], EXACT, "twice the deviation of 94 and 96");
    }

    @Test
    void theDenseNetworkIsALabelledLevel() {
        Plot.Rule rule =
                ResultCharts.accuracyAgainstRank("It falls", results).rules().get(0);
        assertEquals("dense 98.60 %", rule.label());
        assertEquals(98.6, rule.at(), EXACT);
    }

    @Test
    void theSubtitleNamesDataSeedsAndBars() {
        assertEquals(
                "MNIST, 2 seeds, mean ± standard deviation",
                ResultCharts.accuracyAgainstRank("It falls", results).subtitle());
    }

    @Test
    void fullStandsBehindTheLastRank() {
        results.append(Samples.result("1", "truncated", "full", 1, 9_000_000, 0.985));
        Plot plot = ResultCharts.accuracyAgainstRank("It falls", results);
        assertEquals("full", plot.x().ticks().lastEntry().getValue());
        assertEquals(
                plot.x().ticks().lastKey(), plot.series(Plot.Kind.LINE).get(0).x()[2], EXACT);
    }

    @Test
    void oneMethodIsNamedAtItsEndAndMoreInAKey() {
        assertFalse(ResultCharts.accuracyAgainstRank("It falls", results).hasKey());
        results.append(Samples.fineTuned(20, 1, 0.98));
        assertTrue(ResultCharts.accuracyAgainstRank("It falls", results).hasKey());
    }

    @Test
    void parametersAreOnALogarithmicAxisWithTheRankBesideEachLowestPoint() {
        results.append(Samples.fineTuned(20, 1, 0.98));
        results.append(Samples.truncated(20, 3, 0.95));
        Plot plot = ResultCharts.accuracyAgainstParameters("It falls", results);
        assertEquals(Scale.LOGARITHMIC, plot.x().scale());
        assertEquals(
                List.of("D = 20", "D = 20", "D = 50"),
                plot.notes().stream().map(Plot.Note::text).sorted().toList());
        assertTrue(plot.names().contains("dense"));
    }

    @Test
    void methodsStandBelowEachOtherTheBestAboveWithTheirNumbersBeside() {
        Table at20 =
                Samples.of(Samples.dense(1, 0.985), Samples.fineTuned(20, 1, 0.982), Samples.truncated(20, 1, 0.94));
        Plot plot = ResultCharts.methodsSideBySide("Tuning wins", at20, Map.of("fine-tuned", 0.9799, "dynamic", 0.97));
        assertEquals(
                List.of("truncated", "fine-tuned"), List.copyOf(plot.y().ticks().values()), "from below");
        assertEquals(
                List.of("94.00 %", "98.20 %"),
                plot.notes().stream().map(Plot.Note::text).toList());
        assertArrayEquals(
                new double[] {97.99}, plot.series(Plot.Kind.HOLLOW).get(0).x(), EXACT);
        assertTrue(plot.subtitle().endsWith("; rings: published by others"), plot.subtitle());
        assertTrue(plot.rules().get(0).upright());
    }

    @Test
    void everyChartDrawsAnImageThatIsNotBlank() {
        for (Plot plot : List.of(
                ResultCharts.accuracyAgainstRank("a", results),
                ResultCharts.accuracyAgainstParameters("b", results),
                ResultCharts.methodsSideBySide("c", results, Map.of()))) {
            assertTrue(ChartsTest.inked(plot.image()) > 2000, plot.title());
        }
    }

    @Test
    void refusesResultsWithNothingCompressed() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> ResultCharts.accuracyAgainstRank("It falls", Samples.dense(1, 0.98)));
        assertEquals("no compressed network of one rank D among 1 results", error.getMessage());
    }

    @Test
    void sharesAreCountedOfTheDenseNetworkAndLargerNetworksAreLeftOut() {
        results.append(Samples.result("1", "truncated", "full", 1, 9_000_000, 0.985));
        Plot plot = ResultCharts.accuracyAgainstShare(
                "It falls",
                results,
                List.of(new Published.Point("others", "low-rank", 0.98, Samples.DENSE_PARAMETERS / 50)));
        Plot.Series truncated = plot.series(Plot.Kind.LINE).stream()
                .filter(one -> one.name().equals("truncated"))
                .findFirst()
                .orElseThrow();
        double share = 100.0 * results.longColumn(Results.PARAMETERS).get(4) / Samples.DENSE_PARAMETERS;
        assertArrayEquals(
                new double[] {
                    share, 100.0 * results.longColumn(Results.PARAMETERS).get(2) / Samples.DENSE_PARAMETERS
                },
                truncated.x(),
                EXACT);
        assertArrayEquals(new double[] {95, 97.5}, truncated.y(), EXACT);
        assertEquals(2, plot.series(Plot.Kind.HOLLOW).get(0).x()[0], 1e-4);
        assertTrue(plot.subtitle().endsWith("; rings: published by others"));
    }

    @Test
    void sharesNeedADenseNetwork() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> ResultCharts.accuracyAgainstShare("", Samples.truncated(20, 1, 0.9), List.of()));
        assertEquals("no dense network among 1 results: add it, because shares are relative to it", error.getMessage());
    }

    @Test
    void networksWithARankOfItsOwnForEachLayerAreALineApart() {
        results.append(Samples.result("1", "truncated", "40 20 10 10 10", 1, 200_000, 0.96));
        Plot plot = ResultCharts.accuracyAgainstShare("It falls", results, List.of());
        assertEquals(
                Set.of("dense", "truncated", "truncated, ranks chosen"),
                plot.series(Plot.Kind.LINE).stream().map(Plot.Series::name).collect(Collectors.toSet()));
    }
}
