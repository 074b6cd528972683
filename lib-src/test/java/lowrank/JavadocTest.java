package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Javadoc's own checks find: links to nowhere, broken HTML, tags that fit nothing. */
class JavadocTest {
    @TempDir
    Path folder;

    @Test
    void documentationIsMadeWithoutAWarning() {
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
                        "lowrank.linalg:lowrank.training.layers");
        assertEquals("", said.toString());
        assertEquals(0, status);
    }
}
