package lowrank.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ActivationsTest {
    private final INDArray same = Nd4j.ones(DataType.FLOAT, 2, 3);
    private final INDArray other = Nd4j.ones(DataType.FLOAT, 4, 3);
    private final INDArray handedOn = Nd4j.ones(DataType.FLOAT, 5, 3);

    @Test
    void whatABatchBecomesTakesItsMemoryUnlessItIsOfAnotherShape() {
        Activations owned = Activations.lent(List.of(same, other, handedOn)).after(INDArray::dup);
        List<INDArray> before = owned.batches();
        List<INDArray> results = owned.become(x -> switch (x.rows()) {
                    case 2 -> x.mul(2);
                    case 4 -> Nd4j.ones(DataType.FLOAT, 1, 1).addi(x.sumNumber());
                    default -> x;
                })
                .batches();
        assertSame(before.get(0), results.get(0));
        assertSame(before.get(2), results.get(2));
        assertEquals(Nd4j.valueArrayOf(new long[] {2, 3}, 2f), results.get(0));
        assertEquals(Nd4j.valueArrayOf(new long[] {1, 1}, 13f), results.get(1));
        assertFalse(results.get(1).isAttached());
        assertTrue(before.get(1).wasClosed());
    }

    @Test
    void batchesOfTheCallerAreNeitherOverwrittenNorGivenBack() {
        Activations lent = Activations.lent(List.of(same));
        try (Activations doubled = lent.become(x -> x.mul(2))) {
            assertEquals(2, doubled.batches().get(0).getDouble(0));
        }
        lent.close();
        assertEquals(Nd4j.ones(DataType.FLOAT, 2, 3), same);
        assertFalse(same.wasClosed());
    }

    @Test
    void whatComesAfterLeavesTheBatchesToBeReadOn() {
        Activations owned = Activations.lent(List.of(same)).after(x -> x.mul(3));
        Activations next = owned.after(x -> x.mul(2));
        assertEquals(3, owned.batches().get(0).getDouble(0));
        owned.close();
        owned.close();
        assertTrue(owned.batches().get(0).wasClosed());
        assertEquals(6, next.batches().get(0).getDouble(0));
    }
}
