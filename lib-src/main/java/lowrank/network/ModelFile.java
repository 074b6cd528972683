package lowrank.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Networks in files, written completely or not at all. In float32 and float16 they are DL4J's own model files, which
 * any DL4J program can read; int8 and int4 files can be read only by {@link #load}.
 */
public final class ModelFile {
    private static final float LARGEST_HALF = 65504;

    private ModelFile() {}

    /**
     * Saves a network without its optimizer, in its own precision.
     *
     * @return the size of the file in bytes
     * @throws IOException if the folder cannot be written to, or is full; an older file of that name is then unchanged
     */
    public static long save(MultiLayerNetwork network, Path file) throws IOException {
        return save(file, partial -> ModelSerializer.writeModel(network, partial.toFile(), false));
    }

    /**
     * Saves a network of float32 numbers without its optimizer, in the given precision.
     *
     * @return the size of the file in bytes
     * @throws IOException as {@link #save(MultiLayerNetwork, Path)}
     * @throws IllegalArgumentException if a number is not finite in int4, int8 or float16, or too large for float16; an
     *     older file is then unchanged
     */
    public static long save(MultiLayerNetwork network, Path file, Precision precision) throws IOException {
        return switch (precision) {
            case FLOAT32 -> save(network, file);
            case FLOAT16 -> save(half(network), file);
            case INT8 -> save(file, partial -> Int8File.save(network, partial, Int8File.LARGEST_INT8));
            case INT4 -> save(file, partial -> Int8File.save(network, partial, Int8File.LARGEST_INT4));
        };
    }

    private static long save(Path file, AtomicFile.Writing writing) throws IOException {
        try {
            AtomicFile.replace(file, writing);
            return Files.size(file);
        } catch (IOException e) {
            throw new IOException(
                    "the network cannot be saved as " + file + " (" + e + "): make room there, or allow writing", e);
        }
    }

    /**
     * The network in half precision, two bytes per number, for a file; after {@link #load} it computes in single
     * precision again.
     *
     * @throws IllegalArgumentException if a number is not finite, or above {@value #LARGEST_HALF} in magnitude
     */
    public static MultiLayerNetwork half(MultiLayerNetwork network) {
        for (var layer : network.getLayers()) {
            layer.paramTable()
                    .values()
                    .forEach(array -> requireHalf(layer, array.dup().data().asFloat()));
        }
        return network.convertDataType(DataType.FLOAT16);
    }

    private static void requireHalf(Layer layer, float[] numbers) {
        for (float number : numbers) {
            if (!(Math.abs(number) <= LARGEST_HALF)) {
                throw new IllegalArgumentException("layer " + layer.getIndex() + " ("
                        + layer.conf().getLayer().getLayerName()
                        + ") holds " + number + ", and float16 ends at " + LARGEST_HALF
                        + ": save it in FLOAT32, or a network that has not diverged");
            }
        }
    }

    /**
     * Reads a network, in single precision whatever the precision of the file. Files from unknown sources are safe to
     * read: nothing in them is run, and they take no more memory than their size allows. Optimizer and data normalizer
     * are not read.
     *
     * @throws IOException if the file is missing or damaged, is another kind of file, names classes that are neither
     *     DL4J's nor this library's, or contains Java objects; the message says which, and what to do
     */
    public static MultiLayerNetwork load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file: give the path of a saved model");
        }
        MultiLayerNetwork network;
        try (ModelZip zip = new ModelZip(file)) {
            network = Int8File.is(zip) ? Int8File.load(zip) : StockFile.load(zip);
        } catch (IOException e) {
            throw new IOException(file + " " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IOException(
                    file + " is no whole model (" + e.getMessage() + "): copy it again, or save it anew", e);
        }
        return network.getLayerWiseConfigurations().getDataType() == DataType.FLOAT
                ? network
                : network.convertDataType(DataType.FLOAT);
    }
}
