package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lowrank.charts.Axis;
import lowrank.charts.Plot;
import lowrank.data.DigitSet;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import lowrank.results.Provenance;
import lowrank.results.Results;
import lowrank.results.Samples;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import tech.tablesaw.api.Table;

class RunTest {
    @TempDir
    Path folder;

    private final MemoryKernel kernel = new MemoryKernel();

    private Run run(String number, String... variables) {
        Map<String, String> environment =
                new HashMap<>(Map.of("LOWRANK_DATA", "SyntheticDigits", "LOWRANK_PROFILE", "quick"));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return Run.start(number, environment, folder.resolve("notebooks"), new Notebook(kernel));
    }

    private static Table dense(String part, double accuracy) {
        return Samples.with(
                Samples.result(part, "dense", "full", Long.parseLong(part), 10, accuracy),
                Results.DATA,
                "SyntheticDigits");
    }

    private static void assertResults(Table found, Table... expected) {
        assertEquals(Samples.text(Samples.of(expected)), Samples.text(found));
    }

    @Test
    void theNumberOfTheNotebookIsThePartWithoutLeadingZeros() {
        assertEquals("1", run("01").part());
        assertEquals("12", run("12").part());
        assertThrows(IllegalArgumentException.class, () -> run("one"));
    }

    @Test
    void theProfileDecidesTheSeeds() {
        assertArrayEquals(new long[] {1}, run("01").seeds());
        assertArrayEquals(
                new long[] {1, 2, 3, 4, 5}, run("01", "LOWRANK_PROFILE", "full").seeds());
        assertEquals(Profile.DEFAULT, run("01", "LOWRANK_PROFILE", "").profile(), "empty counts as unset");
    }

    @Test
    void aQuickRunTakesAPartOfTheDataAndKeepsIt() {
        Run run = run("01");
        assertEquals(
                List.of(4_000, 1_000, 2_000),
                List.of(
                        run.data().train().size(),
                        run.data().validation().size(),
                        run.data().test().size()));
        assertSame(run.data(), run.data());
    }

    @Test
    void theRunIsSaidInASentence() {
        assertEquals(
                "Full run: 5 seeds, as published.",
                run("01", "LOWRANK_PROFILE", "full").described());
        assertEquals(
                "Quick run: one seed and a part of the data, trained too little to compare.",
                run("01").described());
    }

    @Test
    void anUnknownProfileIsNamedWithTheRemedy() {
        var error = assertThrows(IllegalArgumentException.class, () -> run("01", "LOWRANK_PROFILE", "fast"));
        assertEquals("LOWRANK_PROFILE is \"fast\"; set it to quick, default or full", error.getMessage());
    }

    @Test
    void anUnknownDataSetIsNamedWithTheRemedy() {
        var error = assertThrows(IllegalArgumentException.class, () -> run("01", "LOWRANK_DATA", "mnist"));
        assertEquals("LOWRANK_DATA is \"mnist\"; set it to MNIST, FashionMNIST or SyntheticDigits", error.getMessage());
    }

    @Test
    void eachDataSetHasAFolderOfItsOwn() {
        Map<String, String> folders = Map.of("MNIST_DIR", "/mnist", "FASHION_MNIST_DIR", "/fashion");
        Map<String, String> fashion = new HashMap<>(folders);
        fashion.put("LOWRANK_DATA", "FashionMNIST");
        assertEquals(Path.of("/mnist"), Settings.of(folders, folder).dataFolder());
        assertEquals(Path.of("/fashion"), Settings.of(fashion, folder).dataFolder());
    }

    @Test
    void fashionMnistThatIsMissingIsNotReplacedByOtherData() {
        Run run = run("01", "LOWRANK_DATA", "FashionMNIST", "LOWRANK_CACHE", folder.toString());
        var error = assertThrows(UncheckedIOException.class, run::data);
        assertTrue(
                error.getMessage().contains("environment/lab and environment/reproduce fetch it"), error.getMessage());
        assertEquals(List.of(), kernel.views());
    }

    @Test
    void foldersStartAtTheNotebookUnlessTheyAreNamedWhole() {
        Settings settings = Settings.of(
                Map.of("LOWRANK_OUTPUT", folder.resolve("out").toString(), "HOME", "/home/reader"),
                folder.resolve("notebooks"));
        assertEquals(folder.resolve("target/checkpoints"), settings.checkpoints());
        assertEquals(folder.resolve("out"), settings.output());
        assertEquals(Path.of("/home/reader/.cache/low-rank-notebooks"), settings.cache());
        assertEquals(
                Path.of("/caches/low-rank-notebooks"),
                Settings.of(Map.of("XDG_CACHE_HOME", "/caches"), folder).cache());
    }

    @Test
    void partsSaveBesideEachOther() {
        for (String number : List.of("01", "02", "01")) {
            Run run = run(number);
            run.record(dense(run.part(), 0.5));
            run.save();
        }
        assertResults(run("03").allResults(), dense("1", 0.5), dense("2", 0.5));
        Provenance written =
                Provenance.read(folder.resolve("target/report/provenance.json")).orElseThrow();
        assertEquals(Set.of("1", "2"), ((Map<?, ?>) written.content().get("parts")).keySet());
    }

