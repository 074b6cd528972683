package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lowrank.svd.NetworkSvd;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class RoundedWeightsTest {
    @TempDir
    Path folder;

    private final MultiLayerNetwork network =
            NetworkSvd.of(new MlpSpec(30, List.of(40, 50), 4).create(1)).truncate(5);
    private final INDArray x = Nd4j.rand(20, 30);
    private final INDArray y = Nd4j.eye(4).repeat(0, 5);

    @Test
    void computesWhatTheInt4FileWillCompute() throws IOException {
        INDArray before = network.params().dup();
        MultiLayerNetwork rounding = RoundedWeights.in(network);
        assertArrayEquals(
                file().output(x).ravel().toFloatVector(),
                rounding.output(x).ravel().toFloatVector(),
                1e-5f);
        assertTrue(network.output(x).sub(rounding.output(x)).amaxNumber().doubleValue() > 1e-3, "it rounds");
        assertArrayEquals(before.toFloatVector(), rounding.params().toFloatVector());
    }

    @Test
    void gradientsAreThoseAtTheRoundedWeightsAndUpdateTheOthers() throws IOException {
        MultiLayerNetwork rounded = file();
        rounded.setInput(x);
        rounded.setLabels(y);
        rounded.computeGradientAndScore();
        MultiLayerNetwork rounding = RoundedWeights.in(network);
        rounding.setInput(x);
        rounding.setLabels(y);
        rounding.computeGradientAndScore();
        assertArrayEquals(
                rounded.gradient().gradient().toFloatVector(),
                rounding.gradient().gradient().toFloatVector(),
                1e-4f);
        rounding.fit(new DataSet(x, y));
        double step = network.params().sub(rounding.params()).amaxNumber().doubleValue();
        assertTrue(0 < step && step < 1.1e-3, "Adam's first step is its rate, 1e-3, not the rounding: " + step);
    }

    @Test
    void aFileKeepsItAndItCanBeRemoved() throws IOException {
        Path file = folder.resolve("rounding.zip");
        ModelFile.save(RoundedWeights.in(network), file);
        MultiLayerNetwork plain = RoundedWeights.removed(ModelFile.load(file));
        assertArrayEquals(
                RoundedWeights.in(network).output(x).ravel().toFloatVector(),
                ModelFile.load(file).output(x).ravel().toFloatVector());
        assertEquals(
                network.getLayerWiseConfigurations().toJson(),
                plain.getLayerWiseConfigurations().toJson());
        assertArrayEquals(network.params().toFloatVector(), plain.params().toFloatVector());
    }

    @Test
    void anotherWeightNoiseStays() {
        ((BaseLayer) LayerWeights.configuration(network, 1)).setWeightNoise(new DropConnect(0.5));
        MultiLayerNetwork rounding = RoundedWeights.in(network);
        assertEquals(new DropConnect(0.5), noise(rounding, 1));
        assertTrue(noise(rounding, 0) instanceof RoundedWeights);
        assertEquals(new DropConnect(0.5), noise(RoundedWeights.removed(rounding), 1));
        assertNull(noise(RoundedWeights.removed(rounding), 0));
    }

    private static Object noise(MultiLayerNetwork network, int layer) {
        return ((BaseLayer) LayerWeights.configuration(network, layer)).getWeightNoise();
    }

    private MultiLayerNetwork file() throws IOException {
        Path file = folder.resolve("int4.zip");
        ModelFile.save(network, file, Precision.INT4);
        return ModelFile.load(file);
    }
}
