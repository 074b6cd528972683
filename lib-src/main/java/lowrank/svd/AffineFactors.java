package lowrank.svd;

import java.util.List;
import lowrank.network.DenseForward;
import lowrank.network.LowRankFactors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A compressed layer before its activation, {@code (x · L) · R + b}.
 *
 * @param factors L and R
 * @param bias b, {@code [1, nOut]}
 */
record AffineFactors(LowRankFactors factors, INDArray bias) {
  /** Images for each number of a neuron, below which a refit would fit chance. */
  private static final int FEWEST_IMAGES = 10;
  /** Images for each number of a neuron, above which the squared error would fall by less than a hundredth. */
  private static final int MOST_IMAGES = 100;
  /** Of the refit; a prototype gained nothing from more. */
  private static final int ROUNDS = 8;
  private static final double RIDGE = 1e-6;
  private static final double FAR = 1e30;

  INDArray output(INDArray x) {
    return x.mmul(factors.left()).mmul(factors.right()).addiRowVector(bias);
  }

  /** {@code L · R}. */
  INDArray product() {
    return factors.product();
  }

  /**
   * The same L with the R and b that fit best, by least squares; with less than ten images for each of a neuron's r + 1
   * numbers, what there is.
   *
   * <p>Before a ReLU more is forgiven: where the original pre-activation z is below zero, any prediction below zero is
   * right. So the target there is the prediction itself or 0, whichever is lower; fit and target take turns, and
   * the sum of squares falls with each round (majorization: the target is the nearest of all that are right).
   *
   * @param inputs x, batches of {@code [b, nIn]}
   * @param targets z, batches of {@code [b, nOut]}
   * @param relu whether a ReLU follows
   */
  AffineFactors refitted(List<INDArray> inputs, List<INDArray> targets, boolean relu) {
    int numbers = factors.rank() + 1;
    if (inputs.stream().mapToLong(INDArray::rows).sum() < (long) FEWEST_IMAGES * numbers) {
      return this;
    }
    List<INDArray> projected = Scratch.map(enough(inputs, MOST_IMAGES * numbers), x ->
        Nd4j.hstack(x.mmul(factors.left()), Nd4j.ones(DataType.FLOAT, x.rows(), 1)));
    INDArray gram = Nd4j.zeros(DataType.DOUBLE, numbers, numbers);
    for (INDArray p : projected) {
      gram.addi(Nd4j.gemm(p, p, true, false).castTo(DataType.DOUBLE));
    }
    Cholesky root = Weighting.root(gram, RIDGE);
    List<INDArray> least = relu ? Scratch.map(targets.subList(0, projected.size()), AffineFactors::leastRight) : List.of();
    INDArray fit = Nd4j.vstack(factors.right(), bias);
    for (int round = 0; round < (relu ? ROUNDS : 1); round++) {
      INDArray missing = Nd4j.zeros(DataType.DOUBLE, numbers, fit.columns());
      for (int i = 0; i < projected.size(); i++) {
        try (MemoryWorkspace scratch = Scratch.open()) {
          INDArray p = projected.get(i);
          INDArray predicted = p.mmul(fit);
          INDArray error = relu ? DenseForward.relu(targets.get(i)).subi(Transforms.max(predicted, least.get(i), false))
              : targets.get(i).sub(predicted);
          missing.addi(Nd4j.gemm(p, error, true, false).castTo(DataType.DOUBLE));
        }
      }
      fit = fit.add(root.solve(missing).castTo(DataType.FLOAT));
    }
    INDArray right = fit.get(NDArrayIndex.interval(0, factors.rank()), NDArrayIndex.all()).dup('f');
    return new AffineFactors(new LowRankFactors(factors.left(), right), fit.getRow(factors.rank(), true).dup());
  }

  /** The first batches that have so many rows, or all. */
  private static List<INDArray> enough(List<INDArray> batches, long rows) {
    int count = 0;
    for (long missing = rows; missing > 0 && count < batches.size(); count++) {
      missing -= batches.get(count).rows();
    }
    return batches.subList(0, count);
  }

  /**
   * The bound below which predictions p count as the bound, so that {@code max(z, 0) − max(p, bound)} is what p lacks: 0
   * where z is at most 0, and far below any p elsewhere.
   */
  private static INDArray leastRight(INDArray z) {
    return Transforms.min(z.mul(-FAR), 0, false);
  }
}
