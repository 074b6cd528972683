package lowrank.network;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many numbers a network of some shape needs, dense or with every hidden matrix as factors of rank r. Biases and
 * the output layer, which is never factorized, are counted.
 */
public final class ParameterCount {
    private ParameterCount() {}

    /** All weights and biases. */
    public static long dense(MlpSpec spec) {
        return IntStream.range(0, spec.hidden().size())
                        .mapToLong(i -> (spec.inputs(i) + 1L) * spec.hidden().get(i))
                        .sum()
                + outputLayer(spec);
    }

    /** L and R with the singular values folded into one of them: (nIn + nOut) r for each hidden layer. */
    public static long folded(MlpSpec spec, List<Integer> ranks) {
        if (ranks.size() != spec.hidden().size()) {
            throw new IllegalArgumentException(
                    ranks.size() + " ranks for " + spec.hidden().size() + " hidden layers: give one per layer");
        }
        if (ranks.stream().anyMatch(rank -> rank < 1)) {
            throw new IllegalArgumentException("ranks " + ranks + ": each is at least 1");
        }
        long count = outputLayer(spec);
        for (int i = 0; i < ranks.size(); i++) {
            long outputs = spec.hidden().get(i);
            count += (spec.inputs(i) + outputs) * ranks.get(i) + outputs;
        }
        return count;
    }

    /** U, the diagonal of S, and V kept apart: r more than {@link #folded} for each hidden layer. */
    public static long diagonalApart(MlpSpec spec, List<Integer> ranks) {
        return folded(spec, ranks)
                + ranks.stream().mapToLong(Integer::longValue).sum();
    }

    private static long outputLayer(MlpSpec spec) {
        return (spec.inputs(spec.hidden().size()) + 1L) * spec.classes();
    }
}
