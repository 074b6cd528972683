package lowrank.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MNIST from a folder, which is only read. */
public final class MnistFiles {
    /** The name of the data set. */
    public static final String NAME = "MNIST";

    /** Of the four unpacked files in the order of {@link MnistFile#ALL}: {@code zcat … | sha256sum}. */
    static final String SHA256 = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a";

    private MnistFiles() {}

    /**
     * MNIST from a folder with the four files, packed or not, or with folders that have them, as torchvision's
     * {@code MNIST/raw} or a folder for each file.
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
        return DigitData.split(
                NAME, SHA256, IdxFile.digits(files.get(0), files.get(1)), IdxFile.digits(files.get(2), files.get(3)));
    }
}
