package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lowrank.training.Epoch;
import lowrank.training.TrainingHistory;
import org.junit.jupiter.api.Test;

public class ChartsTest {
    private static final double EXACT = 1e-9;
    private static final int WHITE = 0xFFFFFF;

    public static TrainingHistory history(double... accuracies) {
        return new TrainingHistory(IntStream.range(0, accuracies.length)
                .mapToObj(i -> new Epoch(i + 1, 1.0 / (i + 1), accuracies[i], accuracies[i], 3))
                .toList());
    }

    @Test
    void aLearningCurveIsTheMeanOverSeedsInABandFromLowestToHighest() {
        Plot plot = Charts.learningCurves(
                "It learns", "MNIST", Map.of("dense", List.of(history(0.90, 0.96), history(0.94, 0.98))));
        Plot.Series line = plot.series(Plot.Kind.LINE).get(0);
        assertArrayEquals(new double[] {1, 2}, line.x());
        assertArrayEquals(new double[] {92, 97}, line.y(), EXACT);
        assertArrayEquals(
                new double[] {90, 96, 98, 94},
                plot.series(Plot.Kind.BAND).get(0).y(),
                EXACT);
    }

    @Test
    void oneSeedHasNoBand() {
        Plot plot = Charts.learningCurves("It learns", "MNIST", Map.of("dense", List.of(history(0.9, 0.96))));
        assertEquals(List.of(), plot.series(Plot.Kind.BAND));
    }

    @Test
    void aFarLowerFirstEpochIsLeftOutOfTheRange() {
        Plot plot =
                Charts.learningCurves("It learns", "MNIST", Map.of("dense", List.of(history(0.2, 0.97, 0.975, 0.98))));
        assertTrue(plot.y().min() > 90, "from " + plot.y().min());
    }

    @Test
    void spectraAreOnLogarithmicAxesAndLeaveTinyValuesOut() {
        Plot plot = Charts.spectra("They fall", "MNIST", Map.of("layer 1", new double[] {10, 1, 0.1, 1e-9}));
        assertEquals(Scale.LOGARITHMIC, plot.y().scale());
        assertArrayEquals(
                new double[] {10, 1, 0.1, Double.NaN}, plot.series().get(0).y());
    }

    @Test
    void energyKeptIsInPercentWithATickAtEachRank() {
        Plot plot = Charts.energyKept(
                "A quarter", "MNIST", new int[] {10, 20}, Map.of("layer 1", new double[] {0.2, 0.25}));
        assertArrayEquals(new double[] {20, 25}, plot.series().get(0).y(), EXACT);
        assertEquals(List.of("10", "20"), List.copyOf(plot.x().ticks().values()));
    }

    @Test
    void digitsAreJoinedFromTheLowestNetworkToTheHighest() {
        Map<String, double[]> networks = new LinkedHashMap<>();
        networks.put("dense", filled(0.99));
        networks.put("D = 10", filled(0.6));
        Plot plot = Charts.perDigit("Eights suffer", "MNIST", networks);
        assertEquals(List.of("dense", "D = 10"), plot.names());
        assertTrue(plot.hasKey());
        double[] joined = plot.series(Plot.Kind.BAR).get(0).y();
        assertEquals(60, joined[0], EXACT);
        assertEquals(99, joined[1], EXACT);
        assertEquals("0123456789", String.join("", plot.x().ticks().values()));
    }

    @Test
    void driftLeavesOutWhatALogarithmCannotShow() {
        Plot plot = Charts.drift("Small", "MNIST", "Step", "Gap", Map.of("layer 1", new double[][] {
            {0, 1, 2}, {0, 1e-4, 1e-3}
        }));
        assertTrue(Double.isNaN(plot.series().get(0).y()[0]));
    }

    @Test
    void everyChartDrawsAnImageOfTwiceItsSizeThatIsNotBlank() {
        Map<String, List<TrainingHistory>> runs = Map.of("dense", List.of(history(0.9, 0.95), history(0.91, 0.96)));
        Map<String, double[]> layers = Map.of("layer 1", new double[] {3, 2, 1});
        for (Plot plot : List.of(
                Charts.learningCurves("a", "MNIST", runs),
                Charts.lossCurves("b", "MNIST", runs),
                Charts.spectra("c", "MNIST", layers),
                Charts.perDigit("d", "MNIST", Map.of("dense", filled(0.9))),
                Charts.energyKept("e", "MNIST", new int[] {1, 2, 3}, Map.of("layer 1", new double[] {0.1, 0.2, 0.3})),
                Charts.drift("f", "MNIST", "Step", "Gap", Map.of("layer 1", new double[][] {{1, 2}, {1e-4, 1e-3}})))) {
            BufferedImage image = plot.image();
            assertEquals(2 * Plot.WIDTH, image.getWidth());
            assertTrue(inked(image) > 2000, plot.title() + " has " + inked(image) + " pixels that are not white");
        }
    }

    public static long inked(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(pixel -> (pixel & WHITE) != WHITE)
                .count();
    }

    private static double[] filled(double value) {
        double[] all = new double[10];
        Arrays.fill(all, value);
        return all;
    }
}