    @Test
    void aNotebookSeesTheResultsOfThoseBeforeItAndNotOfThoseAfter() {
        Results.write(
                Samples.of(dense("1", 0.5), dense("2", 0.5), dense("10", 0.5)),
                folder.resolve("target/report/results.csv"));
        assertResults(run("02").allResults(), dense("1", 0.5), dense("2", 0.5));
        assertResults(run("09").allResults(), dense("1", 0.5), dense("2", 0.5));
        assertEquals(3, run("10").allResults().rowCount());
    }

    @Test
    void networkThatSeveralPartsMeasuredIsSeenOnceAsTheLastOneDid() {
        Table again = Samples.with(dense("1", 0.6), Results.PART, "2");
        Results.write(Samples.of(dense("1", 0.5), again), folder.resolve("target/report/results.csv"));
        assertResults(run("01").allResults(), dense("1", 0.5));
        assertResults(run("02").allResults(), again);
    }

    @Test
    void resultsOfAnotherProfileAreReplacedAndThatIsSaid() {
        Run quick = run("01");
        quick.record(dense("1", 0.5));
        quick.save();
        Run full = run("02", "LOWRANK_PROFILE", "full");
        full.record(dense("2", 0.9));
        full.save();
        assertResults(full.allResults(), dense("2", 0.9));
        assertTrue(kernel.views()
                .get(0)
                .text()
                .endsWith("not of SyntheticDigits in the profile full; they are replaced."));
    }

