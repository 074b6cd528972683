package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class MnistFilesTest {
    private static final Downloader NOBODY =
            new Downloader(List.of(URI.create("http://127.0.0.1:1/")), Duration.ofMillis(100), notice -> {});
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
        var error =
                assertThrows(FileNotFoundException.class, () -> DigitSources.find(nowhere, folder, true, notices::add));
        assertEquals(nowhere + " is not a folder: name the one that has the four MNIST files", error.getMessage());
    }

    @Test
    void refusesAWholeFileThatIsNotMnistInTheUsersFolder() throws IOException {
        TinyMnist.writePacked(folder);
        var error = assertThrows(DataFileException.class, () -> DigitSources.find(folder, folder, false, notices::add));
        assertTrue(error.getMessage().contains("train-images-idx3-ubyte.gz is not MNIST's"), error.getMessage());
        assertEquals(List.of(), notices);
    }

    @Test
    void readsAWholeCacheWithoutTheNetwork() throws IOException {
        TinyMnist.writePacked(folder);
        assertEquals(5, cached(folder, false).test().size());
        assertEquals(List.of(), notices);
        assertEquals(4, names().size());
    }

    @Test
    void namesADamagedCacheFileAndNeverUsesIt() throws IOException {
        TinyMnist.writePacked(folder);
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), new byte[] {1});
        assertThrows(DownloadException.class, () -> cached(folder, false));
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("train-labels-idx1-ubyte.gz"), notices.get(0));
    }

    @Test
    void refusesACacheFolderThatCannotBeMade() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path cache = file.resolve("cache");
        var error = assertThrows(CacheFolderException.class, () -> cached(cache, true));
        assertTrue(
                error.getMessage().startsWith("the cache folder " + cache + " cannot be written ("),
                error.getMessage());
    }

    @Test
    void writesNothingWhenDownloadingIsSwitchedOff() throws IOException {
        Path cache = folder.resolve("cache");
        assertThrows(DownloadException.class, () -> cached(cache, false));
        assertFalse(Files.exists(cache));
    }

    @Test
    void drawsDigitsWhenNoMirrorIsReachedAndSaysSoOnce() throws IOException {
        DigitData data = DigitSources.find(null, folder, true, NOBODY, notices::add);
        assertEquals("SyntheticDigits", data.name());
        assertEquals(55_000, data.train().size());
        assertEquals(5_000, data.validation().size());
        assertEquals(10_000, data.test().size());
        assertEquals(
                1,
                notices.stream()
                        .filter(notice -> notice.contains("SyntheticDigits"))
                        .count());
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "MNIST_DIR", matches = ".+")
    void theRealFilesHaveTheirCountsAndHash() throws IOException {
        Path mnist = Path.of(System.getenv("MNIST_DIR"));
        DigitData data = DigitSources.find(mnist, null, false, notices::add);
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

    private DigitData cached(Path cache, boolean mayDownload) throws IOException {
        return MnistFiles.cached(TinyMnist.FILES, cache, mayDownload, NOBODY, notices::add);
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
