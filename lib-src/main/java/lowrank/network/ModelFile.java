package lowrank.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;

/** Networks as DL4J's own model files: any DL4J program reads them. Written whole or not at all. */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Saves a network without its optimizer, in its own precision.
   *
   * @return the size of the file in bytes
   * @throws IOException if the folder cannot be written, or is full; an older file of that name is then still whole
   */
  public static long save(MultiLayerNetwork network, Path file) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      ModelSerializer.writeModel(network, partial.toFile(), false);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Files.size(file);
    } catch (IOException e) {
      throw new IOException("the network cannot be saved as " + file + " (" + e + "): make room there, or allow writing",
          e);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** The network in half precision, two bytes a number: for the file; {@link #load} computes in single again. */
  public static MultiLayerNetwork half(MultiLayerNetwork network) {
    return network.convertDataType(DataType.HALF);
  }

  /**
   * Reads a network, in single precision whatever that of the file.
   *
   * @throws IOException if the file is missing, or no whole DL4J model
   */
  public static MultiLayerNetwork load(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no file: give the path of a saved DL4J model");
    }
    MultiLayerNetwork network;
    try {
      network = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
    } catch (IOException | RuntimeException broken) {
      throw new IOException(file + " is no whole DL4J model (" + broken.getMessage() + "): delete it and save again",
          broken);
    }
    return network.getLayerWiseConfigurations().getDataType() == DataType.FLOAT
        ? network : network.convertDataType(DataType.FLOAT);
  }

  /** The size in bytes of the file that {@link #save} makes of a network. */
  public static long bytes(MultiLayerNetwork network) throws IOException {
    Path folder = Files.createTempDirectory("model");
    try {
      return save(network, folder.resolve("model.zip"));
    } finally {
      Files.deleteIfExists(folder.resolve("model.zip"));
      Files.delete(folder);
    }
  }
}
