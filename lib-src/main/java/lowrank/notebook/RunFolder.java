package lowrank.notebook;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lowrank.charts.Png;
import lowrank.data.DigitData;
import lowrank.data.DigitSet;
import lowrank.inference.Predictor;
import lowrank.network.AtomicFile;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import lowrank.results.Provenance;
import lowrank.results.Results;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The folder that a run writes to: {@code figures/*.png}, {@code results.csv}, {@code summary.csv},
 * {@code provenance.json} and {@code drawing.json}.
 */
final class RunFolder {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Path folder;
    private final Path results;
    private final Notebook notebook;

    /**
     * @param folder made when the first file is written
     * @param notebook shows what is replaced or dropped
     */
    RunFolder(Path folder, Notebook notebook) {
        this.folder = folder;
        this.results = folder.resolve("results.csv");
        this.notebook = notebook;
    }

    /** The results of all parts, as last saved. */
    Table results() {
        return Files.exists(results) ? Results.read(results) : Results.empty();
    }

    /** @throws IllegalArgumentException if the name has other characters than letters, digits, '-' and '_' */
    void figure(String name, BufferedImage image) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("figure \"" + name + "\" is not a name of letters, digits, '-' and '_'");
        }
        AtomicFile.write(folder.resolve("figures").resolve(name + ".png"), Png.encode(image));
    }

    /** Writes {@code drawing.json}; see {@link Run#drawing}. Bytes are in base64, images one after the other. */
    void drawing(String part, DigitData data, MultiLayerNetwork... networks) {
        byte[] labels = data.test().labels();
        DigitSet digits = data.test()
                .rows(IntStream.range(0, DigitSet.CLASSES)
                        .flatMap(digit -> IntStream.range(0, labels.length)
                                .filter(i -> labels[i] == digit)
                                .limit(1))
                        .toArray());
        List<Object> packed = new ArrayList<>();
        try {
            for (MultiLayerNetwork network : networks) {
                packed.add(packed(network, digits.images(0, digits.size())));
            }
            Map<String, Object> content = Map.of(
                    "part", part,
                    "data", data.name(),
                    "labels", digits.labels(),
                    "pixels", digits.pixels(),
                    "networks", packed);
            AtomicFile.write(folder.resolve("drawing.json"), JSON.writeValueAsBytes(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** A network with each number rounded to one byte, the size of its int8 file, and its outputs for some images. */
    private static Map<String, Object> packed(MultiLayerNetwork network, INDArray images) throws IOException {
        Path file = Files.createTempFile("network", ".zip");
        try {
            long bytes = ModelFile.save(network, file, Precision.INT8);
            MultiLayerNetwork rounded = network.clone();
            List<Map<String, Object>> layers = IntStream.range(0, rounded.getnLayers())
                    .mapToObj(i -> layer(rounded, i))
                    .toList();
            float[][] outputs = Predictor.of(rounded).output(images).toFloatMatrix();
            return Map.of("parameters", network.numParams(), "bytes", bytes, "layers", layers, "outputs", outputs);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Map<String, Object> layer(MultiLayerNetwork network, int layer) {
        Map<String, Object> parts = new HashMap<>();
        parts.put("activation", DenseForward.function(network, layer).toString());
        parts.put("weights", rounded(LayerWeights.weights(network, layer)));
        INDArray bias = LayerWeights.bias(network, layer);
        if (bias != null) {
            parts.put("bias", rounded(bias.reshape(1, bias.length())));
        }
        return parts;
    }

    /** Rounds a matrix to scale · integer, one scale for each row or column, whichever are fewer; row by row. */
    private static Map<String, Object> rounded(INDArray matrix) {
        boolean byRow = matrix.rows() < matrix.columns();
        INDArray scales = matrix.amax(byRow ? 1 : 0).divi(Byte.MAX_VALUE).addi(Float.MIN_NORMAL); // never 0
        INDArray numbers = Transforms.round(byRow ? matrix.divColumnVector(scales) : matrix.divRowVector(scales));
        matrix.assign(byRow ? numbers.mulColumnVector(scales) : numbers.mulRowVector(scales));
        byte[] integers = new byte[(int) numbers.length()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (byte) numbers.getFloat(i / matrix.columns(), i % matrix.columns());
        }
        return Map.of(
                "rows", matrix.rows(),
                "columns", matrix.columns(),
                "scales", scales.toFloatVector(),
                "integers", integers);
    }

    /**
     * Replaces the results of a part, and writes where they come from; see {@link Run#save}.
     *
     * @param data name of the data set of the results
     */
    void save(String part, Table noted, String data, Profile profile, Provenance now, Instant start) {
        Path file = folder.resolve("provenance.json");
        Optional<Provenance> before = Optional.empty();
        String fault = Files.exists(results) ? file + " is missing" : "";
        try {
            before = Provenance.read(file);
        } catch (IllegalArgumentException broken) {
            fault = broken.getMessage();
        }
        boolean replaced = before.isPresent() && !before.get().matches(now);
        if (replaced && Files.exists(results)) {
            notebook.show("The results in " + folder + " were not of " + data + " in the profile " + profile
                    + "; they are replaced.");
        } else if (before.isEmpty() && !fault.isEmpty()) {
            notebook.show(fault + ": where the results of other parts come from is not known any more; run their "
                    + "notebooks again to have it noted.");
        }
        Results.write(replaced ? noted : beside(part, noted, data), results);
        if (!replaced) {
            before.ifPresent(now::keepPartsOf);
        }
        now.part(part, start, Instant.now());
        now.write(file);
    }

    /** The results of all parts with those of one part replaced, in order of part; shows what is dropped. */
    private Table beside(String part, Table noted, String data) {
        Table others = results();
        others = others.where(others.stringColumn(Results.PART).isNotEqualTo(part));
        Table same = others.where(others.stringColumn(Results.DATA).isEqualTo(data));
        int dropped = others.rowCount() - same.rowCount();
        if (dropped > 0) {
            notebook.show(dropped + " result line" + (dropped == 1 ? "" : "s") + " of another data set than " + data
                    + " dropped: one file never mixes two.");
        }
        int own = Integer.parseInt(part);
        StringColumn parts = same.stringColumn(Results.PART);
        Table before = same.where(parts.eval(other -> Integer.parseInt(other) < own));
        return before.append(noted).append(same.where(parts.eval(other -> Integer.parseInt(other) > own)));
    }
}
