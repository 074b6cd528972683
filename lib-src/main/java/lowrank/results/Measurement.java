package lowrank.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lowrank.data.DigitData;
import lowrank.linalg.NativeMemory;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import lowrank.training.Accuracy;
import lowrank.training.SideBySide;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingHistory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Measures a network as its users get it: it is saved, the size of the file is taken, and the network is loaded again
 * before it classifies digits.
 *
 * @param part the notebook that measures
 * @param augmentation how the training images were changed for the dense network and everything made from it
 * @param precision of the file; any other than float32 is appended to the name of the method, as in {@code aware-int8}
 * @param training done after the dense network
 */
public record Measurement(
        String part, DigitData data, String augmentation, Precision precision, TrainingHistory training) {

    /** For networks trained on unchanged images, saved in float32, without further training. */
    public static Measurement of(String part, DigitData data) {
        return new Measurement(part, data, "none", Precision.FLOAT32, new TrainingHistory(List.of()));
    }

    /** The same for networks trained on images changed in this way: {@code none}, {@code shift} or {@code elastic}. */
    public Measurement augmented(String how) {
        return new Measurement(part, data, how, precision, training);
    }

    /** The same for files of another precision. */
    public Measurement in(Precision other) {
        return new Measurement(part, data, augmentation, other, training);
    }

    /** The same for a network trained further. */
    public Measurement after(TrainingHistory history) {
        return new Measurement(part, data, augmentation, precision, history);
    }

    /**
     * One row of {@link Results}: what a network is and what it classifies correctly.
     *
     * @param method its name in float32
     * @param seed of the dense network it was made from
     * @throws UncheckedIOException if there is no room for the file
     */
    public Table measure(String method, long seed, MultiLayerNetwork network) {
        String suffix =
                precision == Precision.FLOAT32 ? "" : "-" + precision.name().toLowerCase(Locale.ROOT);
        try {
            Path file = Files.createTempFile("network", ".zip");
            try {
                long bytes = ModelFile.save(network, file, precision);
                MultiLayerNetwork loaded = ModelFile.load(file);
                try {
                    Table result = Results.empty();
                    Row row = result.appendRow();
                    row.setString(Results.PART, part);
                    row.setString(Results.METHOD, method + suffix);
                    row.setString(Results.AUGMENTATION, augmentation);
                    row.setString(Results.DATA, data.name());
                    row.setLong(Results.SEED, seed);
                    row.setString(Results.RANKS, ranks(network));
                    row.setLong(Results.PARAMETERS, network.numParams());
                    row.setLong(Results.BYTES, bytes);
                    row.setInt(Results.EPOCHS, training.epochs().size());
                    row.setDouble(Results.SECONDS, Math.round(10 * training.seconds()) / 10.0);
                    row.setDouble(Results.VALIDATION, Accuracy.of(loaded, data.validation()));
                    row.setDouble(Results.TEST, Accuracy.of(loaded, data.test()));
                    Results.require(result);
                    return result;
                } finally {
                    NativeMemory.free(loaded);
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the network cannot be saved to be measured: make room in " + System.getProperty("java.io.tmpdir"),
                    e);
        }
    }

    /** One row for each seed, in order, measured side by side. */
    public Table measure(String method, long[] seeds, List<MultiLayerNetwork> networks) {
        return sideBySide(networks, i -> measure(method, seeds[i], networks.get(i)));
    }

    /** The same for networks that were trained further. */
    public Table measureTrained(String method, List<TrainedNetwork> trained) {
        return measureTrained(
                method, trained, trained.stream().map(TrainedNetwork::network).toList());
    }

    /** The same for what was made of networks that were trained further, in the same order. */
    public Table measureTrained(String method, List<TrainedNetwork> trained, List<MultiLayerNetwork> networks) {
        return sideBySide(
                networks,
                i -> after(trained.get(i).history())
                        .measure(method, trained.get(i).seed(), networks.get(i)));
    }

    private static Table sideBySide(List<MultiLayerNetwork> networks, IntFunction<Table> row) {
        long largest =
                networks.stream().mapToLong(MultiLayerNetwork::numParams).max().orElse(1);
        Table rows = Results.empty();
        SideBySide.all(networks.size(), largest, row).forEach(rows::append);
        return rows;
    }

    private static String ranks(MultiLayerNetwork network) {
        List<Integer> ranks = FactorizedNetwork.ranks(network);
        List<Integer> widths = FactorizedNetwork.widths(network);
        boolean even = widths.stream().distinct().count() == 1;
        if (even && (ranks.isEmpty() || FactorizedNetwork.isFullRank(network))) {
            return Results.FULL;
        }
        List<Integer> all = ranks.isEmpty()
                ? LayerWeights.hiddenWeights(network).stream()
                        .map(w -> Math.min(w.rows(), w.columns()))
                        .toList()
                : ranks;
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i) + (even ? "" : "x" + widths.get(i)))
                .collect(Collectors.joining(" "));
    }
}
