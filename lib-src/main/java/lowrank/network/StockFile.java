package lowrank.network;

import java.io.DataInputStream;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.BaseDataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's own model files, read without its {@code ModelSerializer}, which deserializes any Java objects in a file, and
 * allocates as much memory as the file asks for.
 */
final class StockFile {
    private static final String PARAMETERS = "coefficients.bin";
    private static final int LONGEST_SHAPE = 100;
    private static final int FEWEST_BYTES = 2;

    private StockFile() {}

    static MultiLayerNetwork load(ModelZip zip) throws IOException {
        MultiLayerConfiguration configuration = zip.configuration(PARAMETERS, FEWEST_BYTES);
        try (DataInputStream in = zip.open(PARAMETERS)) {
            requireLength(in, ModelZip.parameters(configuration));
        }
        var network = new MultiLayerNetwork(configuration);
        try (DataInputStream in = zip.open(PARAMETERS)) {
            INDArray parameters = Nd4j.read(in);
            network.init(parameters.reshape(parameters.length()), true);
        }
        return network;
    }

    /** An array is written as two buffers, its shape and its numbers, each after a header. */
    private static void requireLength(DataInputStream in, long numbers) throws IOException {
        var shape = BaseDataBuffer.readHeader(in);
        if (shape.getSecond() < 0 || shape.getSecond() > LONGEST_SHAPE) {
            throw new IOException("has parameters of a shape of " + shape.getSecond() + " numbers: it was changed");
        }
        in.skipNBytes(shape.getSecond() * shape.getThird().width());
        long found = BaseDataBuffer.readHeader(in).getSecond();
        if (found != numbers) {
            throw new IOException(
                    "has a configuration of " + numbers + " parameters and " + found + " numbers: it was changed");
        }
    }
}
