package lowrank.data;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of the four files of the MNIST database (LeCun, Cortes and Burges 1998), and what proves it is it.
 *
 * @param name of the unpacked file, as published
 * @param sha256 of the unpacked file
 */
record MnistFile(String name, String sha256) {
    private static final int DEPTH = 3;

    static final MnistFile TRAIN_IMAGES = new MnistFile(
            "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
    static final MnistFile TRAIN_LABELS = new MnistFile(
            "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
    static final MnistFile TEST_IMAGES =
            new MnistFile("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
    static final MnistFile TEST_LABELS =
            new MnistFile("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");
    static final List<MnistFile> ALL = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    /**
     * Where the file is: in the folder or up to three folders below it, the nearest one that is not empty. Packed or
     * not, under the published name, the dotted one (train-images.idx3-ubyte) that some programs unpack to, or either
     * with the number that browsers add to a second copy.
     *
     * @throws FileNotFoundException if it is there under none of its names
     */
    Path in(Path folder) throws IOException {
        Pattern wanted = Pattern.compile(name.replace("-idx", "[-.]idx") + "( ?\\(\\d+\\))?(\\.gz)?( ?\\(\\d+\\))?");
        List<File> level = List.of(folder.toFile());
        for (int depth = 0; depth <= DEPTH; depth++) {
            List<File> below = level.stream().flatMap(MnistFile::sorted).toList();
            Optional<File> found = below.stream()
                    .filter(file -> file.length() > 0
                            && file.isFile()
                            && wanted.matcher(file.getName()).matches())
                    .findFirst();
            if (found.isPresent()) {
                return found.get().toPath();
            }
            level = below.stream().filter(File::isDirectory).toList();
        }
        throw new FileNotFoundException("%s has neither %s.gz nor %s: put it there, or name a folder that has it"
                .formatted(folder, name, name));
    }

    /** What a folder holds; nothing where it cannot be read. */
    private static Stream<File> sorted(File folder) {
        File[] files = folder.listFiles();
        return files == null ? Stream.of() : Arrays.stream(files).sorted();
    }

    /**
     * Reads the file and verifies it.
     *
     * @throws DataFileException if it is damaged, or whole but another file than the published one
     */
    IdxFile read(Path path) throws IOException {
        IdxFile file = name.contains("images") ? IdxFile.images(path) : IdxFile.labels(path);
        if (!file.sha256().equals(sha256)) {
            throw new DataFileException(
                    "%s is not MNIST's %s: its unpacked SHA-256 is %s…, not %s…; fetch the " + "file again",
                    path, name, file.sha256().substring(0, 12), sha256.substring(0, 12));
        }
        return file;
    }
}
