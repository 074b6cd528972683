package lowrank.network;

import java.util.List;

/**
 * How many numbers a network of some shape needs, dense or with every hidden matrix as factors of rank r. Biases and
 * the output layer, which is never factorized, are counted.
 */
public final class ParameterCount {
    private ParameterCount() {}

    /** All weights and biases. */
    public static long dense(MlpSpec spec) {
        long count = 0;
        int width = spec.inputs();
        for (int next : spec.hidden()) {
            count += (long) width * next + next;
            width = next;
        }
        return count + outputLayer(spec);
    }

    /** L and R with the singular values folded into one of them: (nIn + nOut) r for each hidden layer. */
    public static long folded(MlpSpec spec, List<Integer> ranks) {
        requireOneEach(spec, ranks);
        long count = 0;
        int width = spec.inputs();
        for (int i = 0; i < ranks.size(); i++) {
            int next = spec.hidden().get(i);
            count += (long) (width + next) * ranks.get(i) + next;
            width = next;
        }
        return count + outputLayer(spec);
    }

    /** U, the diagonal of S, and V kept apart: r more than {@link #folded} for each hidden layer. */
    public static long diagonalApart(MlpSpec spec, List<Integer> ranks) {
        return folded(spec, ranks)
                + ranks.stream().mapToLong(Integer::longValue).sum();
    }

    private static long outputLayer(MlpSpec spec) {
        int last = spec.hidden().get(spec.hidden().size() - 1);
        return (long) last * spec.classes() + spec.classes();
    }

    private static void requireOneEach(MlpSpec spec, List<Integer> ranks) {
        if (ranks.size() != spec.hidden().size()) {
            throw new IllegalArgumentException(
                    ranks.size() + " ranks for " + spec.hidden().size() + " hidden layers: give one per layer");
        }
        if (ranks.stream().anyMatch(rank -> rank < 1)) {
            throw new IllegalArgumentException("ranks " + ranks + ": each is at least 1");
        }
    }
}
