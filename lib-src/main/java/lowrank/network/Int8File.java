package lowrank.network;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks with one byte a number: a zip of DL4J's configuration and of {@code parameters.int8}.
 *
 * <p>Each array of parameters is written as its scales (float32) and then its integers (int8, column by column); a
 * number is {@code scale · integer}, the integer from −127 to 127. A matrix has one scale for each row or each column,
 * whichever are fewer: for the factors of a layer that is one for each of its r components, for a bias one in all. The
 * scale is the largest magnitude of its row or column, divided by 127, so a number is off by at most half a scale.
 */
final class Int8File {
    private static final String CONFIGURATION = "configuration.json";
    private static final String PARAMETERS = "parameters.int8";
    private static final int LARGEST = 127;

    private Int8File() {}

    static boolean is(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry(PARAMETERS) != null;
        }
    }

    /** @throws IllegalArgumentException if a parameter is not finite; the file is then not whole */
    static void save(MultiLayerNetwork network, Path file) throws IOException {
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            zip.putNextEntry(new ZipEntry(CONFIGURATION));
            zip.write(network.getLayerWiseConfigurations().toJson().getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(PARAMETERS));
            var out = new DataOutputStream(zip);
            for (INDArray array : arrays(network)) {
                write(array, out);
            }
            out.flush();
        }
    }

    static MultiLayerNetwork load(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String json =
                    new String(zip.getInputStream(zip.getEntry(CONFIGURATION)).readAllBytes(), StandardCharsets.UTF_8);
            var network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
            network.init();
            try (var in = new DataInputStream(new BufferedInputStream(zip.getInputStream(zip.getEntry(PARAMETERS))))) {
                for (INDArray array : arrays(network)) {
                    read(array, in);
                }
            }
            return network;
        }
    }

    /** The arrays of parameters as matrices, from input to output: views. */
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
        for (float value : values) { // of each one: ND4J's largest magnitude passes over NaN
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
            throw new IOException("it ends before its parameters do");
        }
        float[] values = new float[integers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = integers[i] * scales[byRow ? i % rows : i / rows];
        }
        array.assign(Nd4j.create(values, array.shape(), 'f'));
    }
}
