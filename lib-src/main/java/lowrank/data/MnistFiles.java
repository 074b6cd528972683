package lowrank.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** MNIST from a folder of the user's, which is only read, or from the cache, which is filled and repaired. */
public final class MnistFiles {
    /** The name of the data set. */
    public static final String NAME = "MNIST";

    /** Of the four unpacked files in the order of {@link MnistFile#ALL}: {@code zcat … | sha256sum}. */
    static final String SHA256 = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a";

    private MnistFiles() {}

    /**
     * MNIST from a folder with the four files, packed or not; nothing is written there.
     *
     * @throws FileNotFoundException if the folder or a file is missing; the message names it
     * @throws DataFileException if a file is damaged or not the published one; the message names it
     */
    public static DigitData read(Path folder) throws IOException {
        return read(MnistFile.ALL, folder);
    }

    static DigitData read(List<MnistFile> wanted, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new FileNotFoundException(
                    "%s is not a folder: name the one that has the four MNIST files".formatted(folder));
        }
        List<IdxFile> files = new ArrayList<>();
        for (MnistFile file : wanted) {
            files.add(file.read(file.in(folder)));
        }
        return data(files);
    }

    /**
     * MNIST from a cache folder. A file that is missing or damaged is downloaded, if that is allowed.
     *
     * @param wanted the four files in the order of {@link MnistFile#ALL}
     * @param notices takes a sentence for each damaged file and for the progress of a download
     * @throws DownloadException if a file is not there and cannot be had
     * @throws CacheFolderException if the folder cannot be written, or is full
     * @throws IOException if reading fails otherwise
     */
    static DigitData cached(
            List<MnistFile> wanted, Path cache, boolean mayDownload, Downloader downloader, Consumer<String> notices)
            throws IOException {
        List<IdxFile> files = whole(wanted, cache, notices);
        if (files.contains(null)) {
            if (!mayDownload) {
                throw new DownloadException(
                        "the cache folder %s has no whole MNIST and downloading is switched off".formatted(cache));
            }
            files = downloaded(wanted, cache, downloader, notices);
        }
        return data(files);
    }

    /** The files of the cache, verified; null in place of one that is missing or damaged. */
    private static List<IdxFile> whole(List<MnistFile> wanted, Path cache, Consumer<String> notices)
            throws IOException {
        List<IdxFile> files = new ArrayList<>();
        for (MnistFile file : wanted) {
            Path path = cache.resolve(file.packedName());
            try {
                files.add(Files.isRegularFile(path) ? file.read(path) : null);
            } catch (DataFileException e) {
                notices.accept("Damaged file in the cache, not used: " + e.getMessage() + ".");
                files.add(null);
            }
        }
        return files;
    }

    /** Fills the gaps. A lock lets a second process wait for, and then find, what the first one downloads. */
    private static synchronized List<IdxFile> downloaded(
            List<MnistFile> wanted, Path cache, Downloader downloader, Consumer<String> notices) throws IOException {
        try (FileChannel lock = openLock(cache)) {
            lock.lock();
            List<IdxFile> files = whole(wanted, cache, damage -> notices.accept("Fetching it anew."));
            for (int i = 0; i < files.size(); i++) {
                if (files.get(i) == null) {
                    files.set(i, downloader.fetch(wanted.get(i), cache));
                }
            }
            return files;
        }
    }

    private static FileChannel openLock(Path cache) throws IOException {
        try {
            Files.createDirectories(cache);
            return FileChannel.open(
                    cache.resolve("download.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw CacheFolderException.unwritable(cache, e);
        }
    }

    private static DigitData data(List<IdxFile> files) throws IOException {
        return DigitData.split(
                NAME, SHA256, IdxFile.digits(files.get(0), files.get(1)), IdxFile.digits(files.get(2), files.get(3)));
    }
}
