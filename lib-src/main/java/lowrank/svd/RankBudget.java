package lowrank.svd;

import java.util.Arrays;
import java.util.List;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * How many numbers a compressed network may need, and the rank of each hidden layer that makes the best use of them.
 *
 * <p>The next rank goes to the layer where it saves most for its price, {@code s² / (nIn + nOut)}, until nothing more
 * is affordable. Two rules take precedence. A layer that reaches its break-even rank becomes dense instead, at the
 * additional cost of that. And no layer gets a higher rank than the compressed one before it: squared singular values
 * measure the loss of each layer as if the others were uncompressed, but no layer can bring back what an earlier one
 * has lost.
 *
 * @param parameters the most numbers, biases and all layers included, at least 1
 */
public record RankBudget(long parameters) {
    /** @throws IllegalArgumentException if the number is below 1 */
    public RankBudget {
        if (parameters < 1) {
            throw new IllegalArgumentException("a budget of " + parameters + " parameters: give at least 1");
        }
    }

    /**
     * A share of the parameters of a network.
     *
     * @param share above 0, at most 1
     * @throws IllegalArgumentException if the share is outside its range
     */
    public static RankBudget share(MultiLayerNetwork network, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " is outside 0 (excluded) to 1");
        }
        return new RankBudget((long) Math.floor(share * network.numParams()));
    }

    /** The smallest budget that can be met: rank 1 in each hidden layer, with two factors counted as one layer. */
    public static RankBudget smallest(MultiLayerNetwork compressed) {
        MultiLayerNetwork network = FactorizedNetwork.merged(compressed);
        long saved = layers(network).stream()
                .mapToLong(layer -> layer.price(layer.whole()) - layer.price(layer.atLeast(1)))
                .sum();
        return new RankBudget(network.numParams() - saved);
    }

    private static List<Layer> layers(MultiLayerNetwork network) {
        return LayerWeights.hiddenWeights(FactorizedNetwork.merged(network)).stream()
                .map(w -> new Layer(w.rows(), w.columns()))
                .toList();
    }

    /**
     * The ranks of the hidden layers, from input to output; that of a layer that stays dense is its shorter side.
     *
     * @param network to be compressed
     * @param spectra one for each hidden layer, all in the same unit, so that squared singular values can be compared
     * @throws IllegalArgumentException if rank 1 in each layer is above the budget, naming the smallest possible
     *     budget; or if there is not one spectrum per layer
     */
    public List<Integer> ranks(MultiLayerNetwork network, List<Spectrum> spectra) {
        long smallest = smallest(network).parameters;
        if (parameters < smallest) {
            throw new IllegalArgumentException("a budget of " + parameters + " parameters is below " + smallest
                    + ", which rank 1 in each hidden layer needs");
        }
        List<Layer> layers = layers(network);
        if (spectra.size() != layers.size()) {
            throw new IllegalArgumentException(
                    spectra.size() + " spectra for " + layers.size() + " hidden layers: give one per layer");
        }
        int[] ranks = layers.stream().mapToInt(layer -> layer.atLeast(1)).toArray();
        spend(layers, spectra, ranks, parameters - smallest);
        return Arrays.stream(ranks).boxed().toList();
    }

    private static void spend(List<Layer> layers, List<Spectrum> spectra, int[] ranks, long rest) {
        int best;
        do {
            best = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < ranks.length; i++) {
                Layer layer = layers.get(i);
                boolean free =
                        i == 0 || ranks[i] < ranks[i - 1] || layers.get(i - 1).isWhole(ranks[i - 1]);
                boolean affordable = free && !layer.isWhole(ranks[i]) && layer.stepPrice(ranks[i]) <= rest;
                double value = affordable ? layer.stepValue(ranks[i], spectra.get(i)) : Double.NEGATIVE_INFINITY;
                if (value > most) {
                    best = i;
                    most = value;
                }
            }
            if (best >= 0) {
                rest -= layers.get(best).stepPrice(ranks[best]);
                ranks[best] = layers.get(best).next(ranks[best]);
            }
        } while (best >= 0);
    }

    /** A matrix of m × n weights that may be given ranks. */
    private record Layer(long rows, long columns) {
        int whole() {
            return (int) Math.min(rows, columns);
        }

        boolean isWhole(int rank) {
            return rank >= whole();
        }

        /** The rank itself if it is below the break-even rank, otherwise that of the dense layer. */
        int atLeast(int rank) {
            return LowRankFactors.saves(rank, rows, columns) ? rank : whole();
        }

        int next(int rank) {
            return atLeast(rank + 1);
        }

        long price(int rank) {
            return isWhole(rank) ? rows * columns : rank * (rows + columns);
        }

        long stepPrice(int rank) {
            return price(next(rank)) - price(rank);
        }

        /** What the step saves for each number it costs. */
        double stepValue(int rank, Spectrum spectrum) {
            return spectrum.sumOfSquares(rank, next(rank)) / stepPrice(rank);
        }
    }
}
