package lowrank.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file in the IDX format of the MNIST database: a big-endian header of magic number, count and, for images, rows and
 * columns, then one byte a value. Packed by gzip or not: the content decides, not the name.
 *
 * @param path where it was read
 * @param data the values, without the header
 * @param count images or labels in it
 * @param sha256 of the unpacked file, header included
 */
public record IdxFile(Path path, byte[] data, int count, String sha256) {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;
    private static final int MAX_COUNT = 300_000;
    private static final int GZIP_MAGIC = 0x1f8b;

    /**
     * Reads a file of 28 × 28 images.
     *
     * @throws DataFileException if the file is empty, truncated, too long, damaged, of labels, of images of another
     *     size, or has no image or more than 300,000
     * @throws IOException if it cannot be read
     */
    public static IdxFile images(Path path) throws IOException {
        return read(path, IMAGES);
    }

    /**
     * Reads a file of labels.
     *
     * @throws DataFileException as {@link #images}, and if a label is above 9
     * @throws IOException if it cannot be read
     */
    public static IdxFile labels(Path path) throws IOException {
        IdxFile file = read(path, LABELS);
        for (int i = 0; i < file.count; i++) {
            if ((file.data[i] & 0xff) >= DigitSet.CLASSES) {
                throw new DataFileException(
                        "%s has label %d at position %,d, above 9, the largest digit: fetch the " + "file again",
                        path, file.data[i] & 0xff, i);
            }
        }
        return file;
    }

    /**
     * Images and labels together.
     *
     * @throws DataFileException if there are not as many labels as images
     */
    public static DigitSet digits(IdxFile images, IdxFile labels) throws IOException {
        if (images.count != labels.count) {
            throw new DataFileException(
                    "%s has %,d images but %s has %,d labels: take both from one data set",
                    images.path, images.count, labels.path, labels.count);
        }
        return new DigitSet(images.data, labels.data);
    }

    private static IdxFile read(Path path, int magic) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
                InputStream unpacked = unpacked(path, raw);
                InputStream in = new DigestInputStream(unpacked, digest)) {
            int count = header(path, in, magic);
            int length = count * (magic == IMAGES ? DigitSet.PIXELS : 1);
            byte[] data = in.readNBytes(length);
            if (data.length < length) {
                throw new DataFileException(
                        "%s is truncated: %,d of the %,d bytes its header announces are there; "
                                + "fetch the file again",
                        path, data.length, length);
            }
            if (in.read() >= 0 || unpacked instanceof Gzip gzip && gzip.isFollowed()) {
                throw new DataFileException(
                        "%s is too long: bytes follow the %,d its header announces; fetch the " + "file again",
                        path, length);
            }
            return new IdxFile(path, data, count, HexFormat.of().formatHex(digest.digest()));
        } catch (EOFException e) {
            throw new DataFileException("%s is truncated: its gzip data ends early; fetch the file again", path);
        } catch (ZipException e) {
            throw new DataFileException("%s is damaged gzip data (%s): fetch the file again", path, e.getMessage());
        }
    }

    /** The stream itself, or what gzip packed in it. */
    private static InputStream unpacked(Path path, InputStream raw) throws IOException {
        raw.mark(2);
        int first = raw.read();
        int second = raw.read();
        raw.reset();
        if (first < 0) {
            throw new DataFileException("%s is empty, 0 bytes: fetch the file again", path);
        }
        return (first << 8 | second) == GZIP_MAGIC ? new Gzip(raw) : raw;
    }

    /** A gzip stream that can tell whether bytes follow it, which Java's own passes over. */
    private static final class Gzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        Gzip(InputStream raw) throws IOException {
            super(raw, 1 << 16);
        }

        /** To be asked at the end of the stream. */
        boolean isFollowed() throws IOException {
            return inf.getRemaining() > TRAILER || in.read() >= 0;
        }
    }

    /** Reads and checks the header. Returns the count. */
    private static int header(Path path, InputStream in, int magic) throws IOException {
        int size = magic == IMAGES ? 16 : 8;
        byte[] bytes = in.readNBytes(size);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length >= 4) {
            checkMagic(path, header.getInt(), magic);
        }
        if (bytes.length < size) {
            throw new DataFileException(
                    "%s is truncated: %d bytes where the header alone has %d; fetch the " + "file again",
                    path, bytes.length, size);
        }
        int count = header.getInt();
        if (count < 1 || count > MAX_COUNT) {
            throw new DataFileException(
                    "%s announces %,d entries, outside 1 to %,d: fetch the file again",
                    path, count & 0xffffffffL, MAX_COUNT);
        }
        if (magic == IMAGES) {
            checkSide(path, header.getInt(), header.getInt());
        }
        return count;
    }

    private static void checkMagic(Path path, int found, int magic) throws IOException {
        if (found == magic) {
            return;
        }
        if (found == IMAGES || found == LABELS) {
            throw new DataFileException("%s holds %s where %s belong: swap the files", path, kind(found), kind(magic));
        }
        throw new DataFileException(
                "%s begins with 0x%08x, not with 0x%08x as IDX %s do: fetch the file again",
                path, found, magic, kind(magic));
    }

    private static void checkSide(Path path, int rows, int columns) throws IOException {
        if (rows != DigitSet.SIDE || columns != DigitSet.SIDE) {
            throw new DataFileException(
                    "%s has images of %d × %d pixels, not %d × %d: give images of that size",
                    path, rows, columns, DigitSet.SIDE, DigitSet.SIDE);
        }
    }

    private static String kind(int magic) {
        return magic == IMAGES ? "images" : "labels";
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
