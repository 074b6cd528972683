package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";
    private static final int SECONDS = 30;

    @TempDir
    Path folder;

    @Test
    void isWhatGitSays() throws IOException {
        String clean = answering("case $1 in rev-parse) echo " + HASH + ";; status) ;; esac");
        assertEquals(new Commit(HASH, false), Commit.git(clean, folder, SECONDS));
        String changed = answering("case $1 in rev-parse) echo " + HASH + ";; status) echo ' M pom.xml';; esac");
        assertEquals(new Commit(HASH, true), Commit.git(changed, folder, SECONDS));
        String half = answering("case $1 in rev-parse) echo " + HASH + ";; status) exit 1;; esac");
        assertEquals(new Commit(HASH, null), Commit.git(half, folder, SECONDS));
    }

    @Test
    void isUnknownWhereThereIsNoGitOrNoRepository() throws IOException {
        Commit unknown = new Commit("unknown", null);
        assertEquals(unknown, Commit.git(folder.resolve("nowhere").toString(), folder, SECONDS));
        assertEquals(unknown, Commit.git(answering("exit 128"), folder, SECONDS));
    }

    @Test
    void gitThatHangsIsGivenUp() throws IOException {
        String hanging = answering("exec sleep 600");
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertEquals(new Commit("unknown", null), Commit.git(hanging, folder, 1)));
    }

    private String answering(String script) throws IOException {
        Path program = Files.createTempFile(folder, "git", "");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }
}
