package lowrank.network;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * A zip with DL4J's configuration of a network, from any source: nothing in it is run, and no more memory is taken than
 * its size allows. Its error messages are meant to follow the name of the file.
 */
final class ModelZip implements AutoCloseable {
    static final String CONFIGURATION = "configuration.json";

    private static final int LONGEST_CONFIGURATION = 16 << 20;
    private static final int JAVA_SERIALIZED = 0xaced;
    /** The packages whose classes a configuration may name. */
    private static final List<String> KNOWN = List.of("org.deeplearning4j.", "org.nd4j.", "lowrank.");

    private static final Pattern QUALIFIED = Pattern.compile("\\w+(\\.\\w+)*\\.[\\w$]+");

    /** Deflate cannot compress anything to less than this share, whatever a zip says about its entries. */
    private static final int MOST_PACKED = 1040;

    private final ZipFile zip;
    private final long most;

    /**
     * @throws IOException if the file is of another kind, is damaged, or has an entry that would run code; the message
     *     says which
     */
    ModelZip(Path file) throws IOException {
        requireZip(file);
        most = MOST_PACKED * Files.size(file);
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new IOException(
                    "is a zip that is cut off or damaged (" + e.getMessage() + "): copy or load it down again", e);
        }
        try {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                requireNotSerialized(entry);
            }
            if (!has(CONFIGURATION)) {
                throw new IOException("is a zip without " + CONFIGURATION + ", so none that DL4J wrote"
                        + (zip.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"))
                                ? " but one of PyTorch: export it to ONNX or Keras, and import that"
                                : ": give a file of MultiLayerNetwork.save or ModelFile.save"));
            }
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static void requireZip(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(4);
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (start.length == 0) {
            throw new IOException("is empty, 0 bytes: copy it again");
        }
        if (text.startsWith("\u0089HDF")) {
            throw new IOException(
                    "is an HDF5 file, as Keras writes: import it by DL4J's KerasModelImport, and save that");
        }
        if (text.startsWith("\u001f\u008b")) {
            throw new IOException("is packed by gzip: unpack it first");
        }
        if (!text.startsWith("PK")) {
            throw new IOException(
                    "is no zip, so no model of DL4J: give a file of MultiLayerNetwork.save or ModelFile.save");
        }
    }

    private void requireNotSerialized(ZipEntry entry) throws IOException {
        byte[] start;
        try (InputStream in = zip.getInputStream(entry)) {
            start = in.readNBytes(2);
        }
        boolean serialized = start.length == 2 && ((start[0] & 0xff) << 8 | start[1] & 0xff) == JAVA_SERIALIZED;
        if (serialized || entry.getName().equals("preprocessor.bin")) {
            throw new IOException(
                    "has the entry " + entry.getName() + ", which Java's deserialization would read, and that can"
                            + " run code: save the network alone, by MultiLayerNetwork.save(file, false), and its preprocessor apart");
        }
    }

    boolean has(String name) {
        return zip.getEntry(name) != null;
    }

    /** An existing entry; the caller closes it. */
    DataInputStream open(String name) throws IOException {
        return new DataInputStream(new BufferedInputStream(zip.getInputStream(zip.getEntry(name)), 1 << 16));
    }

    /**
     * The configuration.
     *
     * @param bytesPerNumber the fewest that the parameters take in {@code parameters}
     * @throws IOException if it is too long, names a foreign class, or belongs to a graph or to a network with more
     *     parameters than the entry can hold
     */
    MultiLayerConfiguration configuration(String parameters, int bytesPerNumber) throws IOException {
        byte[] json;
        try (InputStream in = open(CONFIGURATION)) {
            json = in.readNBytes(LONGEST_CONFIGURATION + 1);
        }
        if (json.length > LONGEST_CONFIGURATION) {
            throw new IOException(
                    "has a configuration above " + LONGEST_CONFIGURATION + " bytes: no network needs that");
        }
        requireKnown(json);
        var configuration = MultiLayerConfiguration.fromJson(new String(json, StandardCharsets.UTF_8));
        long numbers = parameters(configuration);
        long bytes = Math.min(
                zip.getEntry(parameters) == null ? 0 : zip.getEntry(parameters).getSize(), most);
        if (numbers > bytes / bytesPerNumber) {
            throw new IOException("has a configuration of " + numbers + " parameters, and " + bytes
                    + " bytes of them in " + parameters + ": it is cut off, or was changed");
        }
        return configuration;
    }

    /** The number of parameters of a network with this configuration. */
    static long parameters(MultiLayerConfiguration configuration) {
        return configuration.getConfs().stream().mapToLong(ModelZip::parameters).reduce(0, Math::addExact);
    }

    private static long parameters(NeuralNetConfiguration layer) {
        return layer.getLayer().initializer().numParams(layer);
    }

    /** Reads token by token, so that a name that occurs twice is checked twice. */
    private static void requireKnown(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            int depth = 0;
            JsonToken before = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                // An object may also be written as ["its.Class", {…}].
                if (before == JsonToken.START_ARRAY
                        && token == JsonToken.VALUE_STRING
                        && QUALIFIED.matcher(parser.getText()).matches()) {
                    requireKnown(parser.getText());
                }
                before = token;
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                String field = parser.getCurrentName();
                if (depth == 1 && field.equals("vertices")) {
                    throw new IOException("is a ComputationGraph, and only a MultiLayerNetwork is taken: load it by"
                            + " ComputationGraph.load, and build its layers in a row");
                }
                if (field.equals("@class") && parser.nextToken() == JsonToken.VALUE_STRING) {
                    requireKnown(parser.getText());
                }
            }
        }
    }

    private static void requireKnown(String type) throws IOException {
        if (KNOWN.stream().noneMatch(type::startsWith)) {
            throw new IOException(
                    "names the class " + type + ", which is neither DL4J's nor this library's, and loading it can"
                            + " run code: load it by MultiLayerNetwork.load if you trust it, and pass the network on");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
