package lowrank.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A data set of four IDX files, as MNIST is published: a header, then one byte per pixel or label. A file is recognized
 * by the hash of its content, so its header needs no check.
 *
 * @param name of the data set
 * @param sha256 of the four unpacked files, in the order of {@link #FILES}
 */
record PublishedImages(String name, List<String> sha256) {
    static final List<String> FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    private static final int IMAGES_HEADER = 16;
    private static final int LABELS_HEADER = 8;
    private static final int DEPTH = 3;

    /**
     * Reads the four files from a folder or from up to three levels of folders below it, with or without gzip
     * compression. They may have the published name, the dotted one (train-images.idx3-ubyte) that some programs unpack
     * to, or either of these with the number that browsers add to a second copy.
     *
     * @throws FileNotFoundException if the folder or a file is missing; the message names it
     * @throws DataFileException if a file is damaged or not the published one; the message names it
     */
    DigitData read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new FileNotFoundException(
                    "%s is not a folder: name the one that has the four %s files".formatted(folder, name));
        }
        byte[][] files = new byte[FILES.size()][];
        for (int i = 0; i < files.length; i++) {
            files[i] = file(folder, FILES.get(i), sha256.get(i));
        }
        return DigitData.split(name, sha256(files), set(files[0], files[1]), set(files[2], files[3]));
    }

    private static DigitSet set(byte[] images, byte[] labels) {
        return new DigitSet(
                Arrays.copyOfRange(images, IMAGES_HEADER, images.length),
                Arrays.copyOfRange(labels, LABELS_HEADER, labels.length));
    }

    /**
     * The content of the nearest file that has this name and the published content: the folder may also hold other
     * data.
     */
    private byte[] file(Path folder, String file, String published) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path path : named(folder, file)) {
            try {
                byte[] content = unpacked(path);
                String hash = sha256(content);
                if (hash.equals(published)) {
                    return content;
                }
                faults.add("%s is not %s's %s: its unpacked SHA-256 is %s…, not %s…"
                        .formatted(path, name, file, hash.substring(0, 12), published.substring(0, 12)));
            } catch (EOFException | ZipException e) {
                faults.add(path + " is damaged gzip data");
            }
        }
        if (faults.isEmpty()) {
            throw new FileNotFoundException("%s has neither %s.gz nor %s: put it there, or name a folder that has it"
                    .formatted(folder, file, file));
        }
        throw new DataFileException(faults.get(0) + "; fetch the file again");
    }

    /** The files, nearest first; empty files are ignored. */
    private static List<Path> named(Path folder, String file) {
        Pattern wanted = Pattern.compile(file.replace("-idx", "[-.]idx") + "( ?\\(\\d+\\))?(\\.gz)?( ?\\(\\d+\\))?");
        return Stream.iterate(List.of(folder.toFile()), PublishedImages::below)
                .limit(DEPTH + 2)
                .flatMap(List::stream)
                .filter(found -> wanted.matcher(found.getName()).matches() && found.isFile() && found.length() > 0)
                .map(File::toPath)
                .toList();
    }

    /** The contents of the folders among these; nothing for a folder that cannot be read. */
    private static List<File> below(List<File> level) {
        return level.stream()
                .map(File::listFiles)
                .filter(files -> files != null)
                .flatMap(files -> Arrays.stream(files).sorted())
                .toList();
    }

    /** The content decides whether a file is packed, not the name. */
    private static byte[] unpacked(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        boolean packed = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        if (!packed) {
            return bytes;
        }
        byte[] content = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
        // The last four bytes are the unpacked length. Java's stream ignores anything after them.
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - Integer.BYTES);
        if (length != content.length) {
            throw new ZipException("something follows the packed data");
        }
        return content;
    }

    /** The hash of the parts one after the other, as 64 hexadecimal digits. */
    static String sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Stream.of(parts).forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
