package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lowrank.data.DigitData;
import lowrank.data.DigitSet;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import lowrank.training.Epoch;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingHistory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Table;

class MeasurementTest {
    @TempDir
    Path folder;
    /** Of ten images for validation half have the label of another digit. */
    private final DigitData data = new DigitData("Dots", "0".repeat(64), dots(0), dots(5), dots(0));

    private final MultiLayerNetwork dense = reader();

    @Test
    void readsEachSetOfDigitsAndCountsNumbersAndBytes() throws IOException {
        Table result = Measurement.of("4", data).measure("dense", 3, dense);
        long bytes = ModelFile.save(dense, folder.resolve("dense.zip"));
        Table expected =
                Samples.with(Samples.result("4", "dense", "full", 3, 784 * 10 + 10 + 110, 1), Results.DATA, "Dots");
        expected.row(0).setLong(Results.BYTES, bytes);
        expected.row(0).setDouble(Results.VALIDATION, 0.5);
        assertEquals(Samples.text(expected), Samples.text(result));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,aware", "FLOAT16,aware-float16", "INT8,aware-int8", "INT4,aware-int4"})
    void precisionIsNamedBehindTheMethodAndItsFileIsWeighed(Precision precision, String method) throws IOException {
        MultiLayerNetwork factorized = NetworkSvd.of(dense).truncate(4);
        Table result = Measurement.of("4", data).in(precision).measure("aware", 1, factorized);
        assertEquals(method, result.stringColumn(Results.METHOD).get(0));
        assertEquals(
                ModelFile.save(factorized, folder.resolve("network.zip"), precision),
                result.longColumn(Results.BYTES).get(0));
        assertEquals(
                factorized.numParams(), result.longColumn(Results.PARAMETERS).get(0));
        assertEquals("4", result.stringColumn(Results.RANKS).get(0));
    }

    @ParameterizedTest
    @EnumSource
    void accuracyIsThatOfTheFileAsItIsLoadedAgain(Precision precision) {
        // Weights of 1 beside one of 1,000 that no image asks for: eight bits or four keep the 1,000 and lose the
        // others.
        LayerWeights.weights(dense, 0).getRow(700).assign(1000);
        double accuracy = Measurement.of("4", data)
                .in(precision)
                .measure("dense", 1, dense)
                .doubleColumn(Results.TEST)
                .get(0);
        assertEquals(precision == Precision.INT8 || precision == Precision.INT4 ? 0.1 : 1, accuracy);
    }

    @Test
    void severalNetworksMeasuredSideBySideAreTheRowsOfEach() {
        MultiLayerNetwork cut = NetworkSvd.of(dense).truncate(4);
        var history = new TrainingHistory(List.of(new Epoch(1, 1, 0.9, 0.9, 2)));
        List<TrainedNetwork> trained =
                List.of(new TrainedNetwork(7, dense, history), new TrainedNetwork(8, cut, history));
        Measurement measurement = Measurement.of("4", data);
        Table both = measurement.after(history).measure("tuned", 7, dense);
        both.append(measurement.after(history).measure("tuned", 8, cut));
        assertEquals(Samples.text(both), Samples.text(measurement.measureTrained("tuned", trained)));
        Table untrained = measurement.measure("aware", 7, cut).append(measurement.measure("aware", 8, dense));
        assertEquals(
                Samples.text(untrained),
                Samples.text(measurement.measure("aware", new long[] {7, 8}, List.of(cut, dense))));
        assertEquals(
                List.of("4", "full"),
                measurement
                        .measureTrained("tuned", trained, List.of(cut, dense))
                        .stringColumn(Results.RANKS)
                        .asList());
        assertEquals(0, measurement.measure("none", new long[] {7}, List.of()).rowCount());
    }

    @Test
    void furtherTrainingAndMovedImagesAreNoted() {
        var history = new TrainingHistory(List.of(new Epoch(1, 1, 0.9, 0.9, 2.25), new Epoch(2, 1, 0.9, 0.9, 2)));
        Table result = Measurement.of("4", data)
                .augmented("shift")
                .after(history)
                .in(Precision.FLOAT16)
                .measure("aware-fine-tuned", 2, dense);
        assertEquals(
                "aware-fine-tuned-float16", result.stringColumn(Results.METHOD).get(0));
        assertEquals("shift", result.stringColumn(Results.AUGMENTATION).get(0));
        assertEquals(2, result.intColumn(Results.EPOCHS).get(0));
        assertEquals(4.3, result.doubleColumn(Results.SECONDS).get(0));
        assertEquals(2, result.longColumn(Results.SEED).get(0));
    }

    @Test
    void eachChangeLeavesTheOthersAsTheyAre() {
        var history = new TrainingHistory(List.of(new Epoch(1, 1, 0.9, 0.9, 2)));
        var changed = new Measurement("4", data, "shift", Precision.INT8, history);
        assertEquals(
                changed,
                Measurement.of("4", data).augmented("shift").in(Precision.INT8).after(history));
        assertEquals(
                changed,
                Measurement.of("4", data).after(history).in(Precision.INT8).augmented("shift"));
    }

    @Test
    void layersOfDifferentWidthsHaveThemBehindTheirRanksAndDenseOnesTheirShorterSideAsRank() {
        MultiLayerNetwork two = new MlpSpec(DigitSet.PIXELS, List.of(12, 20), DigitSet.CLASSES).create(1);
        var pair = TruncatedSvd.of(LayerWeights.weights(two, 0), 3).balancedFactors();
        MultiLayerNetwork partly = FactorizedNetwork.partly(two, List.of(Optional.of(pair), Optional.empty()));
        assertEquals(
                "3x12 12x20",
                Measurement.of("4", data)
                        .measure("aware", 1, partly)
                        .stringColumn(Results.RANKS)
                        .get(0));
        MultiLayerNetwork whole = FactorizedNetwork.partly(two, List.of(Optional.empty(), Optional.empty()));
        assertEquals(
                "12x12 12x20",
                Measurement.of("4", data)
                        .measure("aware", 1, whole)
                        .stringColumn(Results.RANKS)
                        .get(0));
    }

    /** Ten images: digit d is one bright pixel at place d. The first labels are one too high. */
    private static DigitSet dots(int wrong) {
        byte[] pixels = new byte[10 * DigitSet.PIXELS];
        byte[] labels = new byte[10];
        for (int digit = 0; digit < 10; digit++) {
            pixels[digit * DigitSet.PIXELS + digit] = (byte) 255;
            labels[digit] = (byte) (digit < wrong ? digit + 1 : digit);
        }
        return new DigitSet(pixels, labels);
    }

    /** Reads them all. */
    private static MultiLayerNetwork reader() {
        MultiLayerNetwork network = new MlpSpec(DigitSet.PIXELS, List.of(10), DigitSet.CLASSES).create(1);
        network.params().assign(0);
        for (int digit = 0; digit < 10; digit++) {
            LayerWeights.weights(network, 0).putScalar(digit, digit, 1);
            LayerWeights.weights(network, 1).putScalar(digit, digit, 10);
        }
        return network;
    }
}
