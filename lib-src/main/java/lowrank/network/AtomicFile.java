package lowrank.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: another one beside it, which is then moved over it. */
public final class AtomicFile {
    /** Writes what the file shall hold to another path. */
    @FunctionalInterface
    public interface Writing {
        void to(Path part) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Replaces the file; makes its folder where missing.
     *
     * @throws IOException if the folder cannot be written or is full; the old file is then untouched
     */
    public static void replace(Path file, Writing writing) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path part = folder.resolve(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(folder);
            writing.to(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            part.toFile().delete(); // There where something failed, which is what is to be reported.
        }
    }

    /** The same for a text of the report. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same for bytes of the report.
     *
     * @throws UncheckedIOException in place of an {@link IOException}
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
