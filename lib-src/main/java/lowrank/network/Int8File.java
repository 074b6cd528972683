package lowrank.network;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks with one byte per number: a zip of DL4J's configuration and {@code parameters.int8}.
 *
 * <p>After a magic number, a version and the number of parameters, each array of parameters is written as its scales
 * (float32) and then its integers (int8, column by column); a number is {@code scale · integer}, the integer from −127
 * to 127. A matrix has one scale for each row or each column, whichever are fewer: for the factors of a layer that is
 * one for each of its r components, and for a bias a single one. The scale is the largest magnitude of its row or
 * column, divided by 127, so the rounding error of a number is at most half a scale.
 */
final class Int8File {
    private static final String PARAMETERS = "parameters.int8";
    private static final int MAGIC = 0x4c524938; // LRI8
    private static final int VERSION = 1;
    private static final int LARGEST = 127;

    private Int8File() {}

    static boolean is(ModelZip zip) {
        return zip.has(PARAMETERS);
    }

    /** @throws IllegalArgumentException if a parameter is not finite; the file is then incomplete */
    static void save(MultiLayerNetwork network, Path file) throws IOException {
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            zip.putNextEntry(new ZipEntry(ModelZip.CONFIGURATION));
            zip.write(network.getLayerWiseConfigurations().toJson().getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(PARAMETERS));
            var out = new DataOutputStream(zip);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(network.numParams());
            for (INDArray array : arrays(network)) {
                write(array, out);
            }
            out.flush();
        }
    }

    static MultiLayerNetwork load(ModelZip zip) throws IOException {
        MultiLayerConfiguration configuration = zip.configuration(PARAMETERS, 1);
        try (DataInputStream in = zip.open(PARAMETERS)) {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IOException("has " + PARAMETERS + " in another form than version " + VERSION
                        + " of this library writes: save it anew");
            }
            long numbers = in.readLong();
            if (numbers != ModelZip.parameters(configuration)) {
                throw new IOException("has a configuration of " + ModelZip.parameters(configuration)
                        + " parameters and " + numbers + " numbers: it was changed");
            }
            var network = new MultiLayerNetwork(configuration);
            network.init();
            for (INDArray array : arrays(network)) {
                read(array, in);
            }
            if (in.read() >= 0) {
                throw new IOException("goes on after its parameters: it was changed");
            }
            return network;
        } catch (EOFException e) {
            throw new IOException("ends before its parameters do: copy it again", e);
        }
    }

    /** The arrays of parameters as matrices, from input to output, as views. */
    private static List<INDArray> arrays(MultiLayerNetwork network) {
        List<INDArray> arrays = new ArrayList<>();
        for (var layer : network.getLayers()) {
            layer.paramTable()
                    .values()
                    .forEach(array -> arrays.add(array.rank() == 2 ? array : array.reshape(1, array.length())));
        }
        return arrays;
    }

    private static void write(INDArray array, DataOutputStream out) throws IOException {
        boolean byRow = array.rows() < array.columns();
        float[] values = array.dup('f').data().asFloat();
        for (float value : values) { // each one: ND4J's largest magnitude ignores NaN
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("the network holds NaN or infinite numbers, which int8 cannot keep:"
                        + " save one that has not diverged");
            }
        }
        float[] scales = array.amax(byRow ? 1 : 0).div(LARGEST).toFloatVector();
        for (float scale : scales) {
            out.writeFloat(scale);
        }
        byte[] integers = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float scale = scales[byRow ? i % array.rows() : i / array.rows()];
            integers[i] = (byte) (scale == 0 ? 0 : Math.round(values[i] / scale));
        }
        out.write(integers);
    }

    private static void read(INDArray array, DataInputStream in) throws IOException {
        int rows = array.rows();
        boolean byRow = rows < array.columns();
        float[] scales = new float[byRow ? rows : array.columns()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = in.readFloat();
        }
        byte[] integers = in.readNBytes(Math.toIntExact(array.length()));
        if (integers.length < array.length()) {
            throw new EOFException();
        }
        float[] values = new float[integers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = integers[i] * scales[byRow ? i % rows : i / rows];
        }
        array.assign(Nd4j.create(values, array.shape(), 'f'));
    }
}
