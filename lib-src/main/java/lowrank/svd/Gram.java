package lowrank.svd;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code Σ xᵀx} over batches of rows x: the product of one batch in float, the sum over batches in double. */
final class Gram {
  private final INDArray sum;
  private final INDArray product;

  /** @param n numbers in a row */
  Gram(int n) {
    sum = Nd4j.create(DataType.DOUBLE, new long[] {n, n}, 'f');
    product = Nd4j.create(DataType.FLOAT, new long[] {n, n}, 'f');
  }

  /** @param x {@code [b, n]}, float; not modified */
  void add(INDArray x) {
    Blas.gram(x, product);
    sum.addi(product);
  }

  /** The sum, {@code [n, n]}, double: its lower triangle, with zeros above. Not a copy. */
  INDArray lower() {
    return sum;
  }
}
