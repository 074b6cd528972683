package lowrank.notebook;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import lowrank.charts.Png;
import lowrank.network.AtomicFile;
import lowrank.results.CompressionResult;
import lowrank.results.Provenance;
import lowrank.results.ResultsFile;

/** What a run writes: {@code figures/*.png}, {@code results.csv} and {@code provenance.json} in one folder. */
final class RunFolder {
    private final Path folder;
    private final ResultsFile results;
    private final Notebook notebook;

    /**
     * @param folder made when the first file is written
     * @param notebook told what is replaced or dropped
     */
    RunFolder(Path folder, Notebook notebook) {
        this.folder = folder;
        this.results = new ResultsFile(folder.resolve("results.csv"));
        this.notebook = notebook;
    }

    /** The results of all parts, as last saved. */
    List<CompressionResult> results() {
        return results.read();
    }

    /** @throws IllegalArgumentException if the name is more than letters, digits, '-' and '_' */
    void figure(String name, BufferedImage image) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("figure \"" + name + "\" is not a name of letters, digits, '-' and '_'");
        }
        AtomicFile.write(folder.resolve("figures").resolve(name + ".png"), Png.encode(image));
    }

    /**
     * Writes the results of a part and where they come from; see {@link Run#save}.
     *
     * @param data name of the data set of the results
     */
    void save(String part, List<CompressionResult> noted, String data, Profile profile, Provenance now, Instant start) {
        Path file = folder.resolve("provenance.json");
        Optional<Provenance> before = Optional.empty();
        String fault = Files.exists(results.path()) ? file + " is missing" : "";
        try {
            before = Provenance.read(file);
        } catch (IllegalArgumentException broken) {
            fault = broken.getMessage();
        }
        if (before.isPresent() && !before.get().matches(now)) {
            replace(noted, data + " in the profile " + profile);
        } else {
            before.ifPresent(now::keepPartsOf);
            add(part, noted, data, before.isPresent() ? "" : fault);
        }
        now.part(part, start, Instant.now());
        now.write(file);
    }

    private void replace(List<CompressionResult> noted, String run) {
        if (Files.exists(results.path())) {
            notebook.show("The results in " + folder + " were not of " + run + "; they are replaced.");
        }
        results.write(noted);
    }

    /** Puts the results beside those of other parts; says what is not known of these, and what goes. */
    private void add(String part, List<CompressionResult> noted, String data, String fault) {
        int dropped = results.replacePart(part, noted).size();
        if (!fault.isEmpty()) {
            notebook.show(fault + ": where the results of other parts come from is not known any more; run their "
                    + "notebooks again to have it noted.");
        }
        if (dropped > 0) {
            notebook.show(dropped + " result line" + (dropped == 1 ? "" : "s") + " of another data set than " + data
                    + " dropped: one file never mixes two.");
        }
    }
}
