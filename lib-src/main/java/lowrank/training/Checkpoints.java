package lowrank.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import lowrank.data.DigitData;
import lowrank.network.ModelFile;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Trained networks kept in a folder, so that nothing is trained twice.
 *
 * <p>A file is named by all that determines it: the starting network with its weights, the plan, the data and the
 * seed. Another plan is another file. Each is a DL4J model with the training history beside the weights, written whole
 * or not at all; a broken one is trained again, and that is said.
 */
public final class Checkpoints {
  private static final String HISTORY = "history.csv";

  private final Path folder;
  private final Consumer<String> notices;

  /**
   * @param folder made when the first file is written
   * @param notices told when a file is found broken
   */
  public Checkpoints(Path folder, Consumer<String> notices) {
    this.folder = folder;
    this.notices = notices;
  }

  /**
   * The network that {@link TrainingLoop#train} gives: from the folder if it is there, else trained now and kept.
   *
   * @param name for people, the first part of the file's name: letters, digits, dots and dashes
   * @param start where training begins; not modified
   * @param progress told of the training, or that it was kept
   * @throws UncheckedIOException if the trained network cannot be kept
   */
  public Trained trained(String name, MultiLayerNetwork start, TrainingPlan plan, DigitData data, long seed,
      Progress progress) {
    Path file = folder.resolve(name + "-seed" + seed + "-" + key(start, plan, data, seed) + ".zip");
    if (Files.exists(file)) {
      try {
        var trained = new Trained(seed, ModelFile.load(file), history(file));
        progress.kept(trained.history());
        return trained;
      } catch (IOException | RuntimeException broken) {
        notices.accept("The checkpoint " + file.getFileName() + " cannot be read (" + broken.getMessage()
            + "): training it again.");
      }
    }
    Trained trained = TrainingLoop.train(start, plan, data.train(), data.validation(), seed, progress);
    keep(trained, file);
    return trained;
  }

  private static TrainingHistory history(Path file) throws IOException {
    try (var zip = FileSystems.newFileSystem(file)) {
      return TrainingHistory.parse(Files.readString(zip.getPath(HISTORY)));
    }
  }

  private static void keep(Trained trained, Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      ModelFile.save(trained.network(), partial);
      try (var zip = FileSystems.newFileSystem(partial)) {
        Files.writeString(zip.getPath(HISTORY), trained.history().toString());
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the trained network cannot be kept as " + file
          + ": make room there, or allow writing", e);
    }
  }

  private static String key(MultiLayerNetwork start, TrainingPlan plan, DigitData data, long seed) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String words = start.getLayerWiseConfigurations().toJson() + plan + data.name() + data.sha256()
          + data.train().size() + " " + data.validation().size() + " " + seed;
      digest.update(words.getBytes(StandardCharsets.UTF_8));
      ByteBuffer weights = ByteBuffer.allocate(Math.toIntExact(4 * start.params().length()));
      weights.asFloatBuffer().put(start.params().data().asFloat());
      digest.update(weights);
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
