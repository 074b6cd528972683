package lowrank.results;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lowrank.network.AtomicFile;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;
import tech.tablesaw.io.csv.CsvWriteOptions;

/**
 * Measured networks as a Tablesaw table with one row per network. All results have this form, from the first
 * measurement to {@code results.csv}.
 *
 * <p>The columns: {@code part}, the number of the notebook; {@code method}, such as {@code fine-tuned};
 * {@code augmentation} of the training images, {@code none}, {@code shift} or {@code elastic}; {@code data}, the name
 * of the data set; {@code seed} of the dense network and everything made from it; {@code ranks} of the hidden layers,
 * separated by one blank each, or {@code full}; if the layers are not all equally wide, each is followed by x and the
 * width, as in {@code 46x533}; {@code parameters}, all numbers the network needs; {@code bytes} of its file;
 * {@code epochs} and {@code seconds} of the training done after the dense network; {@code validation_accuracy} and
 * {@code test_accuracy}, fractions.
 */
public final class Results {
    public static final String PART = "part";
    public static final String METHOD = "method";
    public static final String AUGMENTATION = "augmentation";
    public static final String DATA = "data";
    public static final String SEED = "seed";
    public static final String RANKS = "ranks";
    public static final String PARAMETERS = "parameters";
    public static final String BYTES = "bytes";
    public static final String EPOCHS = "epochs";
    public static final String SECONDS = "seconds";
    public static final String VALIDATION = "validation_accuracy";
    public static final String TEST = "test_accuracy";

    /** The method of the network that all others are compared with. */
    public static final String DENSE = "dense";
    /** The ranks of a network whose layers were left uncompressed. */
    public static final String FULL = "full";

    /** The columns that identify a network. */
    private static final List<String> NETWORK = List.of(METHOD, AUGMENTATION, DATA, SEED, RANKS);

    private static final String WORDS = "[a-z0-9]+(-[a-z0-9]+)*";
    private static final Map<String, Pattern> FORMS = Map.of(
            PART, Pattern.compile("[1-9][0-9]*"),
            METHOD, Pattern.compile(WORDS),
            AUGMENTATION, Pattern.compile(WORDS),
            DATA, Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]*"),
            RANKS, Pattern.compile("full|[1-9][0-9]*(x[1-9][0-9]*)?( [1-9][0-9]*(x[1-9][0-9]*)?)*"));
    private static final Map<String, Double> LARGEST = Map.of(VALIDATION, 1.0, TEST, 1.0);

    private Results() {}

    /** An empty table with only the columns. */
    public static Table empty() {
        return Table.create(
                "Results",
                StringColumn.create(PART),
                StringColumn.create(METHOD),
                StringColumn.create(AUGMENTATION),
                StringColumn.create(DATA),
                LongColumn.create(SEED),
                StringColumn.create(RANKS),
                LongColumn.create(PARAMETERS),
                LongColumn.create(BYTES),
                IntColumn.create(EPOCHS),
                DoubleColumn.create(SECONDS),
                DoubleColumn.create(VALIDATION),
                DoubleColumn.create(TEST));
    }

    /** The rows of one method. */
    public static Table of(Table results, String method) {
        return results.where(results.stringColumn(METHOD).isEqualTo(method));
    }

    /** The rows without these methods. */
    public static Table without(Table results, String... methods) {
        return results.where(results.stringColumn(METHOD).isNotIn(methods));
    }

    /** The names of the data sets in these rows, joined by commas. */
    public static String data(Table results) {
        return String.join(", ", results.stringColumn(DATA).unique());
    }

    /** The rows with the later ones added; each replaces an earlier row of the same network. */
    public static Table with(Table results, Table later) {
        require(later);
        return once(results.copy().append(later));
    }

    /** Each network once: of several rows with the same method, augmentation, data, seed and ranks, the last one. */
    public static Table once(Table results) {
        Map<String, Integer> last = new LinkedHashMap<>();
        for (Row row : results) {
            String network =
                    NETWORK.stream().map(name -> "" + row.getObject(name)).collect(Collectors.joining(","));
            last.remove(network);
            last.put(network, row.getRowNumber());
        }
        return results.rows(last.values().stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * The rows of a file.
     *
     * @throws IllegalArgumentException if the header or a row is not as it should be
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Table read(Path file) {
        Table columns = empty();
        try {
            Table read = Table.read()
                    .csv(CsvReadOptions.builder(Files.newInputStream(file))
                            .columnTypes(name -> columns.containsColumn(name)
                                    ? columns.column(name).type()
                                    : ColumnType.STRING));
            if (!read.columnNames().equals(columns.columnNames())) {
                throw new IllegalArgumentException(
                        "the header is not \"" + String.join(",", columns.columnNames()) + "\"");
            }
            require(read);
            return read.setName(columns.name());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read (" + e + "): allow reading, or delete it", e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    file + ": " + e.getMessage() + "; delete the file and run the notebooks again", e);
        }
    }

    /**
     * Replaces a file at once, and the {@link NetworkSummary#table} of the results beside it, {@code summary.csv}.
     *
     * @throws IllegalArgumentException if a row is not as it should be; nothing is written then
     */
    public static void write(Table results, Path file) {
        require(results);
        AtomicFile.write(file, csv(results));
        AtomicFile.write(file.resolveSibling("summary.csv"), csv(NetworkSummary.table(results)));
    }

    private static String csv(Table table) {
        var text = new StringWriter();
        table.write().usingOptions(CsvWriteOptions.builder(text).lineEnd("\n").build());
        return text.toString();
    }

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a text does not have its form, a number is negative or not finite, there are
     *     no parameters, or an accuracy is above 1; names the row, from 1
     */
    static void require(Table results) {
        for (Row row : results) {
            List<String> wrong = new ArrayList<>();
            FORMS.forEach((name, form) -> {
                if (!form.matcher(row.getString(name)).matches()) {
                    wrong.add(name + " is \"" + row.getString(name) + "\"");
                }
            });
            for (String name : List.of(SEED, PARAMETERS, BYTES, EPOCHS, SECONDS, VALIDATION, TEST)) {
                double value = row.getNumber(name);
                double least = name.equals(PARAMETERS) ? 1 : 0;
                if (!(value >= least && value <= LARGEST.getOrDefault(name, Double.MAX_VALUE))) {
                    wrong.add(name + " is " + value);
                }
            }
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException("row " + (row.getRowNumber() + 1) + ": " + String.join(", ", wrong));
            }
        }
    }
}
