package lowrank.svd;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The Cholesky factor of a few columns, with its inverse: the part of {@link Cholesky} that no product does.
 *
 * @param k K, {@code [n, n]}, double, zero above its diagonal
 * @param inverse {@code K⁻¹}, of the same form
 */
record CholeskyBlock(INDArray k, INDArray inverse) {
    /**
     * @param a {@code [n, n]}, double, symmetric, of which the lower triangle is read; not modified
     * @param shift added to its diagonal
     * @throws ArithmeticException if the sum is not positive definite
     */
    static CholeskyBlock of(INDArray a, double shift) {
        double[][] k = rows(a);
        for (int i = 0; i < k.length; i++) {
            k[i][i] += shift;
        }
        factor(k);
        return new CholeskyBlock(matrix(k), matrix(inverse(k)));
    }

    /**
     * {@code K⁻¹} alone, row by row, without any array of ND4J.
     *
     * @param a {@code [n, n]}, symmetric; not modified
     * @throws ArithmeticException if {@code a} is not positive definite
     */
    static double[][] inverseOfFactor(double[] a, int n) {
        double[][] k = rows(a, n);
        factor(k);
        return inverse(k);
    }

    /** Read at once; {@code toDoubleMatrix} reads number by number. */
    private static double[][] rows(INDArray a) {
        double[] all = new double[a.rows() * a.columns()];
        INDArray copy = a.dup('c');
        Blas.doubles(copy).get(all);
        Blas.keepUntilHere(copy);
        return rows(all, a.columns());
    }

    private static double[][] rows(double[] all, int n) {
        double[][] rows = new double[n][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * n, (i + 1) * n));
        return rows;
    }

    private static INDArray matrix(double[][] rows) {
        double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return Nd4j.create(all, new long[] {rows.length, rows.length}, 'c').dup('f');
    }

    /** Overwrites a symmetric matrix, its lower triangle, with its factor. */
    private static void factor(double[][] a) {
        for (int row = 0; row < a.length; row++) {
            for (int column = 0; column <= row; column++) {
                double rest = a[row][column];
                for (int i = 0; i < column; i++) {
                    rest -= a[row][i] * a[column][i];
                }
                if (row == column && !(rest > 0)) {
                    throw new ArithmeticException("the matrix is not positive definite: a pivot is " + rest);
                }
                a[row][column] = row == column ? Math.sqrt(rest) : rest / a[column][column];
                a[column][row] = row == column ? a[row][column] : 0;
            }
        }
    }

    private static double[][] inverse(double[][] k) {
        double[][] inverse = new double[k.length][k.length];
        for (int row = 0; row < k.length; row++) {
            inverse[row][row] = 1;
            for (int i = 0; i < row; i++) {
                for (int column = 0; column <= i; column++) {
                    inverse[row][column] -= k[row][i] * inverse[i][column];
                }
            }
            for (int column = 0; column <= row; column++) {
                inverse[row][column] /= k[row][row];
            }
        }
        return inverse;
    }
}
