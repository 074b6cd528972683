package lowrank.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Finds the digits to work on: a folder of the user's, the cache that set-up fills, or digits drawn here. */
public final class DigitSources {
    private DigitSources() {}

    /**
     * MNIST from the user's folder if one is given, and from nowhere else; or else from the cache; or else, where that
     * has no whole MNIST, {@link SyntheticDigits}, which is said.
     *
     * @param mnistDir the folder with the four MNIST files, only read; null if the user names none
     * @param cache the folder that {@code environment/reproduce} and {@code environment/lab} fetch into; only read
     * @param notices takes the sentence that says so where the digits are drawn
     * @throws IOException if the folder given lacks a file or has a bad one, or the cache cannot be read
     */
    public static DigitData find(Path mnistDir, Path cache, Consumer<String> notices) throws IOException {
        if (mnistDir != null) {
            return MnistFiles.read(mnistDir);
        }
        try {
            return MnistFiles.read(cache);
        } catch (FileNotFoundException | DataFileException e) {
            notices.accept("NOT MNIST: %s (environment/lab and environment/reproduce fetch it). The digits are "
                            .formatted(e.getMessage())
                    + "SyntheticDigits, drawn by this library: figures differ from those of MNIST, and every table names "
                    + "the data.");
            return SyntheticDigits.standard();
        }
    }
}
