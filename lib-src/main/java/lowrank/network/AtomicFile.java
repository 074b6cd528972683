package lowrank.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: into a temporary file beside it, then moved over it. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes a file at the path it is given. */
    public interface Writing {
        void to(Path partial) throws IOException;
    }

    /**
     * Replaces the file by what is written; makes its folder where missing. Whatever is thrown, the old file is then
     * untouched, and nothing is left beside it.
     *
     * @throws IOException if the folder cannot be written or is full, or the writing throws it
     */
    public static void replace(Path file, Writing writing) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path partial = folder.resolve(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(folder);
            writing.to(partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            partial.toFile().delete();
        }
    }

    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Replaces the file by these bytes.
     *
     * @throws UncheckedIOException if the folder cannot be written or is full; the old file is then untouched
     */
    public static void write(Path file, byte[] bytes) {
        try {
            replace(file, partial -> Files.write(partial, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be written (" + reason(e)
                            + "); make room or choose another folder with LOWRANK_OUTPUT",
                    e);
        }
    }

    private static String reason(IOException e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }
}
