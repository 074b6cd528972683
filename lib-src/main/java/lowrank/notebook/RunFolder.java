package lowrank.notebook;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import lowrank.charts.Png;
import lowrank.network.AtomicFile;
import lowrank.results.Provenance;
import lowrank.results.Results;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The folder that a run writes to: {@code figures/*.png}, {@code results.csv}, {@code summary.csv} and
 * {@code provenance.json}.
 */
final class RunFolder {
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
