package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The packages stand in a row, and each imports only those before it. */
class ArchitectureTest {
    private static final List<String> ORDER =
            List.of("data", "linalg", "network", "svd", "inference", "training", "results", "charts", "notebook");
    /** Whoever compresses a network has no need of digits. */
    private static final List<String> WITHOUT_DATA = List.of("linalg", "network", "svd", "inference");
    /** Nobody else needs to know how memory and LAPACK are handled. */
    private static final List<String> WITH_LINALG = List.of("linalg", "network", "svd", "training", "results");
    /** What the package itself, where readers begin, is made of. */
    private static final List<String> BEHIND_THE_DOOR = List.of("network", "svd", "inference");

    private static final Path SOURCES = Path.of("lib-src/main/java/lowrank");
    private static final Pattern IMPORT = Pattern.compile("\\blowrank\\.([a-z]+)\\.");
    /** Kernels are reached by reflection: code that compiles against one runs on that one only. */
    private static final Pattern KERNEL = Pattern.compile("^import .*(jjava|ijava)", Pattern.MULTILINE);

    @Test
    void importsPointToTheLeftOnly() throws IOException {
        List<String> backward = new ArrayList<>();
        for (Path file : sources()) {
            String own = room(file);
            Matcher imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) {
                boolean allowed = own.isEmpty()
                        ? BEHIND_THE_DOOR.contains(imports.group(1))
                        : ORDER.indexOf(imports.group(1)) <= ORDER.indexOf(own);
                boolean strange = imports.group(1).equals("data") && WITHOUT_DATA.contains(own)
                        || imports.group(1).equals("linalg") && !WITH_LINALG.contains(own);
                if (!allowed || strange) {
                    backward.add(file + " -> " + imports.group(1));
                }
            }
        }
        assertEquals(List.of(), backward);
    }

    @Test
    void onlyRunReadsTheEnvironmentAndNothingPrintsOrKnowsAKernel() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            boolean run = file.endsWith("notebook/Run.java");
            if (file.endsWith("package-info.java")) {
                continue;
            }
            if (!run && text.contains("System.getenv")
                    || text.contains("System.out")
                    || text.contains("System.err")
                    || KERNEL.matcher(text).find()) {
                found.add(file.toString());
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void everyPackageIsInTheRowAndSaysWhatItIs() throws IOException {
        try (var folders = Files.list(SOURCES)) {
            assertEquals(
                    ORDER.stream().sorted().toList(),
                    folders.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString())
                            .sorted()
                            .toList());
        }
        for (String name : ORDER) {
            assertTrue(Files.exists(SOURCES.resolve(name).resolve("package-info.java")), name);
        }
    }

    /** The room a file is in; empty for the package itself. */
    private static String room(Path file) {
        Path within = SOURCES.relativize(file);
        return within.getNameCount() == 1 ? "" : within.getName(0).toString();
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
