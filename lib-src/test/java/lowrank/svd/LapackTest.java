package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static lowrank.svd.TruncatedSvdTest.assertOrthonormalColumns;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LapackTest {
  /** In double on matrices of a few dozen rows: rounding of about 1e-15 a product, with room. */
  private static final double DOUBLE = 1e-10;
  /** The same in float. */
  private static final double FLOAT = 1e-4;

  @Test
  void singularValuesOfADiagonalAreItsMagnitudesInOrder() {
    INDArray a = Nd4j.diag(Nd4j.createFromArray(2.0, -3.0, 1.0));
    assertArrayEquals(new double[] {3, 2, 1}, Lapack.singularValues(a).toDoubleVector(), DOUBLE);
  }

  @ParameterizedTest
  @CsvSource({"1,5", "5,1", "7,4", "4,7", "6,6", "40,25"})
  void singularValuesAloneAreThoseOfTheDecomposition(int rows, int columns) {
    Nd4j.getRandom().setSeed(3);
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      for (char order : new char[] {'c', 'f'}) {
        INDArray a = Nd4j.randn(type, rows, columns).dup(order);
        INDArray before = a.dup();
        INDArray s = Lapack.singularValues(a);
        assertEquals(type, s.dataType());
        assertClose(Lapack.svd(a).s(), s, type == DataType.DOUBLE ? DOUBLE : FLOAT);
        assertEquals(before, a);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNotFinite(double bad) {
    INDArray a = Nd4j.eye(3).castTo(DataType.DOUBLE).putScalar(1, 1, bad);
    var error = assertThrows(IllegalArgumentException.class, () -> Lapack.singularValues(a));
    assertTrue(error.getMessage().contains("NaN or infinite"), error.getMessage());
  }

  /** Every size up to twice the one in use, because kernels of this OpenBLAS are wrong from some size on. */
  @Test
  void eigenvectorsDiagonalizeTheMatrix() {
    for (int n = 1; n <= 64; n++) {
      Nd4j.getRandom().setSeed(n);
      INDArray a = Nd4j.randn(DataType.DOUBLE, n, n + 2);
      a = a.mmul(a.transpose());
      double[] columns = a.dup('f').data().asDouble();
      double[] values = Lapack.eigenvectors(columns, n);
      INDArray vectors = Nd4j.create(columns, new long[] {n, n}, 'f');
      INDArray diagonal = vectors.transpose().mmul(a).mmul(vectors);
      assertTrue(diagonal.sub(Nd4j.diag(Nd4j.createFromArray(values))).amaxNumber().doubleValue() < 1e-11 * values[n - 1],
          "size " + n);
      assertOrthonormalColumns(vectors, 1e-12);
    }
  }
}
