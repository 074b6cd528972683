package lowrank.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The state of the source a run was made from.
 *
 * @param hash of the commit, or {@code unknown}
 * @param modified whether files differ from it, or null if that is not known
 */
record Commit(String hash, Boolean modified) {
    private static final Commit UNKNOWN = new Commit("unknown", null);
    private static final int SECONDS = 10;

    /** The commit of the repository that holds the folder: asked of git, else read from its files. */
    static Commit of(Path folder) {
        Optional<String> hash = git(folder, "rev-parse", "HEAD");
        if (hash.isPresent()) {
            Optional<String> changes = git(folder, "status", "--porcelain");
            return new Commit(hash.get(), changes.map(lines -> !lines.isEmpty()).orElse(null));
        }
        for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".git"))) {
                return read(at.resolve(".git"));
            }
        }
        return UNKNOWN;
    }

    /** The commit in a {@code .git} folder, without git. */
    static Commit read(Path git) {
        try {
            String head = Files.readString(git.resolve("HEAD")).strip();
            if (!head.startsWith("ref: ")) {
                return new Commit(head, null);
            }
            String reference = head.substring("ref: ".length());
            if (Files.exists(git.resolve(reference))) {
                return new Commit(Files.readString(git.resolve(reference)).strip(), null);
            }
            return Files.readAllLines(git.resolve("packed-refs")).stream()
                    .filter(line -> line.endsWith(" " + reference))
                    .findFirst()
                    .map(line -> new Commit(line.split(" ")[0], null))
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static Optional<String> git(Path folder, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(said)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
