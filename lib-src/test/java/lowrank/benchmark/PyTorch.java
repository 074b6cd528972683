package lowrank.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * PyTorch in a process of its own, which does what it is told and measures itself: see
 * {@code environment/pytorch_peer.py}.
 */
final class PyTorch implements AutoCloseable {
    private final Process process;
    private final PrintWriter asks;
    private final BufferedReader answers;
    private final String version;

    private PyTorch(Process process) {
        this.process = process;
        asks = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        version = answer();
    }

    /**
     * @param threads for its products
     * @param folder where {@link #give} puts what it decomposes
     */
    static PyTorch start(Path python, Path script, int threads, Path folder) {
        try {
            return new PyTorch(new ProcessBuilder(
                            List.of(python.toString(), script.toString(), String.valueOf(threads), folder.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(python + " does not start", e);
        }
    }

    /** Writes weights to the folder, each as float32 column by column, from input to output: its matrices are ours. */
    static void give(List<INDArray> weights, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < weights.size(); i++) {
            float[] numbers = weights.get(i).dup('f').data().asFloat();
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.length).order(ByteOrder.nativeOrder());
            bytes.asFloatBuffer().put(numbers);
            Files.write(folder.resolve("weights-" + i + ".bin"), bytes.array());
        }
    }

    String version() {
        return version;
    }

    /** What the peer does at this word. */
    Contender does(String name, String word) {
        return new Contender(name, () -> {
            asks.println(word);
            return Double.parseDouble(answer());
        });
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(
                        "PyTorch ended with status " + process.waitFor() + "; what it said stands above");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PyTorch worked", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
