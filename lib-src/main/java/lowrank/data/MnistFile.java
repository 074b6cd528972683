package lowrank.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the four files of the MNIST database (LeCun, Cortes and Burges 1998), and what proves it is it.
 *
 * @param name of the unpacked file, as published
 * @param packedSize bytes of the published .gz file
 * @param packedSha256 of the published .gz file
 * @param sha256 of the unpacked file
 */
record MnistFile(String name, long packedSize, String packedSha256, String sha256) {
    static final MnistFile TRAIN_IMAGES = new MnistFile(
            "train-images-idx3-ubyte",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
    static final MnistFile TRAIN_LABELS = new MnistFile(
            "train-labels-idx1-ubyte",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
    static final MnistFile TEST_IMAGES = new MnistFile(
            "t10k-images-idx3-ubyte",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
    static final MnistFile TEST_LABELS = new MnistFile(
            "t10k-labels-idx1-ubyte",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");
    static final List<MnistFile> ALL = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    String packedName() {
        return name + ".gz";
    }

    /**
     * Where the file is in a folder: packed or not, under the published name or the dotted one
     * (train-images.idx3-ubyte) that some programs unpack to.
     *
     * @throws FileNotFoundException if it is there under none of its four names
     */
    Path in(Path folder) throws IOException {
        String dotted = name.replace("-idx", ".idx");
        return Stream.of(packedName(), name, dotted + ".gz", dotted)
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() ->
                        new FileNotFoundException("%s has neither %s nor %s: put it there, or name a folder that has it"
                                .formatted(folder, packedName(), name)));
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
