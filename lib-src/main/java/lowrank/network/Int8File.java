package lowrank.network;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Networks with integers for numbers: a zip of DL4J's configuration and {@code parameters.int8}.
 *
 * <p>A number is {@code scale · integer}. A matrix has one scale for each row or each column, whichever are fewer: for
 * the factors of a layer that is one for each of its r components, and for a bias a single one. The scale is the
 * largest magnitude of its row or column, divided by the largest integer and rounded up to nine significant bits, so
 * the rounding error of a number is at most half a scale.
 *
 * <p>After a magic number, a version and the number of parameters come all scales (the first sixteen bits of a float32
 * behind its sign), and then all integers (a byte each, column by column): first those of arrays with a single row,
 * such as biases, from −127 to 127, then those of matrices, in Huffman's code, which makes small integers short.
 * Version 1 had the scales of each array, as float32, in front of its integers.
 */
final class Int8File {
    static final int LARGEST_INT8 = 127;
    static final int LARGEST_INT4 = 7;

    private static final String PARAMETERS = "parameters.int8";
    private static final int MAGIC = 0x4c524938; // LRI8
    private static final int VERSION = 2;
    private static final int SCALE_SHIFT = 15;
    private static final int BELOW_SCALE = (1 << SCALE_SHIFT) - 1;

    private Int8File() {}

    static boolean is(ModelZip zip) {
        return zip.has(PARAMETERS);
    }

    /**
     * @param largest integer of a matrix, 1 to 127
     * @throws IllegalArgumentException if a parameter is not finite; the file is then incomplete
     */
    static void save(MultiLayerNetwork network, Path file, int largest) throws IOException {
        try (var zip = new Zip(new BufferedOutputStream(Files.newOutputStream(file)))) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            zip.putNextEntry(new ZipEntry(ModelZip.CONFIGURATION));
            String json = network.getLayerWiseConfigurations().toJson();
            zip.write(new ObjectMapper().readTree(json).toString().getBytes(StandardCharsets.UTF_8)); // without blanks
            zip.putNextEntry(new ZipEntry(PARAMETERS));
            var out = new DataOutputStream(zip);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(network.numParams());
            List<INDArray> arrays = arrays(network, VERSION);
            List<Integers> integers =
                    arrays.stream().map(array -> Integers.of(array, largest)).toList();
            for (Integers each : integers) {
                for (float scale : each.scales) {
                    out.writeShort(Float.floatToIntBits(scale) >> SCALE_SHIFT);
                }
            }
            long rows = arrays.stream().filter(array -> array.rows() == 1).count();
            for (int i = 0; i < arrays.size(); i++) {
                if (i == rows) {
                    zip.matricesFollow();
                }
                out.write(integers.get(i).codes);
            }
        }
    }

    private static final class Zip extends ZipOutputStream {
        Zip(OutputStream out) {
            super(out);
        }

        /** Begins a block with a code of its own; in matrices there are no repetitions to search for. */
        void matricesFollow() throws IOException {
            def.setStrategy(Deflater.HUFFMAN_ONLY);
            for (int length = -1; length != 0; out.write(buf, 0, length)) { // input that waits keeps the old strategy
                length = def.deflate(buf, 0, buf.length, Deflater.SYNC_FLUSH);
            }
        }
    }

    static MultiLayerNetwork load(ModelZip zip) throws IOException {
        MultiLayerConfiguration configuration = zip.configuration(PARAMETERS, 1);
        try (DataInputStream in = zip.open(PARAMETERS)) {
            int magic = in.readInt();
            int version = in.readInt();
            if (magic != MAGIC || version < 1 || version > VERSION) {
                throw new IOException("has " + PARAMETERS + " in another form than versions 1 to " + VERSION
                        + " of this library's: save it anew");
            }
            long numbers = in.readLong();
            if (numbers != ModelZip.parameters(configuration)) {
                throw new IOException("has a configuration of " + ModelZip.parameters(configuration)
                        + " parameters and " + numbers + " numbers: it was changed");
            }
            var network = new MultiLayerNetwork(configuration);
            network.init();
            List<INDArray> arrays = arrays(network, version);
            var scales = new ArrayDeque<float[]>();
            if (version > 1) {
                for (INDArray array : arrays) {
                    scales.add(scales(array, in, version));
                }
            }
            for (INDArray array : arrays) {
                float[] its = version > 1 ? scales.remove() : scales(array, in, version);
                byte[] codes = in.readNBytes(Math.toIntExact(array.length()));
                if (codes.length < array.length()) {
                    throw new EOFException();
                }
                array.assign(new Integers(its, codes).in(array));
            }
            if (in.read() >= 0) {
                throw new IOException("goes on after its parameters: it was changed");
            }
            return network;
        } catch (EOFException e) {
            throw new IOException("ends before its parameters do: copy it again", e);
        }
    }

    /** The arrays of parameters as matrices, in the order of the file, as views. */
    private static List<INDArray> arrays(MultiLayerNetwork network, int version) {
        List<INDArray> arrays = new ArrayList<>();
        for (var layer : network.getLayers()) {
            layer.paramTable()
                    .values()
                    .forEach(array -> arrays.add(array.rank() == 2 ? array : array.reshape(1, array.length())));
        }
        if (version > 1) {
            arrays.sort(Comparator.comparing(array -> array.rows() > 1));
        }
        return arrays;
    }

    private static float[] scales(INDArray array, DataInputStream in, int version) throws IOException {
        float[] scales = new float[Math.min(array.rows(), array.columns())];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = version == 1 ? in.readFloat() : Float.intBitsToFloat(in.readUnsignedShort() << SCALE_SHIFT);
        }
        return scales;
    }

    /**
     * An array in the form of the file.
     *
     * @param scales of its rows or its columns
     * @param codes its integers, column by column
     */
    record Integers(float[] scales, byte[] codes) {
        /**
         * @param largest integer of a matrix
         * @throws IllegalArgumentException if a number is not finite
         */
        static Integers of(INDArray array, int largest) {
            float[] values = array.dup('f').data().asFloat();
            float[] scales = new float[Math.min(array.rows(), array.columns())];
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new IllegalArgumentException(
                            "the network holds NaN or infinite numbers, which integers cannot keep:"
                                    + " save one that has not diverged");
                }
                scales[line(array, i)] = Math.max(scales[line(array, i)], Math.abs(values[i]));
            }
            for (int i = 0; i < scales.length; i++) {
                float exact = scales[i] / (array.rows() == 1 ? LARGEST_INT8 : largest);
                scales[i] = Float.intBitsToFloat(Float.floatToIntBits(exact) + BELOW_SCALE & ~BELOW_SCALE);
            }
            byte[] codes = new byte[values.length];
            for (int i = 0; i < codes.length; i++) {
                float scale = scales[line(array, i)];
                codes[i] = (byte) (scale == 0 ? 0 : Math.round(values[i] / scale));
            }
            return new Integers(scales, codes);
        }

        /** The numbers they stand for, in the shape of an array. */
        INDArray in(INDArray array) {
            float[] values = new float[codes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = codes[i] * scales[line(array, i)];
            }
            return Nd4j.create(values, array.shape(), 'f');
        }

        /** The row or column of a number that shares its scale. */
        private static int line(INDArray array, int number) {
            return array.rows() < array.columns() ? number % array.rows() : number / array.rows();
        }
    }
}
