package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Javadoc's own checks find: links to nowhere, broken HTML, tags that fit nothing. */
class JavadocTest {
    @TempDir
    Path folder;

    private static final String OWN = "lowrank.linalg:lowrank.training.layers";

    @Test
    void documentationIsMadeWithoutAWarning() {
        made(OWN);
    }

    /** Those of pom.xml: the classes that a user of the library needs. */
    @Test
    void pagesAreOfTheLibraryAndNotOfTheReport() throws IOException {
        String excluded = OWN + ":lowrank.results:lowrank.charts:lowrank.notebook";
        assertTrue(Files.readString(Path.of("pom.xml")).contains(">" + excluded + "<"));
        made(excluded);
        try (var files = Files.walk(folder.resolve("lowrank"))) {
            List<String> pages = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[A-Z]\\w+\\.html"))
                    .toList();
            assertTrue(pages.contains("Compression.html") && pages.size() < 40, pages.toString());
            assertFalse(pages.contains("InputShape.html"), pages.toString());
        }
    }

    private void made(String excluded) {
        var said = new StringWriter();
        int status = ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-quiet",
                        "-Werror",
                        "-Xdoclint:all,-missing",
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-sourcepath",
                        "lib-src/main/java",
                        "-subpackages",
                        "lowrank",
                        "-exclude",
                        excluded);
        assertEquals("", said.toString());
        assertEquals(0, status);
    }
}
