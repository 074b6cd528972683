package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lowrank.network.DenseForward;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One pass through a network from input to output: each hidden layer is replaced by factors, with the inputs that the
 * layers replaced before leave it ({@link LayerFit}); {@link AffineFactors#refitted} then fits R and b to what is left.
 */
final class LayerwisePass {
  private final MultiLayerNetwork network;
  private final boolean sequential;
  private final List<INDArray> images;
  private final List<INDArray> sensitivities;
  private final MultiLayerNetwork changed;
  private final List<Optional<AffineFactors>> factors = new ArrayList<>();
  private List<INDArray> original;
  private List<INDArray> compressed;

  /**
   * @param network not modified
   * @param images batches of calibration images
   * @param sequential whether a layer reads what the compressed ones leave it, or what the original ones do
   * @param sensitivities {@link OutputSensitivity} of each hidden layer; empty where all outputs matter alike
   */
  LayerwisePass(
      MultiLayerNetwork network, List<INDArray> images, boolean sequential, List<INDArray> sensitivities) {
    this.network = network;
    this.images = images;
    this.sequential = sequential;
    this.sensitivities = sensitivities;
    this.changed = network.clone();
    this.original = images;
    this.compressed = images;
  }

  /** Compresses each hidden layer to its rank; at the break-even rank and above a layer keeps its matrix. */
  LayerwisePass compress(List<Integer> ranks) {
    int last = network.getnLayers() - 1;
    for (int layer = 0; layer < last; layer++) {
      prepare(layer);
      if (LayerWeights.hiddenLayers(network).contains(layer)) {
        hidden(layer, ranks.get(factors.size()));
      } else {
        int other = layer;
        advance(x -> DenseForward.passed(network, other, x));
      }
    }
    prepare(last);
    if (compressed != original) {
      List<INDArray> z = preActivations(last);
      whole(last, z);
      Scratch.free(z, List.of());
    }
    moveOn(images, images);
    return this;
  }

  /** The compressed network. */
  MultiLayerNetwork factorized() {
    return FactorizedNetwork.partly(changed, factors.stream().map(each -> each.map(AffineFactors::factors)).toList());
  }

  /** {@link OutputSensitivity} of the compressed network. */
  List<INDArray> reached(List<INDArray> images) {
    return OutputSensitivity.of(changed, factors, images);
  }

  private void hidden(int layer, int rank) {
    INDArray w = LayerWeights.weights(network, layer);
    List<INDArray> z = preActivations(layer);
    Optional<AffineFactors> fit = rank < LowRankFactors.breakEvenRank(w.rows(), w.columns())
        ? Optional.of(truncated(layer, z, rank)) : Optional.empty();
    if (fit.isPresent()) {
      LayerWeights.bias(changed, layer).assign(fit.get().bias());
    } else if (compressed != original) {
      whole(layer, z);
    }
    factors.add(fit);
    boolean same = !sequential || compressed == original && fit.isEmpty();
    List<INDArray> reached = same ? null : Scratch.map(compressed, x -> DenseForward.activation(network, layer,
        fit.isPresent() ? fit.get().output(x) : DenseForward.preActivation(changed, layer, x)));
    List<INDArray> activated = Scratch.map(z, each -> DenseForward.activation(network, layer, each));
    Scratch.free(z, List.of(activated));
    moveOn(activated, same ? activated : reached);
  }

  private AffineFactors truncated(int layer, List<INDArray> z, int rank) {
    INDArray sensitivity = sensitivities.isEmpty() ? null : sensitivities.get(factors.size());
    AffineFactors fit;
    try (MemoryWorkspace scratch = Scratch.openLayer()) {
      fit = fit(layer, z).truncated(sensitivity, rank).detached();
    }
    return sequential ? fit.refitted(compressed, z, DenseForward.isRelu(network, layer)) : fit;
  }

  /** Fits a layer that keeps its matrix to the inputs it now has. */
  private void whole(int layer, List<INDArray> z) {
    try (MemoryWorkspace scratch = Scratch.openLayer()) {
      fit(layer, z).whole(LayerWeights.weights(changed, layer), LayerWeights.bias(changed, layer));
    }
  }

  private LayerFit fit(int layer, List<INDArray> z) {
    return new LayerFit(LayerWeights.weights(network, layer), LayerWeights.bias(network, layer), compressed,
        compressed == original ? null : z);
  }

  /** z of the original layer. */
  private List<INDArray> preActivations(int layer) {
    return Scratch.map(original, x -> DenseForward.preActivation(network, layer, x));
  }

  private void prepare(int layer) {
    if (network.getLayerWiseConfigurations().getInputPreProcess(layer) != null) {
      advance(x -> DenseForward.preprocessed(network, layer, x));
    }
  }

  /** A step that is the same in the original and the compressed network. */
  private void advance(UnaryOperator<INDArray> step) {
    List<INDArray> next = Scratch.map(original, step);
    moveOn(next, compressed == original ? next : Scratch.map(compressed, step));
  }

  private void moveOn(List<INDArray> nextOriginal, List<INDArray> nextCompressed) {
    List<List<INDArray>> kept = List.of(images, nextOriginal, nextCompressed);
    Scratch.free(original, kept);
    Scratch.free(compressed, kept);
    original = nextOriginal;
    compressed = nextCompressed;
  }
}
