package lowrank.linalg;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

class NativeMemoryTest {
    @Test
    void parametersGradientsAndUpdaterStateAreGivenBackAndCopiesAreNot() {
        MultiLayerNetwork network = new MlpSpec(4, List.of(5), 3).create(1);
        network.getLayerWiseConfigurations()
                .getConfs()
                .forEach(each -> ((BaseLayer) each.getLayer()).setIUpdater(new Adam()));
        network.fit(Nd4j.rand(2, 4), Nd4j.eye(3).get(NDArrayIndex.interval(0, 2), NDArrayIndex.all()));
        MultiLayerNetwork copy = network.clone();
        float[] before = copy.params().toFloatVector();
        List<INDArray> arrays = List.of(
                network.params(),
                network.getFlattenedGradients(),
                network.getUpdater(false).getStateViewArray());
        NativeMemory.free(network);
        for (INDArray each : arrays) {
            assertTrue(each.wasClosed());
        }
        assertEquals(before.length, copy.params().length());
        assertFalse(copy.params().wasClosed());
        assertDoesNotThrow(() -> NativeMemory.free(network), "once more changes nothing");
    }

    @Test
    void whatIsAPartOfAnotherArrayOrInAWorkspaceIsLeft() {
        INDArray all = Nd4j.ones(3, 4);
        INDArray part = all.get(NDArrayIndex.interval(1, 2), NDArrayIndex.interval(1, 3));
        NativeMemory.free(part, null);
        assertEquals(12, all.sumNumber().intValue());
        try (MemoryWorkspace scratch = Nd4j.getWorkspaceManager().getAndActivateWorkspace("of a test")) {
            INDArray inside = Nd4j.ones(2, 2);
            NativeMemory.free(inside);
            assertEquals(4, inside.sumNumber().intValue());
        }
    }
}
