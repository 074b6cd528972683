package lowrank.svd;

import java.util.List;
import lowrank.linalg.Blas;
import lowrank.linalg.NativeMemory;
import lowrank.linalg.Workspaces;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A compressed layer before its activation, {@code (x · L) · R + b}.
 *
 * @param factors L and R
 * @param bias b, {@code [1, nOut]}
 */
record FactorsWithBias(LowRankFactors factors, INDArray bias) {
    /** Images for each number of a neuron, below which a refit would only fit noise. */
    private static final int FEWEST_IMAGES = 10;
    /** Images for each number of a neuron, above which more would reduce the squared error by less than a hundredth. */
    private static final int MOST_IMAGES = 100;

    INDArray output(INDArray x) {
        return x.mmul(factors.left()).mmul(factors.right()).addiRowVector(bias);
    }

    /** The gradient at x, given the gradient at the output. */
    INDArray backward(INDArray delta) {
        return Nd4j.gemm(Nd4j.gemm(delta, factors.right(), false, true), factors.left(), false, true);
    }

    /** A copy in its own memory. */
    FactorsWithBias detached() {
        return new FactorsWithBias(
                new LowRankFactors(factors.left().detach(), factors.right().detach()), bias.detach());
    }

    /**
     * The same L with the R and b that fit best, by least squares; with fewer than ten images for each of a neuron's r
     * + 1 numbers, they stay unchanged.
     *
     * <p>Before a ReLU errors count as in {@link RightFactorFit}.
     *
     * @param inputs x, batches of {@code [b, nIn]}
     * @param targets z, batches of {@code [b, nOut]}
     * @param relu whether a ReLU follows
     */
    FactorsWithBias refitted(List<INDArray> inputs, List<INDArray> targets, boolean relu) {
        if (areFew(inputs)) {
            return this;
        }
        int numbers = factors.rank() + 1;
        INDArray centre = inputs.get(0).mean(true, 0).mmul(factors.left());
        List<INDArray> projected = Workspaces.map(enough(inputs, MOST_IMAGES * numbers), x -> projected(x, centre));
        INDArray fit = new RightFactorFit(projected, targets.subList(0, projected.size()), relu)
                .from(Nd4j.vstack(factors.right(), bias.add(centre.mmul(factors.right()))));
        NativeMemory.free(projected);
        INDArray right = fit.get(NDArrayIndex.interval(0, factors.rank()), NDArrayIndex.all())
                .dup('f');
        return new FactorsWithBias(
                new LowRankFactors(factors.left(), right),
                fit.getRow(factors.rank(), true).sub(centre.mmul(right)));
    }

    /** Whether these are too few inputs for a refit. */
    boolean areFew(List<INDArray> inputs) {
        return inputs.stream().mapToLong(INDArray::rows).sum() < (long) FEWEST_IMAGES * (factors.rank() + 1);
    }

    /**
     * {@code x · L} less its mean in the first batch, so that a mean far from zero costs no precision, and a one for
     * the bias.
     */
    private INDArray projected(INDArray x, INDArray centre) {
        INDArray projected = Nd4j.create(DataType.FLOAT, new long[] {x.rows(), factors.rank() + 1}, 'f');
        INDArray moved = projected.get(NDArrayIndex.all(), NDArrayIndex.interval(0, factors.rank()));
        Blas.product(1, x, false, factors.left(), false, 0, moved);
        moved.subiRowVector(centre);
        projected.getColumn(factors.rank()).assign(1);
        return projected;
    }

    /** The first batches that have this many rows in total, or all. */
    private static List<INDArray> enough(List<INDArray> batches, long rows) {
        int count = 0;
        for (long missing = rows; missing > 0 && count < batches.size(); count++) {
            missing -= batches.get(count).rows();
        }
        return batches.subList(0, count);
    }
}
