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
    assertEquals(Files.size(Path.of(savedAs(file))), ModelFile.bytes(network));
    assertEquals(network.params(), ModelFile.load(file).params());
    assertEquals(1, Files.list(file.getParent()).count(), "no partial file is left");
  }

  @Test
  void halfPrecisionTakesLessRoomAndComputesNearlyTheSame() throws IOException {
    Path file = folder.resolve("half.zip");
    long half = ModelFile.save(ModelFile.half(network), file);
    assertTrue(half < ModelFile.bytes(network), half + " bytes");
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

  private String savedAs(Path file) throws IOException {
    ModelFile.save(network, file);
    return file.toString();
  }
}
