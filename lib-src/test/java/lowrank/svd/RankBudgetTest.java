package lowrank.svd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lowrank.network.LowRankFactors;
import lowrank.network.MlpSpec;
import lowrank.network.ParameterCount;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankBudgetTest {
    /** A rank costs 30 and 40 numbers; 82 are biases and output layer. */
    private static final MlpSpec TWO_LAYERS = new MlpSpec(10, List.of(20, 20), 2);

    @ParameterizedTest
    @CsvSource({
        "152,1,1", // 82 + 30 + 40
        "181,1,1", // 29 left
        "182,2,1", // 9 / 30 is more than 11.56 / 40
        "211,2,1", // 29 left
        "221,3,1", // 39 left: not enough for the second layer, so the first has it
        "222,2,2"
    })
    void nextRankGoesWhereItSavesMostForItsPrice(long parameters, int first, int second) {
        List<Spectrum> spectra = List.of(spectrum(10, 10, 3, 0), spectrum(20, 10, 3.4, 0));
        assertEquals(List.of(first, second), new RankBudget(parameters).ranks(TWO_LAYERS.create(1), spectra));
    }

    @ParameterizedTest
    @CsvSource({
        "152,1,1", "181,1,1", // 29 left
        "182,2,1", // rank 2 of the second layer is worth more, but the first has rank 1 alone
        "221,3,1", // 39 left: not enough for the second layer
        "222,2,2", "262,3,2"
    }) // the second does not go on to rank 3 before the first
    void noLayerHasAHigherRankThanTheOneBefore(long parameters, int first, int second) {
        List<Spectrum> spectra = List.of(spectrum(10, 1, 1, 0.5), spectrum(20, 9, 9, 9, 9));
        assertEquals(List.of(first, second), new RankBudget(parameters).ranks(TWO_LAYERS.create(1), spectra));
    }

    @ParameterizedTest
    @CsvSource({
        "81,2,2", // 24 + 24 for two factors each of 6 × 6; 33 for biases and output layer
        "92,2,2", // 11 left; rank 3 would take all 36 numbers of the matrix, 12 more
        "93,6,2", "104,6,2", "105,6,6"
    })
    void layerThatReachesItsBreakEvenRankBecomesDense(long parameters, int first, int second) {
        List<Spectrum> spectra = List.of(spectrum(6, 9, 9, 1, 1, 1, 1), spectrum(6, 3, 3, 2, 2, 2, 2));
        assertEquals(
                List.of(first, second),
                new RankBudget(parameters).ranks(new MlpSpec(6, List.of(6, 6), 3).create(1), spectra));
    }

    @Test
    void aLayerBehindADenseOneHasAnyRank() {
        List<Spectrum> spectra = List.of(spectrum(2, 9, 9), spectrum(20, 8, 7, 6, 0));
        assertEquals(
                List.of(2, 3), // 2 × 20 is dense from rank 1.8 on
                new RankBudget(40 + 3 * 40 + 82).ranks(new MlpSpec(2, List.of(20, 20), 2).create(1), spectra));
    }

    @Test
    void budgetThatCannotBeMetIsRefusedWithTheSmallestThatCan() {
        MultiLayerNetwork network = TWO_LAYERS.create(1);
        List<Spectrum> spectra = List.of(spectrum(10, 1, 0), spectrum(20, 1, 0));
        var error = assertThrows(IllegalArgumentException.class, () -> new RankBudget(151).ranks(network, spectra));
        assertEquals(
                "a budget of 151 parameters is below 152, which rank 1 in each hidden layer needs", error.getMessage());
        assertEquals(List.of(1, 1), new RankBudget(152).ranks(network, spectra));
        assertEquals(new RankBudget(152), RankBudget.smallest(network));
        assertThrows(IllegalArgumentException.class, () -> new RankBudget(0));
    }

    @Test
    void shareCountsAllParametersAndRoundsDown() {
        MultiLayerNetwork network = TWO_LAYERS.create(1); // 682 of them
        assertEquals(new RankBudget(682), RankBudget.share(network, 1));
        assertEquals(new RankBudget(272), RankBudget.share(network, 0.4));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.0001, Double.NaN})
    void refusesAShareThatIsNone(double share) {
        MultiLayerNetwork network = TWO_LAYERS.create(1);
        var error = assertThrows(IllegalArgumentException.class, () -> RankBudget.share(network, share));
        assertEquals("share " + share + " is outside 0 (excluded) to 1", error.getMessage());
    }

    @Test
    void refusesAnotherNumberOfSpectraThanLayers() {
        MultiLayerNetwork network = TWO_LAYERS.create(1);
        List<Spectrum> one = List.of(new Spectrum(new double[] {2, 1}));
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> RankBudget.share(network, 1).ranks(network, one));
        assertEquals("1 spectra for 2 hidden layers: give one per layer", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"12,20,18,16,4", "30,8,30,8,10", "5,40,3,40,2", "16,16,16,16,6"})
    void neverAboveTheBudgetNorAtTheBreakEvenAndNothingAffordableIsLeft(int inputs, int a, int b, int c, int classes) {
        MlpSpec spec = new MlpSpec(inputs, List.of(a, b, c), classes);
        MultiLayerNetwork network = spec.create(1);
        int[][] shapes = {{inputs, a}, {a, b}, {b, c}};
        long smallest = RankBudget.smallest(network).parameters();
        long whole = ParameterCount.dense(spec);
        long others = whole
                - Arrays.stream(shapes)
                        .mapToLong(shape -> (long) shape[0] * shape[1])
                        .sum();
        Random random = new Random(5);
        for (long budget = smallest; budget <= whole + 20; budget += 7) {
            List<Spectrum> spectra = Arrays.stream(shapes)
                    .map(shape -> spectrum(random, Math.min(shape[0], shape[1])))
                    .toList();
            List<Integer> ranks = new RankBudget(budget).ranks(network, spectra);
            long taken = others;
            long cheapest = Long.MAX_VALUE;
            for (int i = 0; i < shapes.length; i++) {
                long rows = shapes[i][0];
                long columns = shapes[i][1];
                int rank = ranks.get(i);
                boolean dense = rank == Math.min(rows, columns);
                assertTrue(
                        dense || rank >= 1 && rank < LowRankFactors.breakEvenRank(rows, columns),
                        ranks + " at " + budget);
                boolean free = i == 0
                        || ranks.get(i - 1) == Math.min(shapes[i - 1][0], shapes[i - 1][1])
                        || rank < ranks.get(i - 1);
                assertTrue(free || dense || rank == ranks.get(i - 1), ranks + " rise");
                long price = dense ? rows * columns : rank * (rows + columns);
                taken += price;
                if (!dense && free) {
                    long next = rank + 1 < LowRankFactors.breakEvenRank(rows, columns)
                            ? (rank + 1) * (rows + columns)
                            : rows * columns;
                    cheapest = Math.min(cheapest, next - price);
                }
            }
            assertTrue(taken <= budget, ranks + " take " + taken + " of " + budget);
            assertTrue(
                    budget - taken < cheapest,
                    ranks + " leave " + (budget - taken) + " where a rank costs " + cheapest);
        }
        List<Spectrum> spectra = Arrays.stream(shapes)
                .map(shape -> spectrum(random, Math.min(shape[0], shape[1])))
                .toList();
        assertEquals(
                Arrays.stream(shapes).map(shape -> Math.min(shape[0], shape[1])).toList(),
                new RankBudget(whole).ranks(network, spectra),
                "all dense");
    }

    /** These singular values, the last one repeated to this many. */
    private static Spectrum spectrum(int length, double... first) {
        return new Spectrum(IntStream.range(0, length)
                .mapToDouble(i -> first[Math.min(i, first.length - 1)])
                .toArray());
    }

    private static Spectrum spectrum(Random random, int length) {
        double[] ascending = random.doubles(length, 0, 10).sorted().toArray();
        return new Spectrum(IntStream.range(0, length)
                .mapToDouble(i -> ascending[length - 1 - i])
                .toArray());
    }
}
