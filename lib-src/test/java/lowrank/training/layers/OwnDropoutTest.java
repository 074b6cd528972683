package lowrank.training.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OwnDropoutTest {
    private static final long SEED = 7;

    @Test
    void drawsTheMasksThatStockDropoutDrawsFromAGeneratorOfThatSeed() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 40, 30);
        var own = new OwnDropout(0.8, SEED, OwnDropout.generator(SEED));
        Nd4j.getRandom().setSeed(SEED);
        for (int step = 0; step < 3; step++) {
            assertArrayEquals(dropped(new Dropout(0.8), x), dropped(own, x));
        }
    }

    @Test
    void gradientPassesWhereTheActivationDid() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 40, 30);
        var dropout = new OwnDropout(0.5, SEED, OwnDropout.generator(SEED));
        INDArray kept = x.ulike();
        dropout.applyDropout(x, kept, 0, 0, LayerWorkspaceMgr.noWorkspaces());
        INDArray gradient = x.ulike();
        dropout.backprop(x, gradient, 0, 0);
        assertArrayEquals(kept.data().asFloat(), gradient.data().asFloat());
        assertEquals(0.5, kept.gt(0).castTo(DataType.FLOAT).meanNumber().doubleValue(), 0.05);
    }

    private static float[] dropped(IDropout dropout, INDArray x) {
        INDArray result = x.ulike();
        dropout.applyDropout(x, result, 0, 0, LayerWorkspaceMgr.noWorkspaces());
        return result.data().asFloat();
    }
}
