package lowrank.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Networks in files, written whole or not at all. In float32 and float16 they are DL4J's own model files, which any
 * DL4J program reads; in int8 they are read by {@link #load} alone.
 */
public final class ModelFile {
    private ModelFile() {}

    /**
     * Saves a network without its optimizer, in its own precision.
     *
     * @return the size of the file in bytes
     * @throws IOException if the folder cannot be written, or is full; an older file of that name is then still whole
     */
    public static long save(MultiLayerNetwork network, Path file) throws IOException {
        return save(file, partial -> ModelSerializer.writeModel(network, partial.toFile(), false));
    }

    /**
     * Saves a network of float32 numbers without its optimizer, in a precision of choice.
     *
     * @return the size of the file in bytes
     * @throws IOException as {@link #save(MultiLayerNetwork, Path)}
     * @throws IllegalArgumentException if a number is not finite, in int8; an older file is then still whole
     */
    public static long save(MultiLayerNetwork network, Path file, Precision precision) throws IOException {
        return switch (precision) {
            case FLOAT32 -> save(network, file);
            case FLOAT16 -> save(half(network), file);
            case INT8 -> save(file, partial -> Int8File.save(network, partial));
        };
    }

    private interface Writing {
        void to(Path partial) throws IOException;
    }

    private static long save(Path file, Writing writing) throws IOException {
        Path partial = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            writing.to(partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Files.size(file);
        } catch (IOException e) {
            throw new IOException(
                    "the network cannot be saved as " + file + " (" + e + "): make room there, or allow writing", e);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** The network in half precision, two bytes a number: for the file; {@link #load} computes in single again. */
    public static MultiLayerNetwork half(MultiLayerNetwork network) {
        return network.convertDataType(DataType.FLOAT16);
    }

    /**
     * Reads a network, in single precision whatever that of the file.
     *
     * @throws IOException if the file is missing, or no whole model
     */
    public static MultiLayerNetwork load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file: give the path of a saved model");
        }
        MultiLayerNetwork network;
        try {
            network = Int8File.is(file)
                    ? Int8File.load(file)
                    : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
        } catch (IOException | RuntimeException broken) {
            throw new IOException(
                    file + " is no whole model (" + broken.getMessage() + "): delete it and save again", broken);
        }
        return network.getLayerWiseConfigurations().getDataType() == DataType.FLOAT
                ? network
                : network.convertDataType(DataType.FLOAT);
    }
}
