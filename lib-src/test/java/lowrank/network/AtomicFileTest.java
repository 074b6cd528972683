package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndMakesItsFolder() throws IOException {
        Path file = folder.resolve("new/text.txt");
        AtomicFile.write(file, "one");
        AtomicFile.replace(file, partial -> {
            assertEquals("one", Files.readString(file), "the old file is there until the new one is whole");
            Files.writeString(partial, "two");
        });
        assertEquals("two", Files.readString(file));
        assertArrayEquals(new String[] {"text.txt"}, file.getParent().toFile().list());
    }

    static List<Exception> failures() {
        return List.of(new IOException("full"), new IllegalArgumentException("not finite"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void writingThatFailsHalfWayLeavesTheOldFileAlone(Exception failure) throws IOException {
        Path file = folder.resolve("text.txt");
        AtomicFile.write(file, "old");
        var error = assertThrows(
                failure.getClass(),
                () -> AtomicFile.replace(file, partial -> {
                    Files.writeString(partial, "ha");
                    if (failure instanceof RuntimeException unchecked) {
                        throw unchecked;
                    }
                    throw (IOException) failure;
                }));
        assertSame(failure, error);
        assertEquals("old", Files.readString(file));
        assertArrayEquals(new String[] {"text.txt"}, folder.toFile().list());
    }

    @Test
    void saysWhatToDoWhereItCannotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("no-folder"), "").resolve("text.txt");
        var error = assertThrows(UncheckedIOException.class, () -> AtomicFile.write(file, "text"));
        assertTrue(
                error.getMessage().startsWith(file + " cannot be written (FileAlreadyExistsException: ")
                        && error.getMessage().endsWith("); make room or choose another folder with LOWRANK_OUTPUT"),
                error.getMessage());
    }
}
