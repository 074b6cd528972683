package lowrank.svd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LayerwisePassTest {
    @Test
    void truncatedAgainWithWhatAReluForgivesALayerLosesLessBehindIt() {
        MultiLayerNetwork network = new MlpSpec(30, List.of(40), 3).create(1);
        Nd4j.getRandom().setSeed(1);
        INDArray images = Nd4j.randn(DataType.FLOAT, 2000, 8)
                .mmul(Nd4j.randn(DataType.FLOAT, 8, 30))
                .addi(Nd4j.randn(DataType.FLOAT, 2000, 30).muli(0.3));
        LayerWeights.bias(network, 0).assign(-1);
        double once = lost(network, images, 0);
        double again = lost(network, images, 1);
        double often = lost(network, images, 8);
        assertTrue(again < once, again + " of " + once);
        assertTrue(often < again, often + " of " + again);
    }

    private static double lost(MultiLayerNetwork network, INDArray images, int rounds) {
        try (var pass = new LayerwisePass(network, List.of(images.dup('f')), true, List.of(), rounds)) {
            INDArray wanted = network.feedForwardToLayer(0, images).get(1);
            INDArray found = pass.compress(List.of(2))
                    .factorized()
                    .feedForwardToLayer(1, images)
                    .get(2);
            return wanted.distance2(found);
        }
    }
}