    @Test
    void provenanceNamesDataProfileSoftwareAndMachine() {
        run("01").save();
        Map<String, Object> content = Provenance.read(folder.resolve("target/report/provenance.json"))
                .orElseThrow()
                .content();
        assertEquals(
                List.of(
                        "data",
                        "profile",
                        "seeds",
                        "java",
                        "libraries",
                        "kernel",
                        "blas",
                        "machine",
                        "commit",
                        "modified",
                        "parts"),
                List.copyOf(content.keySet()));
        assertEquals("4.0.3", ((Map<?, ?>) content.get("libraries")).get("xchart"));
        assertEquals(4_000, ((Map<?, ?>) content.get("data")).get("train"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\"", "{}", "null", "", "{\"data\": {}, \"profile\": \"quick\", \"parts\": null}"})
    void aBrokenProvenanceIsNotTakenForAMissingOne(String broken) throws IOException {
        Path file = folder.resolve("provenance.json");
        assertTrue(Provenance.read(file).isEmpty());
        Files.writeString(file, broken);
        var error = assertThrows(IllegalArgumentException.class, () -> Provenance.read(file));
        assertTrue(error.getMessage().startsWith(file + " "), error.getMessage());
    }

    @Test
    void aBrokenProvenanceIsSaidAndTheResultsOfTheSameDataStay() throws IOException {
        saveDense("01");
        Path file = folder.resolve("target/report/provenance.json");
        Files.writeString(file, "{");
        Run second = saveDense("02");
        assertResults(second.allResults(), dense("1", 0.5), dense("2", 0.5));
        assertEquals(1, kernel.views().size());
        assertTrue(
                kernel.views().get(0).text().startsWith(file + " "),
                kernel.views().get(0).text());
        assertTrue(kernel.views().get(0).text().contains("not known any more"));
        assertEquals(Set.of("2"), partsOf(file));
    }

    @Test
    void aMissingProvenanceIsSaidWhereThereAreResultsAndOnlyThere() throws IOException {
        saveDense("01");
        assertEquals(List.of(), kernel.views());
        Path file = folder.resolve("target/report/provenance.json");
        Files.delete(file);
        assertEquals(2, saveDense("02").allResults().rowCount());
        assertTrue(kernel.views().get(0).text().startsWith(file + " is missing: "));
    }

    @Test
    void linesOfOtherDataBesideABrokenProvenanceAreDroppedAndThatIsSaid() throws IOException {
        Path output = folder.resolve("target/report");
        Results.write(Samples.dense(1, 0.98), output.resolve("results.csv"));
        Files.writeString(output.resolve("provenance.json"), "{");
        assertResults(saveDense("02").allResults(), dense("2", 0.5));
        assertEquals(
                "1 result line of another data set than SyntheticDigits dropped: one file never mixes two.",
                kernel.views().get(1).text());
    }

    private Run saveDense(String number) {
        Run run = run(number);
        run.record(dense(run.part(), 0.5));
        run.save();
        return run;
    }

    private static Set<?> partsOf(Path file) {
        return ((Map<?, ?>) Provenance.read(file).orElseThrow().content().get("parts")).keySet();
    }

    @Test
    void eachPartKeepsCommitSoftwareAndMachineOfItsOwn() {
        run("01").save();
        run("02").save();
        Map<?, ?> parts = (Map<?, ?>) Provenance.read(folder.resolve("target/report/provenance.json"))
                .orElseThrow()
                .content()
                .get("parts");
        for (Object part : parts.values()) {
            assertEquals(
                    List.of("start", "end", "java", "libraries", "kernel", "blas", "machine", "commit", "modified"),
                    List.copyOf(((Map<?, ?>) part).keySet()));
        }
        assertEquals(2, parts.size());
    }

    @Test
    void aFigureIsKeptAsAFileAndShown() {
        Axis axis = Axis.linear("x", 0, 1);
        run("01").figure("accuracy-rank", new Plot("It falls", "MNIST", axis, axis));
        assertTrue(Files.exists(folder.resolve("target/report/figures/accuracy-rank.png")));
        assertEquals("It falls", kernel.views().get(0).text());
        assertEquals(720, kernel.views().get(0).metadata().get("image/png").get("width"));
    }

    @Test
    void aDrawingHoldsBothNetworksRoundedToBytesAndTheirOutputsForADigitOfEachClass() throws IOException {
        MlpSpec spec = new MlpSpec(DigitSet.PIXELS, List.of(60, 50), DigitSet.CLASSES);
        List<MultiLayerNetwork> given = List.of(
                FactorizedNetwork.random(spec, List.of(9, 7), 1), FactorizedNetwork.random(spec, List.of(6, 6), 2));
        LayerWeights.bias(given.get(0), 1).assign(Nd4j.linspace(-1, 1, 60));
        LayerWeights.weights(given.get(0), 0).putColumn(3, Nd4j.zeros(DigitSet.PIXELS));
        Run run = run("05");
        run.drawing(given.get(0), given.get(1));
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("target/report/drawing.json").toFile());
        assertEquals("5", json.get("part").asText());
        assertEquals("SyntheticDigits", json.get("data").asText());
        byte[] labels = json.get("labels").binaryValue();
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, labels);
        DigitSet digits = new DigitSet(json.get("pixels").binaryValue(), labels);
        DigitSet test = run.data().test();
        int seven = new String(test.labels(), StandardCharsets.ISO_8859_1).indexOf(7);
        assertEquals(test.rows(seven), digits.rows(7));
        for (int k = 0; k < 2; k++) {
            JsonNode network = json.get("networks").get(k);
            long bytes = ModelFile.save(given.get(k), folder.resolve("network.zip"), Precision.INT8);
            assertEquals(bytes, network.get("bytes").asLong());
            assertEquals(given.get(k).numParams(), network.get("parameters").asLong());
            for (int i = 0; i < 5; i++) {
                JsonNode layer = network.get("layers").get(i);
                boolean first = i % 2 == 0 && i < 4;
                assertEquals(
                        first ? "identity" : i < 4 ? "relu" : "softmax",
                        layer.get("activation").asText());
                round(LayerWeights.weights(given.get(k), i), layer.get("weights"));
                assertEquals(first, !layer.has("bias"));
                if (!first) {
                    INDArray bias = LayerWeights.bias(given.get(k), i);
                    round(bias.reshape(1, bias.length()), layer.get("bias"));
                }
            }
            INDArray expected = given.get(k).output(digits.images(0, 10)); // of what the file holds
            for (int i = 0; i < 100; i++) {
                double found = network.get("outputs").get(i / 10).get(i % 10).asDouble();
                assertEquals(expected.getDouble(i / 10, i % 10), found, 1e-5);
            }
        }
    }

    /** Checks that the file holds each number to half a scale, and puts what it holds in its place. */
    private static void round(INDArray matrix, JsonNode packed) throws IOException {
        int columns = packed.get("columns").asInt();
        assertArrayEquals(new long[] {packed.get("rows").asInt(), columns}, matrix.shape());
        byte[] integers = packed.get("integers").binaryValue();
        assertEquals(matrix.length(), integers.length);
        for (int i = 0; i < integers.length; i++) {
            double scale = packed.get("scales")
                    .get(matrix.rows() < columns ? i / columns : i % columns)
                    .asDouble();
            double number = integers[i] * scale;
            assertEquals(matrix.getDouble(i / columns, i % columns), number, scale * 0.5001);
            matrix.putScalar(i / columns, i % columns, number);
        }
    }

    @Test
    void refusesAFigureOutsideItsFolder() {
        Axis axis = Axis.linear("x", 0, 1);
        assertThrows(
                IllegalArgumentException.class, () -> run("01").figure("../x", new Plot("t", "MNIST", axis, axis)));
    }

    @Test
    void refusesAResultOfAnotherPart() {
        assertThrows(IllegalArgumentException.class, () -> run("01").record(dense("2", 0.5)));
    }

    @Test
    void cellThatIsRunAgainRecordsItsResultsOnce() {
        Run run = run("01");
        run.record(dense(run.part(), 0.5));
        run.record(dense(run.part(), 0.6));
        run.save();
        assertResults(run.allResults(), dense("1", 0.6));
    }
}
