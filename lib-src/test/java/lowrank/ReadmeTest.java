package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the README shows compiles. */
class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final Pattern PAGE = Pattern.compile("\\{@code\n(.*?) \\* \\}", Pattern.DOTALL);

    private static final Pattern SPEED =
            Pattern.compile("^\\|[^|]*\\|[^|]*\\|[^|]* m?s \\| ([\\d.]+) \\|$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    /** The six lines are the same at both doors, and do what they say. */
    @Test
    @SuppressWarnings("unchecked") // The class is compiled below to be that.
    void linesOfReadmeAndPackagePageCompressASavedNetwork() throws Exception {
        String readme = only(SNIPPET, Files.readString(Path.of("README.md")));
        String page = only(PAGE, Files.readString(Path.of("lib-src/main/java/lowrank/package-info.java")))
                .replaceAll("(?m)^ \\* ?", "");
        assertEquals(page.strip(), readme.strip());
        ModelFile.save(new MlpSpec(100, List.of(200, 200), 10).create(1), folder.resolve("my-model.zip"));
        assertEquals(List.of(), faults(readme.replace("Path.of(\"", "Path.of(\"" + folder + "/")));
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            INDArray inputs = Nd4j.rand(300, 100);
            ((BiConsumer<INDArray, INDArray>)
                            loader.loadClass("Snippet").getConstructor().newInstance())
                    .accept(inputs, inputs);
        }
        assertTrue(ModelFile.load(folder.resolve("my-model-small.zip")).numParams() < 6_300);
    }

    private static String only(Pattern form, String text) {
        Matcher found = form.matcher(text);
        assertTrue(found.find());
        String first = found.group(1);
        assertFalse(found.find());
        return first;
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
        assertEquals(5, found);
    }

    private List<String> faults(String snippet) {
        String source = "import java.nio.file.*; import lowrank.*; import lowrank.network.*;"
                + " import org.deeplearning4j.nn.multilayer.MultiLayerNetwork; import org.nd4j.linalg.api.ndarray.INDArray;"
                + " public class Snippet implements java.util.function.BiConsumer<INDArray, INDArray> {"
                + " public void accept(INDArray inputs, INDArray otherInputs) { try {\n" + snippet
                + "} catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); } } }";
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
