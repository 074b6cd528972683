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
  /** Images for each unknown of a neuron, below which a refit would fit chance. */
  private static final int IMAGES_A_NUMBER = 10;
  /** Of the refit; a prototype gained nothing from more. */
  private static final int ROUNDS = 8;
  private static final double RIDGE = 1e-6;

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
    if (inputs.stream().mapToLong(INDArray::rows).sum() < (long) IMAGES_A_NUMBER * numbers) {
      return this;
    }
    List<INDArray> projected = Scratch.map(inputs, x ->
        Nd4j.hstack(x.mmul(factors.left()), Nd4j.ones(DataType.FLOAT, x.rows(), 1)));
    INDArray gram = Nd4j.zeros(DataType.DOUBLE, numbers, numbers);
    for (INDArray p : projected) {
      gram.addi(Nd4j.gemm(p, p, true, false).castTo(DataType.DOUBLE));
    }
    INDArray root = Weighting.root(gram, RIDGE);
    INDArray fit = Nd4j.vstack(factors.right(), bias);
    for (int round = 0; round < (relu ? ROUNDS : 1); round++) {
      INDArray missing = Nd4j.zeros(DataType.DOUBLE, numbers, fit.columns());
      for (int i = 0; i < projected.size(); i++) {
        try (MemoryWorkspace scratch = Scratch.open()) {
          INDArray p = projected.get(i);
          INDArray predicted = p.mmul(fit);
          INDArray wanted = relu ? forgiving(targets.get(i), predicted) : targets.get(i);
          missing.addi(Nd4j.gemm(p, wanted.sub(predicted), true, false).castTo(DataType.DOUBLE));
        }
      }
      fit = fit.add(Lapack.solveTransposed(root, Lapack.solve(root, missing)).castTo(DataType.FLOAT));
    }
    INDArray right = fit.get(NDArrayIndex.interval(0, factors.rank()), NDArrayIndex.all()).dup('f');
    return new AffineFactors(new LowRankFactors(factors.left(), right), fit.getRow(factors.rank(), true).dup());
  }

  /** z where it is above 0; elsewhere the prediction or 0, whichever is lower. */
  static INDArray forgiving(INDArray z, INDArray predicted) {
    INDArray off = z.lte(0).castTo(DataType.FLOAT);
    return off.muli(Transforms.min(predicted, 0)).addi(DenseForward.relu(z));
  }
}
