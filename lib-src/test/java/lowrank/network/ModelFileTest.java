package lowrank.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lowrank.svd.NetworkSvd;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelFileTest {
  @TempDir Path folder;
  private final MultiLayerNetwork network = NetworkSvd.of(new MlpSpec(30, List.of(40, 50), 4).create(1)).truncate(5);

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path file = folder.resolve("new/model.zip");
    assertEquals(ModelFile.save(network, file), Files.size(file));
    assertEquals(network.params(), ModelFile.load(file).params());
    assertEquals(1, Files.list(file.getParent()).count(), "no partial file is left");
  }

  @Test
  void halfPrecisionTakesLessRoomAndComputesNearlyTheSame() throws IOException {
    Path file = folder.resolve("half.zip");
    long single = ModelFile.save(network, folder.resolve("single.zip"));
    long half = ModelFile.save(network, file, Precision.FLOAT16);
    assertTrue(half < single, half + " bytes");
    INDArray x = Nd4j.rand(10, 30);
    double distance = network.output(x).sub(ModelFile.load(file).output(x)).amaxNumber().doubleValue();
    assertTrue(distance < 1e-3, "a half has 11 bits: about 5e-4 of a probability, not " + distance);
    assertArrayEquals(network.params().shape(), ModelFile.load(file).params().shape());
  }

  @Test
  void refusesAFileThatIsNoModel() throws IOException {
    Path broken = Files.write(folder.resolve("broken.zip"), new byte[] {1, 2, 3});
    assertTrue(assertThrows(IOException.class, () -> ModelFile.load(broken)).getMessage().contains("no whole"));
    Path missing = folder.resolve("missing.zip");
    assertTrue(assertThrows(IOException.class, () -> ModelFile.load(missing)).getMessage().contains("is no file"));
  }

  @Test
  void everyNumberOfAnInt8FileIsWithinHalfAScale() throws IOException {
    Path file = folder.resolve("int8.zip");
    LayerWeights.bias(network, 1).assign(Nd4j.rand(1, 40).subi(0.5));
    long bytes = ModelFile.save(network, file, Precision.INT8);
    assertTrue(bytes < ModelFile.save(network, folder.resolve("half.zip"), Precision.FLOAT16), bytes + " bytes");
    MultiLayerNetwork loaded = ModelFile.load(file);
    for (int layer = 0; layer < network.getnLayers(); layer++) {
      for (String name : network.getLayer(layer).paramTable().keySet()) {
        INDArray before = network.getLayer(layer).getParam(name);
        INDArray off = before.sub(loaded.getLayer(layer).getParam(name));
        int along = before.rows() < before.columns() ? 1 : 0;
        INDArray half = before.amax(along).divi(2 * 127);
        assertTrue(off.amax(along).subi(half).maxNumber().doubleValue() < 1e-7, "layer " + layer + " " + name);
      }
    }
  }

  @Test
  void int8KeepsZerosAndTheLargestOfEachRowExactly() throws IOException {
    network.params().assign(0);
    network.getLayer(1).getParam("W").putScalar(0, 3, -2.5);
    Path file = folder.resolve("int8.zip");
    ModelFile.save(network, file, Precision.INT8);
    assertEquals(0, network.params().sub(ModelFile.load(file).params()).amaxNumber().doubleValue(), 1e-6);
  }

  @Test
  void int8RefusesNumbersThatAreNotFiniteAndKeepsTheOlderFile() throws IOException {
    Path file = folder.resolve("int8.zip");
    ModelFile.save(network, file, Precision.INT8);
    byte[] before = Files.readAllBytes(file);
    network.params().putScalar(7, Double.NaN);
    assertThrows(IllegalArgumentException.class, () -> ModelFile.save(network, file, Precision.INT8));
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
