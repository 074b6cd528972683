package lowrank.svd;

import java.util.List;
import java.util.function.IntFunction;
import lowrank.linalg.Blas;
import lowrank.linalg.Interruption;
import lowrank.linalg.Workspaces;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Means and covariances of pairs of rows (x, y), gathered in batches: products of a few in float, the sum in double
 * ({@link Gram}). Rows are first shifted by the mean of the first batch, so that a mean far from zero costs no
 * precision.
 */
final class Moments {
    private final INDArray originX;
    private final INDArray sumX;
    private final Gram squares;
    private final INDArray originY;
    private final INDArray sumY;
    private final Gram products;
    private double count;

    /**
     * @param columnsX numbers in a row x
     * @param columnsY in a row y; 0 if only x is of interest
     */
    Moments(int columnsX, int columnsY) {
        this(columnsX, columnsY, true);
    }

    private Moments(int columnsX, int columnsY, boolean squared) {
        originX = Nd4j.create(DataType.FLOAT, 1, columnsX);
        sumX = Nd4j.create(DataType.DOUBLE, 1, columnsX);
        squares = squared ? new Gram(columnsX, columnsX) : null;
        boolean pairs = columnsY > 0;
        originY = pairs ? Nd4j.create(DataType.FLOAT, 1, columnsY) : null;
        sumY = pairs ? Nd4j.create(DataType.DOUBLE, 1, columnsY) : null;
        products = pairs ? new Gram(columnsX, columnsY) : null;
    }

    /** Of batches x, and of y unless that is null. */
    static Moments of(List<INDArray> x, List<INDArray> y) {
        return new Moments(x.get(0).columns(), y == null ? 0 : y.get(0).columns())
                .all(x, i -> y == null ? null : y.get(i));
    }

    /** Of batches x, and of y given batch by batch, for everything but the covariance of x. */
    static Moments pairs(List<INDArray> x, IntFunction<INDArray> y, int columnsY) {
        return new Moments(x.get(0).columns(), columnsY, false).all(x, y);
    }

    private Moments all(List<INDArray> x, IntFunction<INDArray> y) {
        for (int i = 0; i < x.size(); i++) {
            Interruption.check("looking at activations");
            try (MemoryWorkspace scratch = Workspaces.open()) {
                add(x.get(i), y.apply(i));
            }
        }
        return this;
    }

    /**
     * Adds a batch.
     *
     * @param x {@code [b, m]}, float; not modified
     * @param y {@code [b, n]}, float, or null where only x is of interest; not modified
     */
    void add(INDArray x, INDArray y) {
        INDArray movedX = moved(x, originX, sumX);
        if (squares != null) {
            squares.add(movedX);
        }
        if (y != null) {
            products.add(movedX, moved(y, originY, sumY));
        }
        count += x.rows();
    }

    private INDArray moved(INDArray rows, INDArray origin, INDArray sum) {
        if (count == 0) {
            Blas.sum(rows, origin);
            origin.divi(rows.rows());
        }
        INDArray moved = rows.dup('f').subiRowVector(origin);
        INDArray total = origin.ulike();
        Blas.sum(moved, total);
        sum.addi(total);
        return moved;
    }

    /** The mean of x, {@code [1, m]}, double. */
    INDArray meanX() {
        return sumX.div(count).addi(originX);
    }

    /** The mean of y, {@code [1, n]}, double. */
    INDArray meanY() {
        return sumY.div(count).addi(originY);
    }

    /** The covariance of x, {@code [m, m]}, double, of which the lower triangle is right. */
    INDArray covariance() {
        return centred(squares.total(), sumX);
    }

    /** The covariance of x with y, {@code [m, n]}, double. */
    INDArray crossCovariance() {
        return centred(products.total(), sumY);
    }

    /** Mean and covariance of x. */
    OfInputs ofInputs() {
        double[][] both = covariance().toDoubleMatrix();
        for (int i = 0; i < both.length; i++) {
            for (int j = 0; j < i; j++) {
                both[j][i] = both[i][j];
            }
        }
        return new OfInputs(meanX().detach(), Nd4j.createFromArray(both).detach());
    }

    /**
     * What the inputs of a layer do.
     *
     * @param mean {@code [1, m]}, double
     * @param covariance {@code [m, m]}, double
     */
    record OfInputs(INDArray mean, INDArray covariance) {}

    private INDArray centred(INDArray sums, INDArray sumRight) {
        INDArray covariance = sums.div(count);
        Blas.product(-1 / (count * count), sumX, true, sumRight, false, 1, covariance);
        return covariance;
    }
}
