package lowrank.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path git;

    @Test
    void isReadFromTheBranchThatIsCheckedOut() throws IOException {
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.createDirectories(git.resolve("refs/heads"));
        Files.writeString(git.resolve("refs/heads/main"), HASH + "\n");
        assertEquals(HASH, Commit.read(git).hash());
    }

    @Test
    void isReadFromPackedReferences() throws IOException {
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(git.resolve("packed-refs"), "# pack-refs with: peeled\n" + HASH + " refs/heads/main\n");
        assertEquals(HASH, Commit.read(git).hash());
    }

    @Test
    void isReadFromADetachedHead() throws IOException {
        Files.writeString(git.resolve("HEAD"), HASH + "\n");
        assertEquals(HASH, Commit.read(git).hash());
    }

    @Test
    void isUnknownWhereThereIsNone() {
        assertEquals("unknown", Commit.read(git).hash());
    }
}
