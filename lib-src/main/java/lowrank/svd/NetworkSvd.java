package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The singular value decompositions of all hidden layers of a network: made once, truncated at any rank.
 *
 * <p>Memory: as much as the weights and their factors again, about twice the network.
 */
public final class NetworkSvd {
    private final MultiLayerNetwork network;
    private final List<Lapack.Svd> layers;

    private NetworkSvd(MultiLayerNetwork network, List<Lapack.Svd> layers) {
        this.network = network;
        this.layers = layers;
    }

    /**
     * Decomposes the hidden weights.
     *
     * @param network not modified; keep it as it is while this object is in use, since biases are read from it later
     * @throws IllegalArgumentException if the network has no hidden dense layer, or weights that are not finite
     */
    public static NetworkSvd of(MultiLayerNetwork network) {
        return new NetworkSvd(
                network,
                LayerWeights.hiddenWeights(network).stream().map(Lapack::svd).toList());
    }

    /**
     * A network with every hidden weight matrix truncated at one rank, without a full decomposition: by block Krylov
     * iteration, which ends where one more block of vectors keeps less than a hundred-thousandth more. For one small
     * rank this takes a fraction of the time; {@link #of} is for several, and for spectra.
     *
     * @param network not modified
     * @param rank from 1 to the shorter side of the smallest hidden matrix
     * @throws IllegalArgumentException as {@link #of}, or if the rank is outside that range
     */
    public static MultiLayerNetwork truncate(MultiLayerNetwork network, int rank) {
        return FactorizedNetwork.of(
                network,
                LayerWeights.hiddenWeights(network).stream()
                        .map(w -> TruncatedSvd.iterated(w, rank).balancedFactors())
                        .toList());
    }

    /** The singular values of each hidden layer, from input to output. */
    public List<Spectrum> spectra() {
        return layers.stream().map(layer -> Spectrum.of(layer.s())).toList();
    }

    /**
     * The network with every hidden weight matrix truncated at one rank, stored as factors.
     *
     * @param rank from 1 to the shorter side of the smallest hidden matrix
     * @throws IllegalArgumentException if the rank is outside that range
     */
    public MultiLayerNetwork truncate(int rank) {
        return truncate(layers.stream().map(layer -> rank).toList());
    }

    /** The same with a rank of its own for each hidden layer, from input to output. */
    public MultiLayerNetwork truncate(List<Integer> ranks) {
        if (ranks.size() != layers.size()) {
            throw new IllegalArgumentException(
                    ranks.size() + " ranks for " + layers.size() + " hidden layers: give one a layer");
        }
        List<LowRankFactors> factors = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            factors.add(TruncatedSvd.of(layers.get(i), ranks.get(i)).balancedFactors());
        }
        return FactorizedNetwork.of(network, factors);
    }

    /** The ranks at which nothing is lost: the shorter side of each matrix. */
    public List<Integer> fullRanks() {
        return layers.stream().map(layer -> (int) layer.s().length()).toList();
    }
}
