package lowrank.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Four small files like MNIST's: 24 training and 5 test digits, pixels of image i all i, label i mod 10. */
final class TinyMnist {
    static final List<byte[]> UNPACKED = List.of(images(24), labels(24), images(5), labels(5));
    static final List<byte[]> PACKED = UNPACKED.stream().map(TinyMnist::gzip).toList();
    static final PublishedImages FILES = new PublishedImages(
            "MNIST", UNPACKED.stream().map(PublishedImages::sha256).toList());

    private TinyMnist() {}

    public static byte[] images(int count) {
        ByteBuffer idx = ByteBuffer.allocate(16 + count * DigitSet.PIXELS);
        idx.putInt(0x803).putInt(count).putInt(28).putInt(28);
        for (int i = 0; i < count * DigitSet.PIXELS; i++) {
            idx.put((byte) (i / DigitSet.PIXELS));
        }
        return idx.array();
    }

    public static byte[] labels(int count) {
        ByteBuffer idx = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            idx.put((byte) (i % DigitSet.CLASSES));
        }
        return idx.array();
    }

    public static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    public static void writePacked(Path folder) throws IOException {
        for (int i = 0; i < PublishedImages.FILES.size(); i++) {
            Files.write(folder.resolve(PublishedImages.FILES.get(i) + ".gz"), PACKED.get(i));
        }
    }
}
