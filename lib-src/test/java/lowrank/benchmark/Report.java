package lowrank.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import lowrank.charts.Axis;
import lowrank.charts.Plot;

/** The files of a benchmark: {@code benchmark.csv} and {@code speed.png}. */
final class Report {
    private static final int HEIGHT = 460;

    private Report() {}

    /** Both files, each written whole or not at all. */
    static void write(Path folder, List<Row> rows, String machine) throws IOException {
        Files.createDirectories(folder);
        Path csv = folder.resolve("benchmark.csv.part");
        Files.writeString(
                csv,
                Stream.concat(Stream.of(Row.HEADER), rows.stream().map(Row::csv))
                        .collect(Collectors.joining("\n", "", "\n")));
        Path png = folder.resolve("speed.png.part");
        ImageIO.write(chart(rows, machine).image(), "png", png.toFile());
        Files.move(csv, folder.resolve("benchmark.csv"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(png, folder.resolve("speed.png"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Times the reference takes as long as ours: a column a measure, a mark a reference. */
    static Plot chart(List<Row> rows, String machine) {
        List<Row> shown = rows.stream().filter(row -> !kind(row).isEmpty()).toList();
        List<String> names = shown.stream().map(Report::name).distinct().toList();
        double[] all = DoubleStream.concat(DoubleStream.of(1), shown.stream().mapToDouble(row -> 1 / row.ratio()))
                .toArray();
        Map<String, List<Row>> byReference =
                shown.stream().collect(Collectors.groupingBy(Report::kind, LinkedHashMap::new, Collectors.toList()));
        Plot plot = new Plot(
                        "How many times as long the others take",
                        machine,
                        Axis.names("", names),
                        Axis.logarithmic("Time of the reference / time of ours (log scale)", all))
                .key()
                .height(HEIGHT)
                .level("as fast", 1);
        byReference.forEach((reference, its) -> plot.points(
                reference,
                its.stream().mapToDouble(row -> names.indexOf(name(row))).toArray(),
                its.stream().mapToDouble(row -> 1 / row.ratio()).toArray()));
        return plot;
    }

    /** What the reference is, as the key says it; empty for what stands in the table alone. */
    private static String kind(Row row) {
        String reference = row.reference();
        if (reference.contains("rank") || row.measure().equals("aware")) {
            return "";
        }
        return reference.contains("fused")
                ? "PyTorch, fused Adam"
                : reference.startsWith("PyTorch")
                        ? "PyTorch"
                        : reference.startsWith("DL4J") ? "DL4J" : "ours, dense or all singular values";
    }

    private static String name(Row row) {
        return switch (row.measure()) {
            case "dense-step" -> "dense step";
            case "dynamic-step" -> "dynamic";
            case "fine-tuning-step" -> "fine-tuning";
            case "inference" -> "infer " + String.format(Locale.ROOT, "%,d", row.batch());
            case "svd" -> "SVD";
            case "truncate-all" -> "truncate";
            default -> row.measure();
        };
    }
}
