package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    private static final byte[] IMAGES = TinyMnist.images(3);
    private static final byte[] LABELS = TinyMnist.labels(3);

    @TempDir
    Path folder;

    @Test
    void readsImagesWithoutTheirHeader() throws IOException {
        IdxFile file = IdxFile.images(written(IMAGES));
        assertEquals(3, file.count());
        assertArrayEquals(Arrays.copyOfRange(IMAGES, 16, IMAGES.length), file.data());
    }

    @Test
    void readsPackedAsUnpackedWhateverTheName() throws IOException {
        IdxFile packed = IdxFile.labels(written(TinyMnist.gzip(LABELS)));
        IdxFile unpacked = IdxFile.labels(Files.write(folder.resolve("b.gz"), LABELS));
        assertArrayEquals(new byte[] {0, 1, 2}, packed.data());
        assertArrayEquals(packed.data(), unpacked.data());
        assertEquals(packed.sha256(), unpacked.sha256());
    }

    @Test
    void refusesEveryTruncationOfLabels() throws IOException {
        for (int length = 0; length < LABELS.length; length++) {
            refused(Arrays.copyOf(LABELS, length), length == 0 ? "is empty, 0 bytes" : "truncated");
        }
    }

    @Test
    void refusesEveryTruncationOfPackedLabels() throws IOException {
        byte[] packed = TinyMnist.gzip(LABELS);
        for (int length = 1; length < packed.length; length++) {
            refused(Arrays.copyOf(packed, length), "truncated");
        }
    }

    @Test
    void refusesEveryFlippedByteOfPackedDataOrReadsTheSame() throws IOException {
        byte[] packed = TinyMnist.gzip(LABELS);
        for (int i = 0; i < packed.length; i++) {
            byte[] flipped = packed.clone();
            flipped[i] ^= 0x55;
            Path path = written(flipped);
            try {
                assertArrayEquals(new byte[] {0, 1, 2}, IdxFile.labels(path).data()); // it means nothing
            } catch (DataFileException e) {
                assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
            }
        }
    }

    @Test
    void refusesBytesAfterTheEnd() throws IOException {
        refused(Arrays.copyOf(LABELS, LABELS.length + 1), "is too long: bytes follow the 3");
        refused(TinyMnist.gzip(Arrays.copyOf(LABELS, LABELS.length + 1)), "is too long");
        byte[] packed = TinyMnist.gzip(LABELS);
        refused(Arrays.copyOf(packed, packed.length + 100), "is too long");
        refused(Arrays.copyOf(packed, packed.length + 100_000), "is too long");
    }

    @Test
    void refusesLabelsWhereImagesBelongAndTheReverse() throws IOException {
        refused(IMAGES, "holds images where labels belong: swap the files");
        Path labels = written(LABELS);
        var error = assertThrows(DataFileException.class, () -> IdxFile.images(labels));
        assertEquals(labels + " holds labels where images belong: swap the files", error.getMessage());
    }

    @Test
    void refusesWhatIsNotIdx() throws IOException {
        refused("<html>not found</html>".getBytes(), "begins with 0x3c68746d, not with 0x00000801");
    }

    @Test
    void refusesACountOfNoneOrTooMany() throws IOException {
        for (int count : new int[] {0, -1, 300_001}) {
            refused(ByteBuffer.allocate(8).putInt(0x801).putInt(count).array(), "entries, outside 1 to ");
        }
    }

    @Test
    void refusesImagesOfAnotherSize() throws IOException {
        Path path = written(ByteBuffer.allocate(16 + 32 * 32)
                .putInt(0x803)
                .putInt(1)
                .putInt(32)
                .putInt(32)
                .array());
        var error = assertThrows(DataFileException.class, () -> IdxFile.images(path));
        assertTrue(error.getMessage().contains("images of 32 × 32 pixels, not 28 × 28"), error.getMessage());
    }

    @Test
    void refusesALabelThatIsNoDigit() throws IOException {
        byte[] labels = LABELS.clone();
        labels[10] = 10;
        refused(labels, "has label 10 at position 2, above 9");
    }

    @Test
    void refusesCountsThatDiffer() throws IOException {
        IdxFile images = IdxFile.images(written(IMAGES));
        IdxFile labels = IdxFile.labels(written(TinyMnist.labels(2)));
        var error = assertThrows(DataFileException.class, () -> IdxFile.digits(images, labels));
        assertTrue(error.getMessage().contains("has 3 images but"), error.getMessage());
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a"), bytes);
    }

    private void refused(byte[] labels, String sentence) throws IOException {
        Path path = written(labels);
        var error = assertThrows(DataFileException.class, () -> IdxFile.labels(path));
        assertTrue(
                error.getMessage().startsWith(path + " ") && error.getMessage().contains(sentence), error.getMessage());
    }
}
