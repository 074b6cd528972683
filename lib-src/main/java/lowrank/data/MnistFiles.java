package lowrank.data;

import java.io.IOException;
import java.nio.file.Path;

/** MNIST from the four files of a folder. */
public final class MnistFiles {
    private MnistFiles() {}

    /**
     * Reads MNIST from a folder, or from below it as torchvision, Kaggle and browsers leave the files, packed or not.
     *
     * @param folder only read
     * @throws IOException if a file is missing, cannot be read, or is not MNIST's, naming it
     */
    public static DigitData read(Path folder) throws IOException {
        return DataSource.MNIST.read(folder);
    }
}
