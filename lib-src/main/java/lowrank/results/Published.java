package lowrank.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Accuracies that others reached on this task, read from {@code published.csv} in this package. */
public final class Published {
    private static final String FILE = "published.csv";
    private static final int SOURCE = 0;
    private static final int KIND = 1;
    private static final int METHOD = 2;
    private static final int RANKS = 3;
    private static final int ACCURACY = 4;
    private static final int PARAMETERS = 5;

    private Published() {}

    /**
     * A compressed network that others published.
     *
     * @param source who
     * @param kind {@code low-rank} or {@code pruned}
     * @param accuracy on the test digits, a fraction
     * @param parameters as its source counts them, or counted by us
     */
    public record Point(String source, String kind, double accuracy, long parameters) {}

    /** The compressed networks whose parameters were published or can be counted, in the order of the file. */
    public static List<Point> compressed() {
        return lines().filter(fields -> !fields[METHOD].equals(Results.DENSE) && !fields[PARAMETERS].isEmpty())
                .map(fields -> new Point(
                        fields[SOURCE],
                        fields[KIND],
                        Double.parseDouble(fields[ACCURACY]),
                        Long.parseLong(fields[PARAMETERS])))
                .toList();
    }

    /** The best test accuracy published for each method with every hidden layer at one rank, a fraction, by method. */
    public static Map<String, Double> atRank(int rank) {
        Map<String, Double> best = new TreeMap<>();
        lines().filter(fields -> fields[RANKS].matches(rank + "( " + rank + ")*"))
                .forEach(fields -> best.merge(fields[METHOD], Double.parseDouble(fields[ACCURACY]), Math::max));
        return best;
    }

    private static Stream<String[]> lines() {
        return text().lines().skip(1).map(line -> line.split(",", -1));
    }

    private static String text() {
        try (InputStream file = Published.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read from the library's jar: build it again", e);
        }
    }
}
