package lowrank.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Finds the digits to work on: a folder of the user's, the cache, a download, or digits drawn here. */
public final class DigitSources {
    private DigitSources() {}

    /**
     * MNIST from the user's folder if one is given, and from nowhere else; or else from the cache, completed by a
     * verified download; or else, where no mirror can be reached, {@link SyntheticDigits}, said once.
     *
     * @param mnistDir the folder with the four MNIST files, only read; null if the user names none
     * @param cache the folder downloads are kept in; made if needed
     * @param mayDownload whether the network may be used
     * @param notices takes one sentence for each thing the user should know, and the progress of a download
     * @throws IOException if the folder given lacks a file or has a bad one, or the cache cannot be written
     */
    public static DigitData find(Path mnistDir, Path cache, boolean mayDownload, Consumer<String> notices)
            throws IOException {
        return find(mnistDir, cache, mayDownload, Downloader.of(notices), notices);
    }

    static DigitData find(
            Path mnistDir, Path cache, boolean mayDownload, Downloader downloader, Consumer<String> notices)
            throws IOException {
        if (mnistDir != null) {
            return MnistFiles.read(mnistDir);
        }
        try {
            return MnistFiles.cached(MnistFile.ALL, cache, mayDownload, downloader, notices);
        } catch (DownloadException e) {
            notices.accept("NOT MNIST: %s. The digits are SyntheticDigits, drawn by this library: figures differ "
                            .formatted(e.getMessage())
                    + "from those of MNIST, and every table names the data.");
            return SyntheticDigits.standard();
        }
    }
}
