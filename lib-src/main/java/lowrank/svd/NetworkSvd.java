package lowrank.svd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import lowrank.linalg.Lapack;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The singular value decompositions of all hidden layers of a network: computed once, truncated at any rank.
 *
 * <p>Accepts any network with dense layers before its output layer ({@link LayerWeights}), whatever lies between them.
 * A hidden layer stays as it is if factors of the requested rank would save nothing
 * ({@link FactorizedNetwork#stayedDense} lists those). Two factors count as one layer: they stay as they are if their
 * rank is at most the requested one; otherwise their product is decomposed. A layer norm in a layer that would become
 * factors is refused. Weights in half precision are decomposed in float.
 *
 * <p>Memory: as much again as the weights and their factors, about twice the network.
 */
public final class NetworkSvd {
    /** Each two factors multiplied. */
    private final MultiLayerNetwork network;
    /** Those it had. */
    private final List<Optional<LowRankFactors>> pairs;

    private final List<Lapack.Svd> layers;

    private NetworkSvd(MultiLayerNetwork network) {
        this.network = FactorizedNetwork.merged(network);
        this.pairs = FactorizedNetwork.factors(network);
        this.layers = weights(this.network).stream().map(Lapack::svd).toList();
    }

    /**
     * Decomposes the hidden weights.
     *
     * @param network not modified; keep it as it is while this object is in use, since biases are read from it later
     * @throws IllegalArgumentException if the network has no hidden dense layer, or weights that are not finite
     */
    public static NetworkSvd of(MultiLayerNetwork network) {
        return new NetworkSvd(network);
    }

    /**
     * A network with every hidden weight matrix truncated at one rank, without a full decomposition: by block Krylov
     * iteration, which ends when one more block of vectors keeps less than a hundred-thousandth more. For a single
     * small rank this takes a fraction of the time; use {@link #of} for several ranks and for spectra.
     *
     * @param network not modified
     * @param rank at least 1
     * @throws IllegalArgumentException as {@link #of}, or if the rank is below 1
     */
    public static MultiLayerNetwork truncate(MultiLayerNetwork network, int rank) {
        MultiLayerNetwork merged = FactorizedNetwork.merged(network);
        List<INDArray> weights = weights(merged);
        return truncated(
                merged,
                FactorizedNetwork.factors(network),
                Collections.nCopies(weights.size(), rank),
                (layer, r) -> TruncatedSvd.iterated(weights.get(layer), r));
    }

    /** The singular values of each hidden layer, from input to output. */
    public List<Spectrum> spectra() {
        return layers.stream().map(layer -> Spectrum.of(layer.s())).toList();
    }

    /**
     * The network with every hidden weight matrix truncated at one rank, stored as factors.
     *
     * @param rank at least 1
     * @throws IllegalArgumentException if the rank is below 1
     */
    public MultiLayerNetwork truncate(int rank) {
        return truncate(Collections.nCopies(layers.size(), rank));
    }

    /**
     * The same with a separate rank for each hidden layer, from input to output.
     *
     * @throws IllegalArgumentException if there is not one rank per layer, or one is below 1, naming the layer
     */
    public MultiLayerNetwork truncate(List<Integer> ranks) {
        return truncated(network, pairs, ranks, (layer, rank) -> TruncatedSvd.of(layers.get(layer), rank));
    }

    /**
     * The network with every hidden weight matrix as factors of full rank: nothing is cut off, and it has more numbers
     * than the dense one. Only for comparison, since nothing is saved.
     */
    public MultiLayerNetwork atFullRank() {
        return FactorizedNetwork.of(
                network,
                IntStream.range(0, layers.size())
                        .mapToObj(
                                i -> TruncatedSvd.of(layers.get(i), fullRanks().get(i))
                                        .balancedFactors())
                        .toList());
    }

    /** The ranks at which nothing is lost: the shorter side of each matrix. */
    public List<Integer> fullRanks() {
        return layers.stream().map(layer -> (int) layer.s().length()).toList();
    }

    private static List<INDArray> weights(MultiLayerNetwork network) {
        return LayerWeights.hiddenWeights(network).stream()
                .map(w -> w.dataType() == DataType.DOUBLE ? w : w.castTo(DataType.FLOAT))
                .toList();
    }

    private static MultiLayerNetwork truncated(
            MultiLayerNetwork network,
            List<Optional<LowRankFactors>> pairs,
            List<Integer> ranks,
            BiFunction<Integer, Integer, TruncatedSvd> svd) {
        CompressionChecks.requireRanks(network, ranks);
        List<INDArray> weights = LayerWeights.hiddenWeights(network);
        List<Optional<LowRankFactors>> factors = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            int layer = i;
            long rows = weights.get(i).rows();
            long columns = weights.get(i).columns();
            Optional<Integer> rank = Optional.of(ranks.get(i)).filter(r -> LowRankFactors.saves(r, rows, columns));
            factors.add(pairs.get(i)
                    .filter(pair -> pair.rank() <= ranks.get(layer) && LowRankFactors.saves(pair.rank(), rows, columns))
                    .or(() -> rank.map(r -> svd.apply(layer, r).balancedFactors())));
        }
        return FactorizedNetwork.partly(network, factors);
    }
}
