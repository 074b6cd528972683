package lowrank.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import lowrank.network.AtomicFile;

/**
 * {@code results.csv}: one header, then one line a network measured. It holds one data set; every write replaces the
 * whole file at once.
 */
public final class ResultsFile {
    static final String HEADER = "part,method,augmentation,data,seed,ranks,parameters,bytes,epochs,seconds,"
            + "validation_accuracy,test_accuracy";
    private static final int COLUMNS = HEADER.split(",").length;

    private final Path path;

    /** The file at {@code path}, which need not exist. */
    public ResultsFile(Path path) {
        this.path = path;
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /**
     * All lines in the order of the file; none if there is no file.
     *
     * @throws IllegalArgumentException if the header or a line is not as expected; names file and line
     * @throws UncheckedIOException if the file cannot be read
     */
    public List<CompressionResult> read() {
        if (!Files.exists(path)) {
            return List.of();
        }
        List<String> lines = lines();
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw broken(1, "the header is not \"" + HEADER + "\"", null);
        }
        List<CompressionResult> results = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            results.add(parse(lines.get(i), i + 1));
        }
        return results;
    }

    /**
     * Replaces the file by these results.
     *
     * @throws IllegalArgumentException if they are of more than one data set; nothing is written then
     */
    public void write(List<CompressionResult> results) {
        Set<String> data = results.stream().map(CompressionResult::data).collect(Collectors.toCollection(TreeSet::new));
        if (data.size() > 1) {
            throw new IllegalArgumentException("results of " + String.join(" and ", data)
                    + " do not belong in one file; write each into a folder of its own");
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        results.forEach(result -> text.append(line(result)).append('\n'));
        AtomicFile.write(path, text.toString());
    }

    /**
     * Replaces the lines of one part. Those of other parts are kept, in order of part; those of another data set than
     * {@code results} are dropped, for one file never mixes two.
     *
     * @return the lines dropped because they are of another data set, for the caller to say so
     * @throws IllegalArgumentException if a result is of another part, results are of two data sets, or the file is
     *     broken; nothing is written then
     */
    public List<CompressionResult> replacePart(String part, List<CompressionResult> results) {
        for (CompressionResult result : results) {
            if (!result.part().equals(part)) {
                throw new IllegalArgumentException(
                        "a result of part " + result.part() + " is among those of part " + part);
            }
        }
        List<CompressionResult> kept = new ArrayList<>(read());
        kept.removeIf(line -> line.part().equals(part));
        List<CompressionResult> dropped = new ArrayList<>();
        if (!results.isEmpty()) {
            kept.stream()
                    .filter(line -> !line.data().equals(results.get(0).data()))
                    .forEach(dropped::add);
        }
        kept.removeAll(dropped);
        int at = (int) kept.stream()
                .takeWhile(line -> number(line.part()) < number(part))
                .count();
        kept.addAll(at, results);
        write(kept);
        return dropped;
    }

    private static int number(String part) {
        return Integer.parseInt(part);
    }

    private static String line(CompressionResult r) {
        return String.join(
                ",",
                r.part(),
                r.method(),
                r.augmentation(),
                r.data(),
                "" + r.seed(),
                r.ranks(),
                "" + r.parameters(),
                "" + r.bytes(),
                "" + r.epochs(),
                "" + r.seconds(),
                "" + r.validationAccuracy(),
                "" + r.testAccuracy());
    }

    private CompressionResult parse(String line, int number) {
        String[] c = line.split(",", -1);
        if (c.length != COLUMNS) {
            throw broken(number, c.length + " columns in place of " + COLUMNS, null);
        }
        try {
            return new CompressionResult(
                    c[0],
                    c[1],
                    c[2],
                    c[3],
                    Long.parseLong(c[4]),
                    c[5],
                    Long.parseLong(c[6]),
                    Long.parseLong(c[7]),
                    Integer.parseInt(c[8]),
                    Double.parseDouble(c[9]),
                    Double.parseDouble(c[10]),
                    Double.parseDouble(c[11]));
        } catch (IllegalArgumentException e) {
            throw broken(number, e.getMessage(), e);
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    path + " cannot be read as text (" + e + "); delete it and run the notebooks again", e);
        }
    }

    private IllegalArgumentException broken(int line, String why, Exception cause) {
        return new IllegalArgumentException(
                path + " line " + line + ": " + why + "; delete the file and run the notebooks again", cause);
    }
}
