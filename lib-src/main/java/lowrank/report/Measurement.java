package lowrank.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import lowrank.data.DigitData;
import lowrank.network.FactorizedNetwork;
import lowrank.network.ModelFile;
import lowrank.training.Accuracy;
import lowrank.training.TrainingHistory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Measures a network as its users get it: saved, weighed, loaded again, and only then asked about digits. */
final class Measurement {
  private Measurement() {}

  /**
   * @param training done after the dense network; null for none
   * @throws UncheckedIOException if there is no room for the file
   */
  static CompressionResult of(String part, String method, long seed, MultiLayerNetwork network,
      TrainingHistory training, DigitData data) {
    List<Integer> ranks = FactorizedNetwork.ranks(network);
    String rankText = ranks.isEmpty() || FactorizedNetwork.isFullRank(network) ? CompressionResult.FULL
        : ranks.stream().map(String::valueOf).collect(Collectors.joining(" "));
    try {
      Path file = Files.createTempFile("network", ".zip");
      try {
        long bytes = ModelFile.save(network, file);
        MultiLayerNetwork loaded = ModelFile.load(file);
        return new CompressionResult(part, method, "none", data.name(), seed, rankText, network.numParams(), bytes,
            training == null ? 0 : training.epochs().size(), training == null ? 0 : training.seconds(),
            Accuracy.of(loaded, data.validation()), Accuracy.of(loaded, data.test()));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the network cannot be saved to be measured: make room in "
          + System.getProperty("java.io.tmpdir"), e);
    }
  }
}
