package lowrank.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a file completely or not at all: it writes another file next to it, and then moves that over it.
 *
 * @hidden
 */
public final class AtomicFile {
    /** Writes the content of the file to another path. */
    @FunctionalInterface
    public interface Writing {
        void to(Path part) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Replaces the file; creates its folder if it is missing.
     *
     * @throws IOException if the folder cannot be written to or is full; the old file is then unchanged
     */
    public static void replace(Path file, Writing writing) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path part = folder.resolve(".%s.%d-%d.part"
                .formatted(
                        file.getFileName(),
                        ProcessHandle.current().pid(),
                        Thread.currentThread().getId()));
        try {
            Files.createDirectories(folder);
            writing.to(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            part.toFile().delete(); // It is there only if something failed, and that failure is the one to report.
        }
    }

    /** The same for a text of the report. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same for bytes of the report.
     *
     * @throws UncheckedIOException instead of an {@link IOException}
     */
    public static void write(Path file, byte[] bytes) {
        try {
            replace(file, part -> Files.write(part, bytes));
        } catch (IOException e) {
            String kind = e.getClass().getSimpleName();
            throw new UncheckedIOException(
                    file + " cannot be written (" + (e.getMessage() == null ? kind : kind + ": " + e.getMessage())
                            + "); make room or choose another folder with LOWRANK_OUTPUT",
                    e);
        }
    }
}
