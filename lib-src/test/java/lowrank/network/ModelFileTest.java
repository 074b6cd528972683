package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import lowrank.svd.NetworkSvd;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                .contains("is no zip, so no model of DL4J"));
        Path missing = folder.resolve("missing.zip");
        assertTrue(assertThrows(IOException.class, () -> ModelFile.load(missing))
                .getMessage()
                .contains("is no file"));
    }

    @ParameterizedTest
    @CsvSource({"INT8,127", "INT4,7"})
    void everyNumberIsWithinHalfAScale(Precision precision, int largest) throws IOException {
        Path file = folder.resolve("integers.zip");
        LayerWeights.bias(network, 1).assign(Nd4j.rand(1, 40).subi(0.5));
        long bytes = ModelFile.save(network, file, precision);
        assertTrue(bytes < ModelFile.save(network, folder.resolve("half.zip"), Precision.FLOAT16), bytes + " bytes");
        MultiLayerNetwork loaded = ModelFile.load(file);
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            for (String name : network.getLayer(layer).paramTable().keySet()) {
                INDArray before = matrix(network.getLayer(layer).getParam(name));
                INDArray off = before.sub(matrix(loaded.getLayer(layer).getParam(name)));
                int along = before.rows() < before.columns() ? 1 : 0;
                double nineBits = 1 + 1 / 256.0; // a scale is rounded up to them
                INDArray half = before.amax(along).divi(2 * (before.rows() == 1 ? 127 : largest) / nineBits);
                assertTrue(off.amax(along).subi(half).maxNumber().doubleValue() < 1e-7, "layer " + layer + " " + name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "INT4"})
    void aNetworkRoundedBeforeIsKeptExactly(Precision precision) throws IOException {
        Path file = folder.resolve("integers.zip");
        network.params().assign(Nd4j.randn(network.params().shape()));
        ModelFile.save(network, file, precision);
        MultiLayerNetwork rounded = ModelFile.load(file);
        ModelFile.save(rounded, file, precision);
        assertArrayEquals(
                rounded.params().toFloatVector(), ModelFile.load(file).params().toFloatVector());
    }

    @Test
    void int8KeepsZerosExactly() throws IOException {
        network.params().assign(0);
        network.getLayer(1).getParam("W").putScalar(0, 3, -2.5);
        Path file = folder.resolve("int8.zip");
        ModelFile.save(network, file, Precision.INT8);
        MultiLayerNetwork loaded = ModelFile.load(file);
        assertEquals(-2.5, LayerWeights.weights(loaded, 1).getDouble(0, 3), 2.5 / 256, "nine bits of the largest");
        LayerWeights.weights(loaded, 1).putScalar(0, 3, 0);
        assertEquals(0, loaded.params().amaxNumber().doubleValue());
    }

    /** Numbers that are whole scales, and what a file of each version says of them. */
    private static MultiLayerNetwork tiny() {
        MultiLayerNetwork tiny = new MlpSpec(2, List.of(3), 2).create(1);
        LayerWeights.weights(tiny, 0).assign(Nd4j.createFromArray(new float[][] {{127, -63, 0}, {254, 2, -4}}));
        LayerWeights.bias(tiny, 0).assign(Nd4j.createFromArray(new float[][] {{127, -3, 1}}));
        LayerWeights.weights(tiny, 1).assign(Nd4j.createFromArray(new float[][] {{0, -508}, {0, 4}, {0, 8}}));
        LayerWeights.bias(tiny, 1).assign(0);
        return tiny;
    }

    @Test
    void int8HasAllScalesThenBiasesThenMatricesByColumns() throws IOException {
        Path file = folder.resolve("int8.zip");
        ModelFile.save(tiny(), file, Precision.INT8);
        var expected = new ByteArrayOutputStream();
        var out = new DataOutputStream(expected);
        out.write(new byte[] {'L', 'R', 'I', '8', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 17});
        for (float scale : new float[] {1, 0, 1, 2, 0, 4}) { // of the biases, then of rows or columns, the fewer
            out.writeShort(Float.floatToIntBits(scale) >> 15);
        }
        out.write(new byte[] {127, -3, 1, 0, 0});
        out.write(new byte[] {127, 127, -63, 1, 0, -2, 0, 0, 0, -127, 1, 2});
        assertArrayEquals(expected.toByteArray(), entry(file, "parameters.int8"));
        assertEquals(tiny().params(), ModelFile.load(file).params());
    }

    @Test
    void filesOfVersion1AreRead() throws IOException {
        Path file = folder.resolve("int8.zip");
        ModelFile.save(tiny(), file, Precision.INT8);
        var old = new ByteArrayOutputStream();
        var out = new DataOutputStream(old);
        out.write(new byte[] {'L', 'R', 'I', '8', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17});
        float[][] scales = {{1, 2}, {1}, {0, 4}, {0}};
        byte[][] integers = {{127, 127, -63, 1, 0, -2}, {127, -3, 1}, {0, 0, 0, -127, 1, 2}, {0, 0}};
        for (int i = 0; i < scales.length; i++) {
            for (float scale : scales[i]) {
                out.writeFloat(scale);
            }
            out.write(integers[i]);
        }
        replace(file, "parameters.int8", old.toByteArray());
        assertEquals(tiny().params(), ModelFile.load(file).params());
        replace(file, "parameters.int8", Arrays.copyOf(old.toByteArray(), old.size() - 1));
        assertEquals(file + " ends before its parameters do: copy it again", refusal(file));
    }

    @Test
    void integersTakeHardlyMoreThanTheirEntropy() throws IOException {
        MultiLayerNetwork large = new MlpSpec(100, List.of(200, 100), 10).create(1);
        for (int layer = 0; layer < 3; layer++) {
            INDArray weights = LayerWeights.weights(large, layer);
            weights.assign(Nd4j.randn(weights.shape()));
        }
        Path file = folder.resolve("int4.zip");
        long bytes = ModelFile.save(large, file, Precision.INT4);
        byte[] entry = entry(file, "parameters.int8");
        int[] counts = new int[256];
        int matrices = 100 * 200 + 200 * 100 + 100 * 10;
        for (int i = entry.length - matrices; i < entry.length; i++) {
            counts[entry[i] & 0xff]++;
        }
        double bits = Arrays.stream(counts)
                .filter(count -> count > 0)
                .mapToDouble(count -> -count * Math.log((double) count / matrices) / Math.log(2))
                .sum();
        assertTrue(bits / matrices < 4, bits / matrices + " bits");
        assertTrue(bytes < 1.01 * bits / 8 + 1_700, bytes + " bytes"); // configuration, zip, scales and biases
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
        // Numbers to 0.5: half a scale is 0.002, or 0.036; a half has 11 bits.
        assertTrue(off < (precision == Precision.INT4 ? 0.037 : 2.1e-3), "off by " + off);
    }

    @Test
    void int8FileThatEndsEarlyIsRefused() throws IOException {
        Path file = folder.resolve("int8.zip");
        ModelFile.save(network, file, Precision.INT8);
        Path larger = folder.resolve("larger.zip");
        ModelFile.save(
                NetworkSvd.of(new MlpSpec(30, List.of(40, 50), 4).create(1)).truncate(6), larger, Precision.INT8);
        byte[] whole = entry(file, "parameters.int8");
        replace(larger, "parameters.int8", whole);
        assertTrue(refusal(larger).contains("has a configuration of"), refusal(larger));
        replace(file, "parameters.int8", Arrays.copyOf(whole, whole.length - 1));
        assertEquals(file + " ends before its parameters do: copy it again", refusal(file));
        replace(file, "parameters.int8", Arrays.copyOf(whole, whole.length + 1));
        assertEquals(file + " goes on after its parameters: it was changed", refusal(file));
        whole[0]++;
        replace(file, "parameters.int8", whole);
        assertTrue(refusal(file).contains("in another form than versions 1 to 2 "), refusal(file));
        whole[0]--;
        whole[7]++;
        replace(file, "parameters.int8", whole);
        assertTrue(refusal(file).contains("in another form than versions 1 to 2 "), refusal(file));
    }

    @Test
    void everyOtherKindOfFileIsNamedAndNobodyIsToldToDeleteOne() throws IOException {
        Path graph = folder.resolve("graph.zip");
        var layers = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", new OutputLayer.Builder().nIn(3).nOut(2).build(), "in")
                .setOutputs("out")
                .build());
        layers.init();
        layers.save(graph.toFile());
        Path stock = folder.resolve("stock.zip");
        network.save(stock.toFile());
        byte[] whole = Files.readAllBytes(stock);
        Map<byte[], String> kinds = new LinkedHashMap<>();
        kinds.put(Files.readAllBytes(graph), "is a ComputationGraph");
        kinds.put("\u0089HDF\r\n".getBytes(StandardCharsets.ISO_8859_1), "is an HDF5 file, as Keras writes");
        kinds.put(new byte[0], "is empty, 0 bytes");
        kinds.put(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "is packed by gzip");
        kinds.put("{}".getBytes(StandardCharsets.UTF_8), "is no zip, so no model of DL4J");
        kinds.put(Arrays.copyOf(whole, whole.length / 2), "is a zip that is cut off or damaged");
        kinds.put(
                zip("archive/data.pkl", new byte[3]),
                "is a zip without configuration.json, so none that DL4J wrote but");
        kinds.put(zip("readme.txt", new byte[3]), "is a zip without configuration.json");
        for (var kind : kinds.entrySet()) {
            Path file = Files.write(folder.resolve("other"), kind.getKey());
            assertTrue(refusal(file).startsWith(file + " " + kind.getValue()), refusal(file));
            assertFalse(refusal(file).contains("delete"), refusal(file));
        }
    }

    @Test
    void filesThatCouldRunCodeAreRefusedUnread() throws IOException {
        Path file = folder.resolve("model.zip");
        ModelFile.save(network, file);
        replace(file, "preprocessor.bin", new byte[] {1});
        assertTrue(
                refusal(file).contains("has the entry preprocessor.bin, which Java's deserialization"), refusal(file));
        ModelFile.save(network, file);
        replace(file, "notes", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
        assertTrue(refusal(file).contains("has the entry notes, which Java's deserialization"), refusal(file));
        ModelFile.save(network, file);
        String json = new String(entry(file, "configuration.json"), StandardCharsets.UTF_8);
        String relu = "org.nd4j.linalg.activations.impl.ActivationReLU";
        assertTrue(json.contains(relu), json);
        replace(
                file,
                "configuration.json",
                json.replace(relu, "java.lang.Object").getBytes(StandardCharsets.UTF_8));
        assertTrue(refusal(file).contains("names the class java.lang.Object, which is neither"), refusal(file));
        String array = json.replaceFirst("\\{\\s*\"@class\" : \"" + relu + "\"[^}]*}", "[\"a.strangers.Thing\", {}]");
        assertTrue(array.contains("Thing"), json);
        replace(file, "configuration.json", array.getBytes(StandardCharsets.UTF_8));
        assertTrue(refusal(file).contains("names the class a.strangers.Thing, which is neither"), refusal(file));
    }

    @ParameterizedTest
    @EnumSource
    void noMoreMemoryIsTakenThanTheFileCanHold(Precision precision) throws IOException {
        Path file = folder.resolve("model.zip");
        ModelFile.save(network, file, precision);
        String json = new String(entry(file, "configuration.json"), StandardCharsets.UTF_8);
        String huge = json.replaceAll("(\"n[Oo]ut\" *: *)50\\b", "$15000000000");
        assertNotEquals(json, huge);
        replace(file, "configuration.json", huge.getBytes(StandardCharsets.UTF_8));
        assertTrue(refusal(file).contains(" parameters, and "), refusal(file));
    }

    @ParameterizedTest
    @ValueSource(floats = {70_000, -65_505, Float.NaN, Float.POSITIVE_INFINITY})
    void float16RefusesWhatItCannotHoldAndKeepsTheOlderFile(float bad) throws IOException {
        Path file = folder.resolve("half.zip");
        ModelFile.save(network, file, Precision.FLOAT16);
        byte[] before = Files.readAllBytes(file);
        LayerWeights.bias(network, 1).putScalar(3, bad);
        var error =
                assertThrows(IllegalArgumentException.class, () -> ModelFile.save(network, file, Precision.FLOAT16));
        assertTrue(error.getMessage().startsWith("layer 1 ("), error.getMessage());
        assertTrue(error.getMessage().contains(" holds " + bad + ", and float16 ends at 65504"), error.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        LayerWeights.bias(network, 1).putScalar(3, 65_504);
        ModelFile.save(network, file, Precision.FLOAT16);
        assertEquals(65_504, LayerWeights.bias(ModelFile.load(file), 1).getFloat(3));
    }

    private String refusal(Path file) {
        return assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
    }

    private static byte[] entry(Path file, String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }

    private static void replace(Path file, String name, byte[] content) throws IOException {
        try (var zip = FileSystems.newFileSystem(file)) {
            Files.write(zip.getPath(name), content);
        }
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
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
                "the network holds NaN or infinite numbers, which integers cannot keep: save one that has not diverged",
                error.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(1, folder.toFile().list().length, "no partial file is left");
    }

    private static INDArray matrix(INDArray array) {
        return array.rank() == 2 ? array : array.reshape(1, array.length());
    }
}
