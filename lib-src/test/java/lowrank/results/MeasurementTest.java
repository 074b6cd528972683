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
import lowrank.training.TrainingHistory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MeasurementTest {
    @TempDir
    Path folder;
    /** Of ten images for validation half have the label of another digit. */
    private final DigitData data = new DigitData("Dots", "0".repeat(64), dots(0), dots(5), dots(0));

    private final MultiLayerNetwork dense = reader();

    @Test
    void readsEachSetOfDigitsAndCountsNumbersAndBytes() throws IOException {
        CompressionResult result = Measurement.of("4", data).of("dense", 3, dense);
        long bytes = ModelFile.save(dense, folder.resolve("dense.zip"));
        assertEquals(
                new CompressionResult(
                        "4", "dense", "none", "Dots", 3, "full", 784 * 10 + 10 + 110, bytes, 0, 0, 0.5, 1),
                result);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,aware", "FLOAT16,aware-float16", "INT8,aware-int8"})
    void precisionIsNamedBehindTheMethodAndItsFileIsWeighed(Precision precision, String method) throws IOException {
        MultiLayerNetwork factorized = NetworkSvd.of(dense).truncate(4);
        CompressionResult result = Measurement.of("4", data).in(precision).of("aware", 1, factorized);
        assertEquals(method, result.method());
        assertEquals(ModelFile.save(factorized, folder.resolve("network.zip"), precision), result.bytes());
        assertEquals(factorized.numParams(), result.parameters());
        assertEquals("4", result.ranks());
    }

    @ParameterizedTest
    @EnumSource
    void accuracyIsThatOfTheFileAsItIsLoadedAgain(Precision precision) {
        // Weights of 1 beside one of 1,000 that no image asks for: eight bits keep the 1,000 and lose the others.
        LayerWeights.weights(dense, 0).getRow(700).assign(1000);
        double accuracy =
                Measurement.of("4", data).in(precision).of("dense", 1, dense).testAccuracy();
        assertEquals(precision == Precision.INT8 ? 0.1 : 1, accuracy);
    }

    @Test
    void furtherTrainingAndMovedImagesAreNoted() {
        var history = new TrainingHistory(List.of(new Epoch(1, 1, 0.9, 0.9, 2.25), new Epoch(2, 1, 0.9, 0.9, 2)));
        CompressionResult result = Measurement.of("4", data)
                .augmented("shift")
                .after(history)
                .in(Precision.FLOAT16)
                .of("aware-fine-tuned", 2, dense);
        assertEquals("aware-fine-tuned-float16", result.method());
        assertEquals("shift", result.augmentation());
        assertEquals(2, result.epochs());
        assertEquals(4.3, result.seconds());
        assertEquals(2, result.seed());
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
    void layerThatStaysDenseHasItsShorterSideAmongTheRanks() {
        MultiLayerNetwork two = new MlpSpec(DigitSet.PIXELS, List.of(12, 20), DigitSet.CLASSES).create(1);
        var pair = TruncatedSvd.of(LayerWeights.weights(two, 0), 3).balancedFactors();
        MultiLayerNetwork partly = FactorizedNetwork.partly(two, List.of(Optional.of(pair), Optional.empty()));
        assertEquals("3 12", Measurement.of("4", data).of("aware", 1, partly).ranks());
        MultiLayerNetwork whole = FactorizedNetwork.partly(two, List.of(Optional.empty(), Optional.empty()));
        assertEquals("full", Measurement.of("4", data).of("aware", 1, whole).ranks());
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
