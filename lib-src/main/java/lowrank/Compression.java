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
 * A DL4J network, and a smaller one that computes nearly the same: the front door of this library.
 *
 * <p>Each hidden dense layer becomes two thin ones; a layer that would not get smaller stays as it is. Nothing is
 * trained, and no labels are needed. The result is a stock DL4J network, which {@code fit} trains on.
 *
 * @param original what was compressed; not modified
 * @param compressed the smaller network
 * @param remarks what to know of it, a sentence each: layers that stayed dense, settings that factors cannot have, and
 *     what could not be looked at
 */
public record Compression(MultiLayerNetwork original, MultiLayerNetwork compressed, List<String> remarks) {

    /**
     * By the weights alone: the truncated SVD of each hidden matrix ({@link NetworkSvd}).
     *
     * @param rank of all hidden layers, at least 1
     * @throws IllegalArgumentException if the network has no hidden dense layer, or a weight is not finite
     */
    public static Compression toRank(MultiLayerNetwork network, int rank) {
        return told(network, NetworkSvd.truncate(network, rank));
    }

    /**
     * By what the network does with real inputs ({@link ActivationAware}), which keeps more at the same size. What the
     * loss makes of it is looked at as well, where the network is dense layers and a softmax; {@link #remarks} tells
     * where it is not.
     *
     * @param rank of all hidden layers, at least 1
     * @param inputs like those the network will see, one along the first dimension, in random order, float; 10,000 are
     *     enough on MNIST. Not modified
     * @throws IllegalArgumentException as {@link ActivationAware#of(MultiLayerNetwork, INDArray)}
     */
    public static Compression toRank(MultiLayerNetwork network, int rank, INDArray inputs) {
        return aware(network, inputs, aware -> aware.compress(rank));
    }

    /**
     * The same with a rank of its own for each hidden layer, chosen for a share of the parameters ({@link RankBudget}).
     *
     * @param share of the network's parameters that may be left, above 0, below 1
     * @throws IllegalArgumentException as {@link #toRank(MultiLayerNetwork, int, INDArray)}, or if the share is too
     *     small for rank 1
     */
    public static Compression toShare(MultiLayerNetwork network, double share, INDArray inputs) {
        return aware(network, inputs, aware -> aware.compress(RankBudget.share(network, share)));
    }

    private static Compression aware(
            MultiLayerNetwork network, INDArray inputs, Function<ActivationAware, MultiLayerNetwork> compress) {
        AwareStep furthest = ActivationAware.furthest(network);
        try (ActivationAware aware = ActivationAware.of(network, inputs, furthest)) {
            Compression made = told(network, compress.apply(aware));
            aware.remark().ifPresent(made.remarks::add);
            if (furthest == AwareStep.SEQUENTIAL) {
                made.remarks.add(
                        "what the loss makes of each output is not looked at: that needs dense layers and a softmax alone");
            }
            return made;
        }
    }

    private static Compression told(MultiLayerNetwork network, MultiLayerNetwork compressed) {
        List<String> remarks = new ArrayList<>(FactorizedNetwork.stayedDense(compressed));
        remarks.addAll(FactorizedNetwork.notCarried(network));
        return new Compression(network, compressed, remarks);
    }

    /** The parameters that are left, as a share of those there were. */
    public double share() {
        return (double) compressed.numParams() / original.numParams();
    }

    /**
     * What was lost: {@code ‖y − ŷ‖F / ‖y‖F} of the outputs of both networks, 0 where they are equal.
     *
     * @param inputs one along the first dimension; best not those that the network was compressed with
     * @throws IllegalArgumentException if they do not have the shape that the network takes
     */
    public double outputError(INDArray inputs) {
        InputShape.require(original, inputs);
        INDArray before = original.output(inputs);
        return before.distance2(compressed.output(inputs))
                / before.norm2Number().doubleValue();
    }

    /** Saves the smaller network; in float32 and float16 DL4J loads it without this library. Returns the bytes. */
    public long save(Path file, Precision precision) throws IOException {
        return ModelFile.save(compressed, file, precision);
    }

    /** Fast predictions of the smaller network, where it has dense layers alone. */
    public Predictor predictor() {
        return Predictor.of(compressed);
    }

    /** Parameters before and after, the rank of each hidden layer, and the remarks, a line each. */
    @Override
    public String toString() {
        String sizes = String.format(
                "%,d of %,d parameters (%.2f %%), ranks %s",
                compressed.numParams(), original.numParams(), 100 * share(), FactorizedNetwork.ranks(compressed));
        return Stream.concat(Stream.of(sizes), remarks.stream()).collect(Collectors.joining("\n"));
    }
}
