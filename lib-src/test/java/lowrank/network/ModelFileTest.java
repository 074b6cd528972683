package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipFile;
import lowrank.svd.NetworkSvd;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelFileTest {
    @TempDir
    Path folder;

    private final MultiLayerNetwork network =
            NetworkSvd.of(new MlpSpec(30, List.of(40, 50), 4).create(1)).truncate(5);

    @Test
    void readsBackWhatItWrote() throws IOException {
        Path file = folder.resolve("new/model.zip");
        assertEquals(ModelFile.save(network, file), Files.size(file));
        assertEquals(network.params(), ModelFile.load(file).params());
        assertEquals(1, Files.list(file.getParent()).count(), "no partial file is left");
    }

    @Test
    void halfPrecisionTakesLessRoomAndComputesNearlyTheSame() throws IOException {
        Path file = folder.resolve("half.zip");
        long single = ModelFile.save(network, folder.resolve("single.zip"));
        long half = ModelFile.save(network, file, Precision.FLOAT16);
        assertTrue(half < single, half + " bytes");
        INDArray x = Nd4j.rand(10, 30);
        double distance = network.output(x)
                .sub(ModelFile.load(file).output(x))
                .amaxNumber()
                .doubleValue();
        assertTrue(distance < 1e-3, "a half has 11 bits: about 5e-4 of a probability, not " + distance);
        assertArrayEquals(
                network.params().shape(), ModelFile.load(file).params().shape());
    }

    @Test
    void refusesAFileThatIsNoModel() throws IOException {
        Path broken = Files.write(folder.resolve("broken.zip"), new byte[] {1, 2, 3});
        assertTrue(assertThrows(IOException.class, () -> ModelFile.load(broken))
                .getMessage()
                .contains("no whole"));
        Path missing = folder.resolve("missing.zip");
        assertTrue(assertThrows(IOException.class, () -> ModelFile.load(missing))
                .getMessage()
                .contains("is no file"));
    }

    @Test
    void everyNumberOfAnInt8FileIsWithinHalfAScale() throws IOException {
        Path file = folder.resolve("int8.zip");
        LayerWeights.bias(network, 1).assign(Nd4j.rand(1, 40).subi(0.5));
        long bytes = ModelFile.save(network, file, Precision.INT8);
        assertTrue(bytes < ModelFile.save(network, folder.resolve("half.zip"), Precision.FLOAT16), bytes + " bytes");
        MultiLayerNetwork loaded = ModelFile.load(file);
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            for (String name : network.getLayer(layer).paramTable().keySet()) {
                INDArray before = matrix(network.getLayer(layer).getParam(name));
                INDArray off = before.sub(matrix(loaded.getLayer(layer).getParam(name)));
                int along = before.rows() < before.columns() ? 1 : 0;
                INDArray half = before.amax(along).divi(2 * 127);
                assertTrue(off.amax(along).subi(half).maxNumber().doubleValue() < 1e-7, "layer " + layer + " " + name);
            }
        }
    }

    @Test
    void int8KeepsZerosAndTheLargestOfEachRowExactly() throws IOException {
        network.params().assign(0);
        network.getLayer(1).getParam("W").putScalar(0, 3, -2.5);
        Path file = folder.resolve("int8.zip");
        ModelFile.save(network, file, Precision.INT8);
        assertEquals(
                0,
                network.params().sub(ModelFile.load(file).params()).amaxNumber().doubleValue(),
                1e-6);
    }

    @Test
    void int8HasOneScaleForEachRowOrColumnWhicheverAreFewer() throws IOException {
        MultiLayerNetwork tiny = new MlpSpec(2, List.of(3), 2).create(1);
        LayerWeights.weights(tiny, 0).assign(Nd4j.createFromArray(new float[][] {{1.27f, -0.63f, 0}, {254, 2, -4}}));
        LayerWeights.bias(tiny, 0).assign(Nd4j.createFromArray(new float[][] {{127, -3, 1}}));
        LayerWeights.weights(tiny, 1).assign(Nd4j.createFromArray(new float[][] {{0, -508}, {0, 4}, {0, 8}}));
        LayerWeights.bias(tiny, 1).assign(0);
        Path file = folder.resolve("int8.zip");
        ModelFile.save(tiny, file, Precision.INT8);
        float[] scales = new float[6];
        byte[] integers = new byte[6 + 3 + 6 + 2];
        try (ZipFile zip = new ZipFile(file.toFile());
                var in = new DataInputStream(zip.getInputStream(zip.getEntry("parameters.int8")))) {
            int[][] scalesAndNumbers = {{2, 6}, {1, 3}, {2, 6}, {1, 2}};
            int scale = 0;
            int number = 0;
            for (int[] next : scalesAndNumbers) {
                for (int i = 0; i < next[0]; i++) {
                    scales[scale++] = in.readFloat();
                }
                in.readFully(integers, number, next[1]);
                number += next[1];
            }
            assertEquals(-1, in.read(), "nothing more is kept");
        }
        assertArrayEquals(new float[] {0.01f, 2, 1, 0, 4, 0}, scales, 1e-6f);
        assertArrayEquals(new byte[] {127, 127, -63, 1, 0, -2, 127, -3, 1, 0, 0, 0, -127, 1, 2, 0, 0}, integers);
        MultiLayerNetwork loaded = ModelFile.load(file);
        assertTrue(tiny.params().sub(loaded.params()).amaxNumber().doubleValue() < 1e-4, "all are whole scales");
    }

    @Test
    void int8TakesAboutOneByteANumber() throws IOException {
        MultiLayerNetwork large = new MlpSpec(100, List.of(200, 100), 10).create(1);
        long bytes = ModelFile.save(large, folder.resolve("int8.zip"), Precision.INT8);
        // The configuration takes some 1,500 bytes; integers spread evenly over 255 values hardly pack.
        assertEquals(1, (double) bytes / large.numParams(), 0.1);
    }

    @ParameterizedTest
    @EnumSource
    void everyPrecisionKeepsLayersBiasesAndRanks(Precision precision) throws IOException {
        network.params().assign(Nd4j.rand(network.params().shape()).subi(0.5));
        Path file = folder.resolve("model.zip");
        ModelFile.save(network, file, precision);
        MultiLayerNetwork loaded = ModelFile.load(file);
        assertEquals(
                network.getLayerWiseConfigurations().toJson(),
                loaded.getLayerWiseConfigurations().toJson());
        assertEquals(FactorizedNetwork.ranks(network), FactorizedNetwork.ranks(loaded));
        double off = network.params().sub(loaded.params()).amaxNumber().doubleValue();
        // Numbers to 0.5: half a scale is 0.002; a half has 11 bits.
        assertTrue(off < 2.1e-3, "off by " + off);
    }

    @Test
    void int8FileThatEndsEarlyIsRefused() throws IOException {
        Path file = folder.resolve("int8.zip");
        ModelFile.save(network, file, Precision.INT8);
        Path larger = folder.resolve("larger.zip");
        ModelFile.save(
                NetworkSvd.of(new MlpSpec(30, List.of(40, 50), 4).create(1)).truncate(6), larger, Precision.INT8);
        try (var from = FileSystems.newFileSystem(file);
                var to = FileSystems.newFileSystem(larger)) {
            Files.copy(
                    from.getPath("parameters.int8"),
                    to.getPath("parameters.int8"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var error = assertThrows(IOException.class, () -> ModelFile.load(larger));
        assertEquals(
                larger + " is no whole model (it ends before its parameters do): delete it and save again",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void int8RefusesNumbersThatAreNotFiniteAndKeepsTheOlderFile(float bad) throws IOException {
        Path file = folder.resolve("int8.zip");
        ModelFile.save(network, file, Precision.INT8);
        byte[] before = Files.readAllBytes(file);
        network.params().putScalar(7, bad);
        var error = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(network, file, Precision.INT8));
        assertEquals(
                "the network holds NaN or infinite numbers, which int8 cannot keep: save one that has not diverged",
                error.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(1, folder.toFile().list().length, "no partial file is left");
    }

    private static INDArray matrix(INDArray array) {
        return array.rank() == 2 ? array : array.reshape(1, array.length());
    }
}
