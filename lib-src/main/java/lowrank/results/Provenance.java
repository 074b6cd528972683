package lowrank.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lowrank.data.DigitData;
import lowrank.network.AtomicFile;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * {@code provenance.json} says where the results of a folder come from: data, profile, seeds, software, machine and
 * commit. It repeats this for each part, with the times when it began and ended, because parts may be run separately.
 */
public final class Provenance {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};
    /** The entries that can differ between the parts of one folder: data, profile and seeds cannot. */
    private static final List<String> OF_A_PART =
            List.of("java", "libraries", "kernel", "blas", "machine", "commit", "modified");

    private final Map<String, Object> content;

    private Provenance(Map<String, Object> content) {
        this.content = content;
    }

    /** The provenance of a run with this profile on this data, from now on. Times are kept in {@code parts}. */
    public static Provenance of(String profile, long[] seeds, DigitData data, String kernel, Commit commit) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("data", data(data));
        content.put("profile", profile);
        content.put("seeds", seeds);
        content.put("java", Machine.java());
        content.put("libraries", Machine.libraries());
        content.put("kernel", kernel);
        content.put("blas", Machine.blas());
        content.put("machine", Machine.describe());
        content.put("commit", commit.hash());
        content.put("modified", commit.modified());
        content.put("parts", new LinkedHashMap<>());
        return new Provenance(content);
    }

    /**
     * The provenance in a file, or nothing if there is no file.
     *
     * @throws IllegalArgumentException if it is not readable, or lacks data, profile or parts
     */
    public static Optional<Provenance> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, Object> content;
        try {
            content = JSON.readValue(file.toFile(), OBJECT);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is not readable as JSON", e);
        }
        if (content == null
                || !(content.get("data") instanceof Map)
                || !(content.get("parts") instanceof Map)
                || !(content.get("profile") instanceof String)) {
            throw new IllegalArgumentException(file + " does not hold data, profile and parts");
        }
        return Optional.of(new Provenance(content));
    }

    /** Whether results of both may be in one file: they must have the same data and profile. */
    public boolean matches(Provenance other) {
        return tree("data").equals(other.tree("data")) && tree("profile").equals(other.tree("profile"));
    }

    /** Takes over the entries of the parts of an earlier, matching provenance. */
    public void keepPartsOf(Provenance earlier) {
        earlier.parts().forEach(parts()::putIfAbsent);
    }

    /** Records when a part began and ended, in UTC, to the second, and what it was made with. */
    public void part(String part, Instant start, Instant end) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("start", start.truncatedTo(ChronoUnit.SECONDS).toString());
        entry.put("end", end.truncatedTo(ChronoUnit.SECONDS).toString());
        OF_A_PART.forEach(name -> entry.put(name, content.get(name)));
        parts().put(part, entry);
    }

    /** Replaces the file at once. */
    public void write(Path file) {
        try {
            AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
        } catch (IOException e) {
            throw new AssertionError("maps of texts and numbers have a JSON form", e);
        }
    }

    /** The content, for tests: keyed by the names used in the file. */
    public Map<String, Object> content() {
        return content;
    }

    @SuppressWarnings("unchecked") // Put there by this class, or read as JSON objects, whose names are texts.
    private Map<String, Object> parts() {
        return (Map<String, Object>) content.get("parts");
    }

    /** The value as JSON reads it, so that what is in memory equals what was in a file. */
    private Object tree(String name) {
        return JSON.valueToTree(content.get(name));
    }

    private static Map<String, Object> data(DigitData data) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", data.name());
        described.put("sha256", data.sha256());
        described.put("train", data.train().size());
        described.put("validation", data.validation().size());
        described.put("test", data.test().size());
        return described;
    }
}
