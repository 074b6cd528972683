package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistFilesTest {
    private final List<String> notices = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void readsAFolderOfPackedFiles() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData data = MnistFiles.read(TinyMnist.FILES, folder);
        assertEquals("MNIST: 22 train, 2 validation, 5 test", data.toString());
    }

    @Test
    void readsUnpackedAndDottedFilesAsWell() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData packed = MnistFiles.read(TinyMnist.FILES, folder);
        for (int i = 0; i < 4; i++) {
            String name = TinyMnist.NAMES.get(i);
            Files.delete(folder.resolve(name + ".gz"));
            Files.write(folder.resolve(i < 2 ? name : name.replace("-idx", ".idx")), TinyMnist.UNPACKED.get(i));
        }
        assertEquals(packed, MnistFiles.read(TinyMnist.FILES, folder));
    }

    @Test
    void namesTheFileAFolderLacksAndWritesNothingThere() throws IOException {
        TinyMnist.writePacked(folder);
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));
        var error = assertThrows(FileNotFoundException.class, () -> MnistFiles.read(TinyMnist.FILES, folder));
        assertEquals(
                folder + " has neither t10k-labels-idx1-ubyte.gz nor t10k-labels-idx1-ubyte: put it there, "
                        + "or name a folder that has it",
                error.getMessage());
        assertEquals(3, names().size());
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        Path nowhere = folder.resolve("nowhere");
        var error = assertThrows(FileNotFoundException.class, () -> DigitSources.find(nowhere, folder, notices::add));
        assertEquals(nowhere + " is not a folder: name the one that has the four MNIST files", error.getMessage());
    }

    @Test
    void refusesAWholeFileThatIsNotMnistInTheUsersFolder() throws IOException {
        TinyMnist.writePacked(folder);
        var error = assertThrows(DataFileException.class, () -> DigitSources.find(folder, folder, notices::add));
        assertTrue(error.getMessage().contains("train-images-idx3-ubyte.gz is not MNIST's"), error.getMessage());
        assertEquals(List.of(), notices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MNIST/raw/%s.gz", "%1$s/%1$s.gz", "%s (1).gz", "%s.gz (2)"})
    void readsFilesWhereOtherProgramsLeaveThem(String layout) throws IOException {
        Path packed = Files.createDirectory(folder.resolve("packed"));
        TinyMnist.writePacked(packed);
        Path root = Files.createDirectory(folder.resolve("root"));
        for (String name : TinyMnist.NAMES) {
            Path place = root.resolve(layout.formatted(name));
            Files.createDirectories(place.getParent());
            Files.copy(packed.resolve(name + ".gz"), place);
        }
        assertEquals(MnistFiles.read(TinyMnist.FILES, packed), MnistFiles.read(TinyMnist.FILES, root));
    }

    @Test
    void anEmptyFileDoesNotHideAWholeOneBesideIt() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData packed = MnistFiles.read(TinyMnist.FILES, folder);
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve(TinyMnist.NAMES.get(i) + ".gz"), new byte[0]);
            Files.write(folder.resolve(TinyMnist.NAMES.get(i)), TinyMnist.UNPACKED.get(i));
        }
        assertEquals(packed, MnistFiles.read(TinyMnist.FILES, folder));
    }

    @Test
    void drawsDigitsWhereTheCacheHasNoneOrADamagedFileAndSaysSoOnce() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        DigitData data = DigitSources.find(null, nowhere, notices::add);
        assertEquals("SyntheticDigits", data.name());
        assertEquals(55_000, data.train().size());
        assertEquals(5_000, data.validation().size());
        assertEquals(10_000, data.test().size());
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).startsWith("NOT MNIST: " + nowhere + " is not a folder"), notices.get(0));
        assertTrue(notices.get(0).contains("environment/reproduce fetch it"), notices.get(0));
        assertFalse(Files.exists(nowhere));
        TinyMnist.writePacked(folder);
        assertEquals(
                "SyntheticDigits", DigitSources.find(null, folder, notices::add).name());
        assertTrue(notices.get(1).contains("train-images-idx3-ubyte.gz is not MNIST's"), notices.get(1));
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "MNIST_DIR", matches = ".+")
    void theRealFilesHaveTheirCountsAndHash() throws IOException {
        Path mnist = Path.of(System.getenv("MNIST_DIR"));
        DigitData data = DigitSources.find(mnist, null, notices::add);
        assertEquals(
                List.of("MNIST", 55_000, 5_000, 10_000),
                List.of(
                        data.name(),
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()));
        MessageDigest digest = IdxFile.newDigest();
        for (MnistFile file : MnistFile.ALL) {
            try (var raw = Files.newInputStream(file.in(mnist))) {
                boolean packed = file.in(mnist).toString().endsWith(".gz");
                digest.update((packed ? new java.util.zip.GZIPInputStream(raw) : raw).readAllBytes());
            }
        }
        assertEquals(HexFormat.of().formatHex(digest.digest()), data.sha256());
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
