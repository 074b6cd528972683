package lowrank.svd;

import static lowrank.svd.TruncatedSvdTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class GramTest {
    @Test
    void sumOfTwoBatchesIsThatByHand() {
        Gram gram = new Gram(2, 2);
        gram.add(Nd4j.createFromArray(new float[][] {{1, 2}, {0, 3}}));
        gram.add(Nd4j.createFromArray(new float[][] {{2, -1}}));
        assertClose(Nd4j.createFromArray(new double[][] {{5, 0}, {0, 14}}), gram.total(), 0);
        assertEquals(DataType.DOUBLE, gram.total().dataType());
    }

    @Test
    void onlyTheLowerTriangleIsFilled() {
        Gram gram = new Gram(2, 2);
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {1, 3}});
        gram.add(x);
        assertClose(Nd4j.createFromArray(new double[][] {{2, 0}, {5, 13}}), gram.total(), 0);
        assertClose(Nd4j.createFromArray(new double[][] {{2, 5}, {5, 13}}), symmetric(gram.total()), 0);
        assertEquals(Nd4j.createFromArray(new float[][] {{1, 2}, {1, 3}}), x);
    }

    @Test
    void manyBatchesAreSummedInDouble() {
        Gram gram = new Gram(1, 1);
        for (int i = 0; i < 4; i++) {
            gram.add(Nd4j.createFromArray(new float[][] {{5_000}}));
        }
        for (int i = 0; i < 103; i++) {
            gram.add(Nd4j.ones(DataType.FLOAT, 1, 1)); // in float, 1e8 + 1 is 1e8
        }
        assertEquals(1e8 + 103, gram.total().getDouble(0, 0));
    }

    /** The whole of a symmetric matrix of which only the lower triangle is right. */
    public static INDArray symmetric(INDArray lower) {
        double[][] all = lower.toDoubleMatrix();
        for (int row = 0; row < all.length; row++) {
            for (int column = row + 1; column < all.length; column++) {
                all[row][column] = all[column][row];
            }
        }
        return Nd4j.createFromArray(all);
    }
}
