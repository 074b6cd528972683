package lowrank.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The available data sets, all in the form of MNIST. */
public enum DataSource {
    /** Handwritten digits (LeCun, Cortes and Burges 1998). */
    MNIST(
            "MNIST",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    /** Pictures of clothes (Xiao, Rasul and Vollgraf 2017). */
    FASHION_MNIST(
            "FashionMNIST",
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    /** {@link SyntheticDigits}: no files and no network. */
    SYNTHETIC_DIGITS("SyntheticDigits");

    private final PublishedImages published;

    DataSource(String name, String... sha256) {
        published = new PublishedImages(name, List.of(sha256));
    }

    /**
     * Reads the data set from the user's folder if one is given, and from the cache if not. If the cache has no
     * complete MNIST, {@link SyntheticDigits} are used instead, and a notice says so.
     *
     * @param folder the folder with the four files, only read; null if the user names none
     * @param cache the folder that {@code environment/reproduce} and {@code environment/lab} fetch into; only read
     * @param notices receives the notice if digits are drawn because MNIST is missing
     * @throws IOException if the folder given, or for Fashion-MNIST the cache, lacks a file or has a bad one
     */
    public DigitData find(Path folder, Path cache, Consumer<String> notices) throws IOException {
        if (this == SYNTHETIC_DIGITS) {
            return SyntheticDigits.standard();
        }
        if (folder != null) {
            return read(folder);
        }
        try {
            return read(this == MNIST ? cache : cache.resolve(toString()));
        } catch (FileNotFoundException | DataFileException e) {
            String missing =
                    "NOT %s: %s (environment/lab and environment/reproduce fetch it)".formatted(this, e.getMessage());
            if (this != MNIST) {
                throw new DataFileException(missing);
            }
            notices.accept(missing + ". The digits are SyntheticDigits, drawn by this library: figures differ from "
                    + "those of MNIST, and every table names the data.");
            return SyntheticDigits.standard();
        }
    }

    /** The data set from the files of a folder. */
    DigitData read(Path folder) throws IOException {
        return published.read(folder);
    }

    /** The name used in results, such as {@code FashionMNIST}. */
    @Override
    public String toString() {
        return published.name();
    }
}
