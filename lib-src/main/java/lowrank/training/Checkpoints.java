package lowrank.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import lowrank.data.DigitData;
import lowrank.linalg.Blas;
import lowrank.network.AtomicFile;
import lowrank.network.ModelFile;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Trained networks kept in a folder, so that nothing is trained twice.
 *
 * <p>The name of a file depends on everything it was trained from: the starting network with its weights, the plan, the
 * teacher, the data, the seed, and the version of the training code. Another plan gives another file. The name does not
 * depend on the machine, although other kernels or another number of threads round differently. So each file records
 * what it was computed with, and a notice is given at the first one that other kernels computed; the number of threads
 * changes within a run, see {@link SideBySide}. Each file is a DL4J model that holds this record, the key and the
 * training history beside the weights. It is written completely or not at all. A network whose file is broken or has
 * another key is trained again, and a notice says so.
 *
 * <p>Several threads may use it at the same time.
 */
public final class Checkpoints {
    /** Increase it whenever the same plan gives a different network than before. */
    private static final int TRAINING_VERSION = 5;

    private static final String HISTORY = "history.csv";
    private static final String KEY = "key.txt";
    private static final String MADE_BY = "made-by.txt";
    private static final int KEY_IN_NAME = 12;
    private static final int BYTES_A_NUMBER = 5;

    private final Path folder;
    private final Consumer<String> notices;
    /** Bytes of the files that trainings going on will write. */
    private final AtomicLong promised = new AtomicLong();

    private boolean told;

    /**
     * @param folder made when the first file is written
     * @param notices told when a file is found broken
     */
    public Checkpoints(Path folder, Consumer<String> notices) {
        this.folder = folder;
        this.notices = notices;
    }

    /** The network trained on the labels; see the longer form. */
    public TrainedNetwork trained(
            String name, MultiLayerNetwork start, TrainingPlan plan, DigitData data, long seed, Progress progress) {
        return trained(name, start, plan, Optional.empty(), data, seed, progress);
    }

    /**
     * The network that {@link TrainingLoop#train} gives: loaded from the folder if it is there, otherwise trained now
     * and saved.
     *
     * @param name for people, the first part of the file's name: letters, digits, dots and dashes
     * @param start where training begins; not modified
     * @param teacher whose output is learned instead of the labels, if any
     * @param progress receives the progress of the training, or that the network was loaded
     * @throws UncheckedIOException if the trained network cannot be saved
     */
    public TrainedNetwork trained(
            String name,
            MultiLayerNetwork start,
            TrainingPlan plan,
            Optional<Teacher> teacher,
            DigitData data,
            long seed,
            Progress progress) {
        String key = key(start, plan, teacher, data, seed);
        Path file = folder.resolve(name + "-seed" + seed + "-" + key.substring(0, KEY_IN_NAME) + ".zip");
        if (Files.exists(file)) {
            try {
                TrainedNetwork trained = read(file, key, seed);
                progress.kept(trained.history());
                return trained;
            } catch (IOException | RuntimeException broken) {
                notices.accept("The checkpoint " + file.getFileName() + " cannot be used (" + broken.getMessage()
                        + "): training it again.");
            }
        }
        long bytes = start.numParams() * BYTES_A_NUMBER;
        try {
            requireRoom(promised.addAndGet(bytes));
            TrainedNetwork trained =
                    TrainingLoop.train(start, plan, teacher, data.train(), data.validation(), seed, progress);
            keep(trained, key, file);
            return trained;
        } finally {
            promised.addAndGet(-bytes);
        }
    }

    private TrainedNetwork read(Path file, String key, long seed) throws IOException {
        MultiLayerNetwork network = ModelFile.load(file);
        try (var zip = FileSystems.newFileSystem(file)) {
            if (!Files.readString(zip.getPath(KEY)).equals(key)) {
                throw new IOException("it is of another plan");
            }
            tell(file, zip.getPath(MADE_BY));
            return new TrainedNetwork(seed, network, TrainingHistory.parse(Files.readString(zip.getPath(HISTORY))));
        }
    }

    private synchronized void tell(Path file, Path madeBy) throws IOException {
        if (!told && Files.exists(madeBy) && !kernels(Files.readString(madeBy)).equals(kernels(Blas.computer()))) {
            told = true;
            notices.accept("Networks kept from an earlier run were trained by " + Files.readString(madeBy) + ", as "
                    + file.getFileName() + "; this run computes with " + Blas.computer()
                    + ", which rounds differently.");
        }
    }

    private static String kernels(String computer) {
        return computer.replaceFirst(", \\d+ threads?$", "");
    }

    /** Checked before minutes of training, not after. */
    private void requireRoom(long bytes) {
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new IOException("it cannot be written");
            }
            long room = Files.getFileStore(folder).getUsableSpace();
            if (room < bytes) {
                throw new IOException("it has room for " + room + " bytes, " + bytes + " are needed");
            }
        } catch (IOException e) {
            throw unkept(folder, e);
        }
    }

    private static void keep(TrainedNetwork trained, String key, Path file) {
        try {
            AtomicFile.replace(file, part -> {
                ModelFile.save(trained.network(), part);
                try (var zip = FileSystems.newFileSystem(part)) {
                    Files.writeString(zip.getPath(KEY), key);
                    Files.writeString(zip.getPath(MADE_BY), Blas.computer());
                    Files.writeString(zip.getPath(HISTORY), trained.history().toString());
                }
            });
        } catch (IOException e) {
            throw unkept(file, e);
        }
    }

    private static UncheckedIOException unkept(Path where, IOException e) {
        return new UncheckedIOException(
                "trained networks cannot be kept in " + where + " (" + e.getMessage()
                        + "): make room there, allow writing, or name another folder",
                e);
    }

    private static String key(
            MultiLayerNetwork start, TrainingPlan plan, Optional<Teacher> teacher, DigitData data, long seed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String words = start.getLayerWiseConfigurations().toJson() + plan + data.name() + data.sha256()
                    + data.train().size() + " " + data.validation().size() + " " + seed + " " + TRAINING_VERSION;
            digest.update(words.getBytes(StandardCharsets.UTF_8));
            digest.update(weights(start));
            teacher.ifPresent(known -> {
                digest.update(("teacher at " + known.temperature()).getBytes(StandardCharsets.UTF_8));
                digest.update(weights(known.network()));
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static ByteBuffer weights(MultiLayerNetwork network) {
        ByteBuffer weights =
                ByteBuffer.allocate(Math.toIntExact(4 * network.params().length()));
        weights.asFloatBuffer().put(network.params().data().asFloat());
        return weights;
    }
}
