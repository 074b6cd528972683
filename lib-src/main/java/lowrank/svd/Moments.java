package lowrank.svd;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Means and covariances of pairs of rows (x, y), gathered in batches: products of one batch in float, sums over batches
 * in double. Rows are first moved by the mean of the first batch, so that a mean far from zero costs no digits.
 */
final class Moments {
  private INDArray originX;
  private INDArray originY;
  private INDArray sumX;
  private INDArray sumY;
  private INDArray squares;
  private INDArray products;
  private double count;

  /**
   * Adds a batch.
   *
   * @param x {@code [b, m]}, float; not modified
   * @param y {@code [b, n]}, float, or null where only x is of interest; not modified
   */
  void add(INDArray x, INDArray y) {
    if (count == 0) {
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        begin(x, y);
      }
    }
    INDArray movedX = x.subRowVector(originX);
    sumX.addi(movedX.sum(true, 0).castTo(DataType.DOUBLE));
    squares.addi(Nd4j.gemm(movedX, movedX, true, false).castTo(DataType.DOUBLE));
    if (y != null) {
      INDArray movedY = y.subRowVector(originY);
      sumY.addi(movedY.sum(true, 0).castTo(DataType.DOUBLE));
      products.addi(Nd4j.gemm(movedX, movedY, true, false).castTo(DataType.DOUBLE));
    }
    count += x.rows();
  }

  private void begin(INDArray x, INDArray y) {
    originX = x.mean(true, 0);
    sumX = Nd4j.zeros(DataType.DOUBLE, 1, x.columns());
    squares = Nd4j.zeros(DataType.DOUBLE, x.columns(), x.columns());
    if (y != null) {
      originY = y.mean(true, 0);
      sumY = Nd4j.zeros(DataType.DOUBLE, 1, y.columns());
      products = Nd4j.zeros(DataType.DOUBLE, x.columns(), y.columns());
    }
  }

  /** The mean of x, {@code [1, m]}, double. */
  INDArray meanX() {
    return sumX.div(count).addi(originX.castTo(DataType.DOUBLE));
  }

  /** The mean of y, {@code [1, n]}, double. */
  INDArray meanY() {
    return sumY.div(count).addi(originY.castTo(DataType.DOUBLE));
  }

  /** The covariance of x, {@code [m, m]}, double. */
  INDArray covariance() {
    return squares.div(count).subi(Nd4j.gemm(sumX, sumX, true, false).divi(count * count));
  }

  /** The covariance of x with y, {@code [m, n]}, double. */
  INDArray crossCovariance() {
    return products.div(count).subi(Nd4j.gemm(sumX, sumY, true, false).divi(count * count));
  }
}
