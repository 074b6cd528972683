package lowrank;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lowrank.inference.Predictor;
import lowrank.network.FactorizedNetwork;
import lowrank.network.InputShape;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import lowrank.svd.ActivationAware;
import lowrank.svd.AwareStep;
import lowrank.svd.NetworkSvd;
import lowrank.svd.RankBudget;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A DL4J network and a smaller one that computes nearly the same outputs. This class is the main entry point of the
 * library.
 *
 * <p>Each hidden dense layer becomes two thin ones; a layer that would not get smaller stays as it is. Nothing is
 * trained, and no labels are needed. The result is a stock DL4J network, which {@code fit} can train further.
 *
 * @param original what was compressed; not modified
 * @param compressed the smaller network
 * @param remarks what to know about it, one sentence each: layers that stayed dense, settings that factors cannot have,
 *     and information that could not be used
 */
public record Compression(MultiLayerNetwork original, MultiLayerNetwork compressed, List<String> remarks) {

    /**
     * Compresses by the weights alone, with the truncated SVD of each hidden matrix ({@link NetworkSvd}).
     *
     * @param rank of all hidden layers, at least 1
     * @throws IllegalArgumentException if the network has no hidden dense layer, or a weight is not finite
     */
    public static Compression toRank(MultiLayerNetwork network, int rank) {
        return told(network, NetworkSvd.truncate(network, rank));
    }

    /**
     * Compresses by what the network does with real inputs ({@link ActivationAware}), which loses less at the same
     * size. If the network has only dense layers and a softmax, the gradient of the loss is used as well; if not,
     * {@link #remarks} says so.
     *
     * @param rank of all hidden layers, at least 1
     * @param inputs like those the network will see, one along the first dimension, in random order, float; 10,000 are
     *     enough on MNIST. Not modified
     * @throws IllegalArgumentException as {@link ActivationAware#of(MultiLayerNetwork, INDArray)}
     */
    public static Compression toRank(MultiLayerNetwork network, int rank, INDArray inputs) {
        return aware(network, inputs, aware -> told(network, aware.compress(rank)));
    }

    /**
     * Compresses the same way to a share of the parameters, with fewer neurons in each hidden layer and a separate rank
     * for each, chosen together ({@link ActivationAware#shape}). If the gradient of the loss cannot be used, only ranks
     * are chosen.
     *
     * @param share of the network's parameters that may be left, above 0, below 1
     * @throws IllegalArgumentException as {@link #toRank(MultiLayerNetwork, int, INDArray)}, or if the share is too
     *     small for rank 1
     */
    public static Compression toShare(MultiLayerNetwork network, double share, INDArray inputs) {
        RankBudget budget = RankBudget.share(network, share);
        boolean narrows = ActivationAware.furthest(network) == AwareStep.REVISITED;
        return aware(network, inputs, aware -> {
            if (!narrows) {
                Compression made = told(network, aware.compress(budget));
                made.remarks.add("hidden layers keep their widths: neurons are chosen by the gradient of the loss");
                return made;
            }
            Compression made = told(network, aware.compress(aware.shape(budget)));
            made.remarks.addAll(aware.narrowingRemarks());
            return made;
        });
    }

    private static Compression aware(
            MultiLayerNetwork network, INDArray inputs, Function<ActivationAware, Compression> compress) {
        AwareStep furthest = ActivationAware.furthest(network);
        try (ActivationAware aware = ActivationAware.of(network, inputs, furthest)) {
            Compression made = compress.apply(aware);
            aware.remark().ifPresent(made.remarks::add);
            if (furthest == AwareStep.SEQUENTIAL) {
                made.remarks.add(
                        "the gradient of the loss is not used: that needs a network of only dense layers and a softmax");
            }
            return made;
        }
    }

    private static Compression told(MultiLayerNetwork network, MultiLayerNetwork compressed) {
        List<String> remarks = new ArrayList<>(FactorizedNetwork.stayedDense(compressed));
        remarks.addAll(FactorizedNetwork.notCarried(network));
        return new Compression(network, compressed, remarks);
    }

    /** The number of parameters that are left, as a share of the original number. */
    public double share() {
        return (double) compressed.numParams() / original.numParams();
    }

    /**
     * What was lost: {@code ‖y − ŷ‖F / ‖y‖F} for the outputs of both networks, 0 if they are equal.
     *
     * @param inputs one along the first dimension; preferably not those used for compression
     * @throws IllegalArgumentException if they do not have the shape that the network expects
     */
    public double outputError(INDArray inputs) {
        InputShape.require(original, inputs);
        INDArray before = original.output(inputs);
        return before.distance2(compressed.output(inputs))
                / before.norm2Number().doubleValue();
    }

    /**
     * Saves the smaller network and returns the number of bytes. DL4J loads float32 and float16 files without this
     * library.
     */
    public long save(Path file, Precision precision) throws IOException {
        return ModelFile.save(compressed, file, precision);
    }

    /** Fast predictions of the smaller network, if it has only dense layers. */
    public Predictor predictor() {
        return Predictor.of(compressed);
    }

    /** Parameters before and after, rank and new width of each hidden layer, and the remarks, a line each. */
    @Override
    public String toString() {
        List<Integer> widths = FactorizedNetwork.widths(compressed);
        String sizes = String.format(
                "%,d of %,d parameters (%.2f %%), ranks %s%s",
                compressed.numParams(),
                original.numParams(),
                100 * share(),
                FactorizedNetwork.ranks(compressed),
                widths.equals(FactorizedNetwork.widths(original)) ? "" : ", widths " + widths);
        return Stream.concat(Stream.of(sizes), remarks.stream()).collect(Collectors.joining("\n"));
    }
}
