package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles. */
class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final Pattern SPEED =
            Pattern.compile("^\\|[^|]*\\|[^|]*\\|[^|]* m?s \\| ([\\d.]+) \\|$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @Test
    void javaSnippetsCompile() throws IOException {
        Matcher snippets = SNIPPET.matcher(Files.readString(Path.of("README.md")));
        int found = 0;
        while (snippets.find()) {
            assertEquals(List.of(), faults(snippets.group(1)));
            found++;
        }
        assertEquals(1, found);
    }

    /** The last column of the table of speeds, in its order, against the file of the published benchmark. */
    @Test
    void everyRatioStandsInThePublishedBenchmark() throws IOException {
        List<Double> measured = Files.readAllLines(Path.of("environment/benchmark.csv")).stream()
                .skip(1)
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
                .toList();
        Matcher rows = SPEED.matcher(Files.readString(Path.of("README.md")));
        int at = 0;
        int found = 0;
        for (; rows.find(); found++) {
            double ratio = Double.parseDouble(rows.group(1));
            double half = 0.5
                    * Math.pow(10, -(rows.group(1).length() - 1 - rows.group(1).indexOf('.')));
            while (at < measured.size() && Math.abs(measured.get(at) - ratio) > half * 1.001) {
                at++;
            }
            assertTrue(at < measured.size(), "no ratio " + rows.group(1) + " in row " + (found + 1));
            at++;
        }
        assertEquals(21, found);
    }

    private List<String> faults(String snippet) {
        String source = "import java.nio.file.*; import lowrank.data.*; import lowrank.network.*; import lowrank.svd.*;"
                + " import lowrank.training.*; import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;"
                + " class Snippet { void run() throws Exception {\n" + snippet + "} }";
        var file = new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var faults = new DiagnosticCollector<JavaFileObject>();
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        faults,
                        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call();
        return faults.getDiagnostics().stream()
                .map(fault -> fault.getMessage(null))
                .toList();
    }
}
