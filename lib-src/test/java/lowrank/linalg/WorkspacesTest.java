package lowrank.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WorkspacesTest {
    @Test
    void whatBecomesOfABatchOutlivesTheMemoryItWasMadeIn() {
        List<INDArray> batches = IntStream.range(0, 5)
                .mapToObj(i -> Nd4j.ones(DataType.FLOAT, 10 + i, 4).muli(i))
                .toList();
        List<INDArray> squares = Workspaces.map(batches, x -> x.mul(x));
        Workspaces.map(batches, x -> x.mul(0).subi(1)); // the same memory, used again
        for (int i = 0; i < 5; i++) {
            assertEquals(Nd4j.ones(DataType.FLOAT, 10 + i, 4).muli(i * i), squares.get(i));
            assertFalse(squares.get(i).isAttached());
        }
    }

    @Test
    void releasedMemoryIsOpenedAnew() {
        for (int i = 0; i < 3; i++) {
            try (MemoryWorkspace scratch = Workspaces.openLayer()) {
                assertTrue(Nd4j.ones(3, 3).isAttached());
            }
            Workspaces.release();
            Workspaces.release();
            assertFalse(Nd4j.ones(3, 3).isAttached());
        }
    }

    @Test
    void aBatchThatIsHandedOnIsTheSameArray() {
        INDArray batch = Nd4j.ones(3, 3);
        assertTrue(batch == Workspaces.map(List.of(batch), x -> x).get(0));
    }

    @Test
    void arraysMadeInItLiveInItUntilItIsClosed() {
        try (MemoryWorkspace scratch = Workspaces.open()) {
            assertTrue(Nd4j.ones(3, 3).isAttached());
        }
        assertFalse(Nd4j.ones(3, 3).isAttached());
    }

    @Test
    void memoryOfABatchMayBeUsedInsideThatOfALayer() {
        INDArray kept;
        try (MemoryWorkspace layer = Workspaces.openLayer()) {
            kept = Nd4j.ones(2, 2);
            for (int i = 0; i < 4; i++) {
                try (MemoryWorkspace batch = Workspaces.open()) {
                    kept.addi(Nd4j.ones(2, 2));
                }
            }
            assertEquals(Nd4j.ones(2, 2).mul(5), kept.detach());
        }
    }
}
