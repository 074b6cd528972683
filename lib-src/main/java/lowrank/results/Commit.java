package lowrank.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The state of the source code that a run was made with.
 *
 * @param hash of the commit, or {@code unknown}
 * @param modified whether files differ from the commit, or null if unknown
 */
public record Commit(String hash, Boolean modified) {
    private static final Commit UNKNOWN = new Commit("unknown", null);
    private static final int SECONDS = 10;

    /** The commit of the repository that holds the folder. Git is asked for it, with ten seconds for each answer. */
    public static Commit of(Path folder) {
        return git("git", folder, SECONDS);
    }

    /** The same, from a program that answers like git, with this many seconds for each answer. */
    public static Commit git(String program, Path folder, int seconds) {
        return answer(folder, seconds, program, "rev-parse", "HEAD")
                .map(hash -> new Commit(
                        hash,
                        answer(folder, seconds, program, "status", "--porcelain")
                                .map(lines -> !lines.isEmpty())
                                .orElse(null)))
                .orElse(UNKNOWN);
    }

    private static Optional<String> answer(Path folder, int seconds, String... command) {
        Process process = null;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            InputStream said = process.getInputStream();
            String text = CompletableFuture.supplyAsync(() -> read(said)).get(seconds, TimeUnit.SECONDS);
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS) && process.exitValue() == 0;
            return ended ? Optional.of(text) : Optional.empty();
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private static String read(InputStream said) {
        try {
            return new String(said.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
