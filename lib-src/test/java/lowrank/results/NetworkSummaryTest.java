package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSummaryTest {
    private static final double EXACT = 1e-12;

    @Test
    void meanAndSampleDeviationAreOverTheSeedsOfANetwork() {
        var all = NetworkSummary.of(
                Samples.of(Samples.truncated(20, 1, 0.94), Samples.dense(1, 0.98), Samples.truncated(20, 2, 0.96)));
        assertEquals(
                List.of("dense", "truncated"),
                all.stream().map(NetworkSummary::method).toList());
        NetworkSummary truncated = all.get(1);
        assertEquals(2, truncated.seeds());
        assertEquals(0.95, truncated.test(), EXACT);
        assertEquals(0.01 * Math.sqrt(2), truncated.testDeviation(), EXACT, "deviation of 94 and 96 is the root of 2");
        assertEquals(0.01 * Math.sqrt(2), truncated.validationDeviation(), EXACT);
        assertEquals(5L * 20 * 2048 + 15_370, truncated.parameters());
    }

    @Test
    void oneSeedHasNoDeviation() {
        NetworkSummary dense = NetworkSummary.of(Samples.dense(1, 0.98)).get(0);
        assertTrue(Double.isNaN(dense.testDeviation()));
        assertEquals(0, dense.spread());
        assertEquals("1 seed", NetworkSummary.seeds(List.of(dense)));
    }

    @Test
    void networksStandInOrderOfAppearanceAndRanksAndAugmentationTellThemApart() {
        var all = NetworkSummary.of(Samples.of(
                Samples.truncated(50, 1, 0.9),
                Samples.fineTuned(20, 1, 0.9),
                Samples.truncated(10, 1, 0.9),
                Samples.with(Samples.truncated(50, 1, 0.9), Results.AUGMENTATION, "shift"),
                Samples.truncated(50, 2, 0.9)));
        assertEquals(
                List.of("truncated 50 none", "fine-tuned 20 none", "truncated 10 none", "truncated 50 shift"),
                all.stream()
                        .map(one -> one.method() + " " + one.shortRanks() + " " + one.augmentation())
                        .toList());
        assertEquals("1 to 2 seeds", NetworkSummary.seeds(all));
    }

    @Test
    void eachPartHasTheStatisticsOfItsOwnNetworks() {
        String text = Samples.text(NetworkSummary.table(Samples.of(
                Samples.dense(1, 0.97),
                Samples.dense(2, 0.99),
                Samples.result("4", Results.DENSE, Results.FULL, 1, Samples.DENSE_PARAMETERS, 0.98))));
        List<String> lines = text.lines().toList();
        assertEquals(
                "part,method,augmentation,data,ranks,seeds,parameters,bytes,validation_accuracy,validation_deviation,"
                        + "test_accuracy,test_deviation",
                lines.get(0));
        assertTrue(lines.get(1).startsWith("1,dense,none,MNIST,full,2,5012490,20050960,0.98,0.0141421356"), text);
        assertEquals("4,dense,none,MNIST,full,1,5012490,20050960,0.98,,0.98,", lines.get(2));
        assertEquals(3, lines.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aware", "aware-fine-tuned-int8", "dense-int8", "dynamic-per-epoch"})
    void onlyTheDenseNetworkInFloat32IsTheOneToCompareWith(String method) {
        assertFalse(NetworkSummary.of(Samples.result("4", method, "45 20 10", 1, 10, 0.9))
                .get(0)
                .isDense());
        assertTrue(NetworkSummary.of(Samples.dense(1, 0.9)).get(0).isDense());
    }

    @Test
    void equalRanksAreSaidOnce() {
        assertEquals(
                "20", NetworkSummary.of(Samples.truncated(20, 1, 0.9)).get(0).shortRanks());
        NetworkSummary chosen = NetworkSummary.of(Samples.result("4", "aware", "45 20 10", 1, 10, 0.9))
                .get(0);
        assertEquals("45 20 10", chosen.shortRanks());
        assertTrue(chosen.hasChosenRanks());
    }
}
