package lowrank.svd;

import java.util.List;

/**
 * The size of a compressed network.
 *
 * @param widths neurons of each hidden layer, from input to output
 * @param ranks of the matrix of each hidden layer; that of a matrix that stays whole is its shorter side
 */
public record NetworkShape(List<Integer> widths, List<Integer> ranks) {
    public NetworkShape {
        widths = List.copyOf(widths);
        ranks = List.copyOf(ranks);
    }
}
