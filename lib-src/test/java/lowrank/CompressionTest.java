package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lowrank.network.FactorizedNetwork;
import lowrank.network.MlpSpec;
import lowrank.network.ModelFile;
import lowrank.network.Precision;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class CompressionTest {
    @TempDir
    Path folder;

    private final MultiLayerNetwork network = new MlpSpec(30, List.of(40, 40), 3).create(1);
    private final INDArray inputs = Nd4j.createFromArray(
                    new Random(1).doubles(200 * 30).toArray())
            .castTo(DataType.FLOAT)
            .reshape(200, 30);

    @Test
    void saysWhatWasLost() {
        Compression small = Compression.toRank(network, 5);
        assertEquals("953 of 3,003 parameters (31.73 %), ranks [5, 5]", small.toString());
        assertEquals(
                small + "\nthat is all",
                new Compression(network, small.compressed(), List.of("that is all")).toString());
        double error = small.outputError(inputs);
        INDArray apart = network.output(inputs).sub(small.compressed().output(inputs));
        assertEquals(
                apart.norm2Number().doubleValue()
                        / network.output(inputs).norm2Number().doubleValue(),
                error,
                1e-6);
        assertEquals(0, new Compression(network, network.clone(), List.of()).outputError(inputs));
    }

    @Test
    void looksAtInputsWhereTheyAreGiven() {
        double plain = Compression.toRank(network, 5).outputError(inputs);
        double aware = Compression.toRank(network, 5, inputs).outputError(inputs);
        assertTrue(aware < plain, aware + " of " + plain);
    }

    @Test
    void keepsToAShare() {
        Compression small = Compression.toShare(network, 0.5, inputs);
        assertTrue(small.share() <= 0.5 && small.share() > 0.4, small.toString());
    }

    @Test
    void aShareIsOfNarrowerLayersWhereTheGradientIsFollowedAndOfRanksAloneElsewhere() {
        Compression small = Compression.toShare(network, 0.2, inputs);
        String widths = ", widths " + FactorizedNetwork.widths(small.compressed());
        assertTrue(small.toString().contains(widths), small.toString());
        assertTrue(FactorizedNetwork.widths(small.compressed()).get(1) < 40, widths);
        Compression wide = Compression.toShare(regression(), 0.3, inputs);
        assertTrue(wide.share() <= 0.3, wide.toString());
        assertEquals(List.of(40, 40), FactorizedNetwork.widths(wide.compressed()));
        assertTrue(wide.toString().contains("\nhidden layers keep their widths"), wide.toString());
    }

    @Test
    void savesAndPredictsWithTheSmallerNetwork() throws IOException {
        Compression small = Compression.toRank(network, 5, inputs);
        Path file = folder.resolve("small.zip");
        assertEquals(small.save(file, Precision.FLOAT32), Files.size(file));
        INDArray expected = small.compressed().output(inputs);
        assertTrue(expected.equalsWithEps(ModelFile.load(file).output(inputs), 1e-6));
        assertTrue(expected.equalsWithEps(small.predictor().output(inputs), 1e-5));
    }

    @Test
    void layersThatStayDenseAreTold() {
        Compression small = Compression.toRank(network, 18);
        assertEquals(1, small.remarks().size());
        assertTrue(
                small.remarks().get(0).startsWith("layer 0 (layer0) is dense"),
                small.remarks().get(0));
    }

    @Test
    void networkWhoseGradientIsNotFollowedIsCompressedByWhatPassesItsLayersAndThatIsTold() {
        MultiLayerNetwork regression = regression();
        Compression small = Compression.toRank(regression, 5, inputs);
        assertTrue(small.outputError(inputs) < Compression.toRank(regression, 5).outputError(inputs));
        assertEquals(1, small.remarks().size());
        assertTrue(small.remarks().get(0).startsWith("the gradient of the loss is not used"));
        assertEquals(List.of(), Compression.toRank(regression, 5).remarks());
    }

    @Test
    void refusalsOfTheRoomsBehindPassThrough() {
        assertThrows(IllegalArgumentException.class, () -> Compression.toRank(network, 0));
        assertThrows(IllegalArgumentException.class, () -> Compression.toRank(network, 5, Nd4j.rand(10, 29)));
        assertThrows(IllegalArgumentException.class, () -> Compression.toShare(network, 0.001, inputs));
        var other = assertThrows(
                IllegalArgumentException.class,
                () -> Compression.toRank(network, 5).outputError(Nd4j.rand(10, 29)));
        assertTrue(other.getMessage().contains("[10, 29]"), other.getMessage());
    }

    /** Not only dense layers and a softmax. */
    private static MultiLayerNetwork regression() {
        var layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .list();
        layers.layer(new DenseLayer.Builder().nIn(30).nOut(40).build());
        layers.layer(new BatchNormalization.Builder().nOut(40).build());
        layers.layer(new DenseLayer.Builder().nIn(40).nOut(40).build());
        layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                .nIn(40)
                .nOut(2)
                .build());
        var regression = new MultiLayerNetwork(layers.build());
        regression.init();
        return regression;
    }
}
