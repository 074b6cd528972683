package lowrank.svd;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The Cholesky factor of a positive definite matrix, {@code A = K · Kᵀ}, with its inverse: halves of the matrix are
 * factored one after the other, and all else is matrix products.
 *
 * <p>LAPACK's {@code potrf} and BLAS's {@code trsm} would do the same, but not in the OpenBLAS 0.3.19 of ND4J
 * 1.0.0-M2.1: with its AVX-512 kernels (SkylakeX) {@code dtrsm} is wrong from 8 × 8 on, without an error, and
 * {@code dpotrf} fails above 32 × 32. Its products are right.
 *
 * @param k {@code [n, n]}, double, zero above its diagonal
 * @param inverse {@code K⁻¹}, {@code [n, n]}, zero above its diagonal
 */
record Cholesky(INDArray k, INDArray inverse) {
  private static final int SMALL = 128;

  /**
   * @param a {@code [n, n]}, double, symmetric, of which the lower triangle is read; not modified
   * @throws ArithmeticException if {@code a} is not positive definite
   */
  static Cholesky of(INDArray a) {
    int n = a.rows();
    if (n <= SMALL) {
      return small(a.dup('c').data().asDouble(), n);
    }
    int half = n / 2;
    Cholesky upper = of(part(a, 0, half, 0, half));
    INDArray below = Nd4j.gemm(part(a, half, n, 0, half), upper.inverse, false, true);
    Cholesky lower = of(part(a, half, n, half, n).subi(Nd4j.gemm(below, below, false, true)));
    return new Cholesky(joined(upper.k, below, lower.k),
        joined(upper.inverse, lower.inverse.mmul(below).mmul(upper.inverse).negi(), lower.inverse));
  }

  /** {@code A⁻¹ · B} for B {@code [n, m]}, double; not modified. */
  INDArray solve(INDArray b) {
    return Nd4j.gemm(inverse, inverse.mmul(b), true, false);
  }

  private static Cholesky small(double[] a, int n) {
    double[] inverse = a.clone();
    double[] k = inPlace(inverse, n);
    return new Cholesky(Nd4j.create(k, new long[] {n, n}, 'c'), Nd4j.create(inverse, new long[] {n, n}, 'c'));
  }

  /**
   * The factor of a small matrix without any array of ND4J.
   *
   * @param a {@code [n, n]}, row by row; its lower triangle is read, and it becomes {@code K⁻¹}
   * @return K, row by row
   * @throws ArithmeticException if {@code a} is not positive definite; it is then as it was
   */
  static double[] inPlace(double[] a, int n) {
    double[] k = new double[n * n];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column <= row; column++) {
        double rest = a[row * n + column];
        for (int i = 0; i < column; i++) {
          rest -= k[row * n + i] * k[column * n + i];
        }
        if (row == column && !(rest > 0)) {
          throw new ArithmeticException("the matrix is not positive definite: a pivot is " + rest);
        }
        k[row * n + column] = row == column ? Math.sqrt(rest) : rest / k[column * n + column];
      }
    }
    Arrays.fill(a, 0);
    for (int row = 0; row < n; row++) {
      for (int column = 0; column <= row; column++) {
        double sum = row == column ? 1 : 0;
        for (int i = column; i < row; i++) {
          sum -= k[row * n + i] * a[i * n + column];
        }
        a[row * n + column] = sum / k[row * n + row];
      }
    }
    return k;
  }

  private static INDArray part(INDArray a, int top, int bottom, int left, int right) {
    return a.get(NDArrayIndex.interval(top, bottom), NDArrayIndex.interval(left, right)).dup('f');
  }

  private static INDArray joined(INDArray upperLeft, INDArray lowerLeft, INDArray lowerRight) {
    int half = upperLeft.rows();
    int n = half + lowerRight.rows();
    INDArray all = Nd4j.create(DataType.DOUBLE, new long[] {n, n}, 'f');
    var top = NDArrayIndex.interval(0, half);
    var bottom = NDArrayIndex.interval(half, n);
    all.put(new INDArrayIndex[] {top, top}, upperLeft);
    all.put(new INDArrayIndex[] {bottom, top}, lowerLeft);
    all.put(new INDArrayIndex[] {bottom, bottom}, lowerRight);
    return all;
  }
}
