package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedImagesTest {
    private final List<String> notices = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void readsAFolderOfPackedFiles() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData data = TinyMnist.FILES.read(folder);
        assertEquals("MNIST: 22 train, 2 validation, 5 test", data.toString());
    }

    @Test
    void readsUnpackedAndDottedFilesAsWell() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData packed = TinyMnist.FILES.read(folder);
        for (int i = 0; i < 4; i++) {
            String name = PublishedImages.FILES.get(i);
            Files.delete(folder.resolve(name + ".gz"));
            Files.write(folder.resolve(i < 2 ? name : name.replace("-idx", ".idx")), TinyMnist.UNPACKED.get(i));
        }
        assertEquals(packed, TinyMnist.FILES.read(folder));
    }

    @Test
    void namesTheFileAFolderLacksAndWritesNothingThere() throws IOException {
        TinyMnist.writePacked(folder);
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));
        var error = assertThrows(FileNotFoundException.class, () -> TinyMnist.FILES.read(folder));
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
                assertThrows(FileNotFoundException.class, () -> DataSource.MNIST.find(nowhere, folder, notices::add));
        assertEquals(nowhere + " is not a folder: name the one that has the four MNIST files", error.getMessage());
    }

    @Test
    void refusesAWholeFileThatIsNotMnistInTheUsersFolder() throws IOException {
        TinyMnist.writePacked(folder);
        var error = assertThrows(DataFileException.class, () -> DataSource.MNIST.find(folder, folder, notices::add));
        assertTrue(error.getMessage().contains("train-images-idx3-ubyte.gz is not MNIST's"), error.getMessage());
        assertEquals(List.of(), notices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MNIST/raw/%s.gz", "%1$s/%1$s.gz", "%s (1).gz", "%s.gz (2)"})
    void readsFilesWhereOtherProgramsLeaveThem(String layout) throws IOException {
        Path packed = Files.createDirectory(folder.resolve("packed"));
        TinyMnist.writePacked(packed);
        Path root = Files.createDirectory(folder.resolve("root"));
        for (String name : PublishedImages.FILES) {
            Path place = root.resolve(layout.formatted(name));
            Files.createDirectories(place.getParent());
            Files.copy(packed.resolve(name + ".gz"), place);
        }
        assertEquals(TinyMnist.FILES.read(packed), TinyMnist.FILES.read(root));
    }

    @Test
    void anEmptyFileDoesNotHideAWholeOneBesideIt() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData packed = TinyMnist.FILES.read(folder);
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve(PublishedImages.FILES.get(i) + ".gz"), new byte[0]);
            Files.write(folder.resolve(PublishedImages.FILES.get(i)), TinyMnist.UNPACKED.get(i));
        }
        assertEquals(packed, TinyMnist.FILES.read(folder));
    }

    @Test
    void drawsDigitsWhereTheCacheHasNoneOrADamagedFileAndSaysSoOnce() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        DigitData data = DataSource.MNIST.find(null, nowhere, notices::add);
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
                "SyntheticDigits",
                DataSource.MNIST.find(null, folder, notices::add).name());
        assertTrue(notices.get(1).contains("train-images-idx3-ubyte.gz is not MNIST's"), notices.get(1));
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "MNIST_DIR", matches = ".+")
    void theRealFilesHaveTheirCountsAndHash() throws IOException {
        Path mnist = Path.of(System.getenv("MNIST_DIR"));
        DigitData data = DataSource.MNIST.find(mnist, null, notices::add);
        assertEquals(
                List.of("MNIST", 55_000, 5_000, 10_000),
                List.of(
                        data.name(),
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()));
        assertEquals("b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a", data.sha256());
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "FASHION_MNIST_DIR", matches = ".+")
    void theRealFilesOfFashionMnistHaveTheirCountsAndHash() throws IOException {
        DigitData data = DataSource.FASHION_MNIST.find(Path.of(System.getenv("FASHION_MNIST_DIR")), null, notices::add);
        assertEquals("FashionMNIST: 55,000 train, 5,000 validation, 10,000 test", data.toString());
        assertEquals("14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214", data.sha256());
    }

    @Test
    void fashionMnistIsNeverReplacedByOtherData() throws IOException {
        TinyMnist.writePacked(folder);
        var missing =
                assertThrows(DataFileException.class, () -> DataSource.FASHION_MNIST.find(null, folder, notices::add));
        assertEquals(
                "NOT FashionMNIST: " + folder.resolve("FashionMNIST")
                        + " is not a folder: name the one that has the four "
                        + "FashionMNIST files (environment/lab and environment/reproduce fetch it)",
                missing.getMessage());
        var other = assertThrows(
                DataFileException.class, () -> DataSource.FASHION_MNIST.find(folder, folder, notices::add));
        assertTrue(other.getMessage().contains("is not FashionMNIST's train-images-idx3-ubyte"), other.getMessage());
        assertEquals(List.of(), notices);
    }

    @Test
    void filesOfAnotherDataSetInTheSameFolderAreNoHindrance() throws IOException {
        Path own = Files.createDirectories(folder.resolve("MNIST/raw"));
        TinyMnist.writePacked(own);
        Path other = Files.createDirectories(folder.resolve("FashionMNIST/raw"));
        for (String name : PublishedImages.FILES) {
            Files.write(other.resolve(name), TinyMnist.images(2));
        }
        assertEquals(TinyMnist.FILES.read(own), TinyMnist.FILES.read(folder));
    }

    @Test
    void refusesEveryTruncationOfAFile() throws IOException {
        for (byte[] whole : List.of(TinyMnist.UNPACKED.get(3), TinyMnist.PACKED.get(3))) {
            for (int length = 1; length < whole.length; length++) {
                refused(Arrays.copyOf(whole, length), "");
            }
        }
    }

    @Test
    void refusesBytesBehindTheFile() throws IOException {
        for (byte[] whole : List.of(TinyMnist.UNPACKED.get(3), TinyMnist.PACKED.get(3))) {
            for (int more : new int[] {1, 4, 100}) {
                refused(Arrays.copyOf(whole, whole.length + more), "");
            }
        }
    }

    @Test
    void refusesEveryFlippedByteOfPackedDataOrReadsTheSame() throws IOException {
        TinyMnist.writePacked(folder);
        DigitData whole = TinyMnist.FILES.read(folder);
        byte[] packed = TinyMnist.PACKED.get(3);
        for (int i = 0; i < packed.length; i++) {
            byte[] flipped = packed.clone();
            flipped[i] ^= 0x55;
            Path path = Files.write(folder.resolve(PublishedImages.FILES.get(3) + ".gz"), flipped);
            try {
                assertEquals(whole, TinyMnist.FILES.read(folder)); // it means nothing
            } catch (DataFileException e) {
                assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
            }
        }
    }

    @Test
    void refusesWhatIsNotIdxWithTheRemedy() throws IOException {
        refused("<html>not found</html>".getBytes(), "is not MNIST's t10k-labels-idx1-ubyte: its unpacked SHA-256 is ");
        refused(TinyMnist.PACKED.get(2), "; fetch the file again");
    }

    private void refused(byte[] content, String sentence) throws IOException {
        TinyMnist.writePacked(folder);
        Path path = Files.write(folder.resolve(PublishedImages.FILES.get(3) + ".gz"), content);
        var error = assertThrows(DataFileException.class, () -> TinyMnist.FILES.read(folder));
        assertTrue(
                error.getMessage().startsWith(path + " ") && error.getMessage().contains(sentence), error.getMessage());
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
