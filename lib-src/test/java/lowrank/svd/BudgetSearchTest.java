package lowrank.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import lowrank.network.FactorizedNetwork;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class BudgetSearchTest {
    /** 2,354 parameters; 254 of them with rank 1 in each layer. */
    private static final MlpSpec SPEC = new MlpSpec(30, List.of(40, 25), 4);

    private static MultiLayerNetwork network;
    private static BudgetSearch search;

    @TempDir
    Path folder;

    @BeforeAll
    static void lookAtANetwork() {
        network = SPEC.create(1);
        Nd4j.getRandom().setSeed(1);
        search = BudgetSearch.of(ActivationAware.of(network, Nd4j.randn(DataType.FLOAT, 100, 30), AwareStep.INPUTS));
    }

    @Test
    void smallestNetworkThatIsGoodEnoughIsFound() {
        ToDoubleFunction<MultiLayerNetwork> accuracy = tried -> tried.numParams() >= 1000 ? 0.9 : 0.8;
        long found = search.smallest(accuracy, 0.05).numParams();
        // Within 2 %, and the ranks of a layer, 70 and 65 numbers each, may leave as much unused.
        assertTrue(found >= 1000 && found <= 1.02 * 1000 + 70, found + " parameters");
    }

    @Test
    void aLossThatIsAllowedIsReachedAndNoMore() {
        ToDoubleFunction<MultiLayerNetwork> accuracy = tried -> tried.numParams() / 2500.0;
        for (double loss : new double[] {0.1, 0.5}) {
            double lost = accuracy.applyAsDouble(network) - accuracy.applyAsDouble(search.smallest(accuracy, loss));
            assertTrue(lost <= loss, lost + " of " + loss);
        }
    }

    @Test
    void rankOneIsEnoughWhereNothingIsLost() {
        MultiLayerNetwork smallest = search.smallest(tried -> 0.5, 0);
        assertEquals(List.of(1, 1), FactorizedNetwork.ranks(smallest));
    }

    @Test
    void networkThatMayLoseNothingIsACopyWhereAnyCompressionLoses() {
        MultiLayerNetwork same = search.smallest(tried -> tried.numParams() == network.numParams() ? 1 : 0, 0);
        assertArrayEquals(network.params().toFloatVector(), same.params().toFloatVector());
        assertTrue(same != network);
    }

    /** 17 parameters, and 16 with rank 1: nothing lies between. */
    @Test
    void searchEndsWhereNothingLiesBetween() {
        MultiLayerNetwork tiny = new MlpSpec(2, List.of(3), 2).create(1);
        var small = BudgetSearch.of(ActivationAware.of(tiny, Nd4j.randn(DataType.FLOAT, 20, 2), AwareStep.INPUTS));
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            assertEquals(
                    17,
                    small.smallest(tried -> tried.numParams() == 17 ? 1 : 0, 0).numParams());
            long fewest = size(small.smallest(tried -> 1, 0), Precision.INT8);
            assertTrue(size(small.largestFile(fewest, Precision.INT8), Precision.INT8) <= fewest);
        });
    }

    @Test
    void refusesAnAccuracyThatIsNone() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> search.smallest(
                        tried -> tried.numParams() > 300 && tried.numParams() < 2000
                                ? Double.NaN
                                : tried.numParams() > 2000 ? 1 : 0,
                        0.1));
        assertTrue(error.getMessage().contains("parameters is NaN: give a function"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> search.smallest(tried -> Double.NaN, 0.1));
    }

    @Test
    void networksThatWereTriedAreFreedOnEveryWayOut() {
        List<MultiLayerNetwork> tried = new ArrayList<>();
        ToDoubleFunction<MultiLayerNetwork> accuracy = each -> {
            tried.add(each);
            if (tried.size() == 5) {
                throw new IllegalStateException("not measured");
            }
            return each.numParams() > 1000 ? 1 : 0;
        };
        assertThrows(IllegalStateException.class, () -> search.smallest(accuracy, 0.1));
        tried.removeIf(each -> each == network);
        assertEquals(4, tried.size());
        assertTrue(tried.stream().allMatch(each -> each.params().wasClosed()));
        tried.clear();
        for (int i = 0; i < 5; i++) {
            tried.add(network);
        }
        MultiLayerNetwork found = search.smallest(accuracy, 0.1);
        tried.removeIf(each -> each == network);
        assertTrue(tried.size() > 4);
        assertTrue(
                tried.stream().allMatch(each -> each == found || each.params().wasClosed()));
        assertFalse(found.params().wasClosed());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, Double.NaN})
    void refusesALossBelowZero(double loss) {
        var error = assertThrows(IllegalArgumentException.class, () -> search.smallest(tried -> 1, loss));
        assertEquals("a largest loss of " + loss + " is below 0, the least there is", error.getMessage());
    }

    @Test
    void fileIsNoLargerThanAskedForAndNearlyAsLarge() throws IOException {
        long asked = (size(network, Precision.INT8) + size(rankOne(), Precision.INT8)) / 2;
        long found = size(search.largestFile(asked, Precision.INT8), Precision.INT8);
        // A byte a number: 2 % of at most 2,354, a rank left unused, and what zip makes of them.
        assertTrue(found <= asked && found > asked - (47 + 70 + 30), found + " of " + asked);
    }

    @ParameterizedTest
    @EnumSource
    void networkThatFitsAsItIsIsGivenBack(Precision precision) throws IOException {
        MultiLayerNetwork same = search.largestFile(size(network, precision), precision);
        assertEquals(network.numParams(), same.numParams());
        assertTrue(same != network);
    }

    @Test
    void fileThatIsTooSmallForRankOneIsRefusedWithTheSizeThatIsNot() throws IOException {
        long least = size(rankOne(), Precision.INT8);
        assertEquals(List.of(1, 1), FactorizedNetwork.ranks(search.largestFile(least, Precision.INT8)));
        var error = assertThrows(IllegalArgumentException.class, () -> search.largestFile(least - 1, Precision.INT8));
        assertEquals(
                "a budget of " + (least - 1) + " bytes is below " + least + ", the size of the smallest network's file",
                error.getMessage());
    }

    @Test
    void widthsAreSearchedTooDownToOneNeuron() {
        try (ActivationAware aware = ActivationAware.of(network, Nd4j.randn(DataType.FLOAT, 100, 30))) {
            BudgetSearch narrowing = BudgetSearch.narrowing(aware);
            MultiLayerNetwork smallest = narrowing.smallest(tried -> 0.5, 0);
            assertEquals(List.of(1, 1), FactorizedNetwork.widths(smallest));
            ToDoubleFunction<MultiLayerNetwork> accuracy = tried -> tried.numParams() >= 150 ? 0.9 : 0.8;
            long found = narrowing.smallest(accuracy, 0.05).numParams();
            assertTrue(found >= 150 && found < 254, found + " parameters; ranks alone need 254");
        }
    }

    private static MultiLayerNetwork rankOne() {
        return search.smallest(tried -> 0.5, 0);
    }

    private long size(MultiLayerNetwork saved, Precision precision) throws IOException {
        return ModelFile.save(saved, folder.resolve("network.zip"), precision);
    }
}
