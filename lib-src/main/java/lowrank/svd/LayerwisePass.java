package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lowrank.network.DenseForward;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One pass through a network from input to output: each hidden layer is replaced by factors, with the inputs that the
 * layers replaced before leave it.
 *
 * <p>For a layer {@code z = x W + b} that now reads x̃, with means μ and covariance C of x̃, least squares gives
 * {@code W* = W + C⁻¹ E[(x̃ − μ)ᵀ(z − x̃ W)]}; {@link Weighting} truncates W*, the bias brings the mean of z back, and
 * {@link AffineFactors#refitted} fits R and b to what is left.
 */
final class LayerwisePass {
  private final MultiLayerNetwork network;
  private final boolean sequential;
  private final List<INDArray> sensitivities;
  private final MultiLayerNetwork changed;
  private final List<Optional<LowRankFactors>> factors = new ArrayList<>();
  private List<INDArray> original;
  private List<INDArray> compressed;

  /**
   * @param network not modified
   * @param images batches of calibration images
   * @param sequential whether a layer reads what the compressed ones leave it, or what the original ones do
   * @param sensitivities M of each hidden layer's {@link Weighting}; empty where all outputs matter alike
   */
  LayerwisePass(
      MultiLayerNetwork network, List<INDArray> images, boolean sequential, List<INDArray> sensitivities) {
    this.network = network;
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
      original = prepared(original, layer);
      compressed = prepared(compressed, layer);
      if (LayerWeights.hiddenLayers(network).contains(layer)) {
        hidden(layer, ranks.get(factors.size()));
      } else {
        original = passed(original, layer);
        compressed = sequential ? passed(compressed, layer) : original;
      }
    }
    original = prepared(original, last);
    compressed = prepared(compressed, last);
    if (compressed != original) {
      whole(last, moments(last));
    }
    return this;
  }

  /** The compressed network. */
  MultiLayerNetwork factorized() {
    return FactorizedNetwork.partly(changed, factors);
  }

  /** A network of the original shape that computes the same as {@link #factorized}. */
  MultiLayerNetwork equivalent() {
    return changed;
  }

  private void hidden(int layer, int rank) {
    INDArray w = LayerWeights.weights(network, layer);
    Moments moments = moments(layer);
    if (rank < LowRankFactors.breakEvenRank(w.rows(), w.columns())) {
      AffineFactors fit = truncated(layer, moments, rank);
      factors.add(Optional.of(fit.factors()));
      LayerWeights.weights(changed, layer).assign(fit.product());
      LayerWeights.bias(changed, layer).assign(fit.bias());
    } else {
      factors.add(Optional.empty());
      if (compressed != original) {
        whole(layer, moments);
      }
    }
    boolean same = !sequential || compressed == original && factors.get(factors.size() - 1).isEmpty();
    List<INDArray> reached = same ? null : Scratch.map(compressed, x -> activated(changed, layer, x));
    original = Scratch.map(original, x -> activated(network, layer, x));
    compressed = same ? original : reached;
  }

  private AffineFactors truncated(int layer, Moments moments, int rank) {
    INDArray root = Weighting.root(moments.covariance(), Weighting.INPUT_FLOOR);
    INDArray fitted = fitted(layer, moments, root);
    INDArray output = sensitivities.isEmpty() ? null : sensitivities.get(factors.size());
    LowRankFactors pair = new Weighting(root, output).truncate(fitted, rank);
    AffineFactors fit = new AffineFactors(pair, bias(layer, moments, pair.product()));
    return sequential ? fit.refitted(compressed,
        Scratch.map(original, x -> DenseForward.preActivation(network, layer, x)), DenseForward.isRelu(network, layer)) : fit;
  }

  /** Fits a layer that keeps its matrix to the inputs it now has. */
  private void whole(int layer, Moments moments) {
    INDArray fitted = fitted(layer, moments, Weighting.root(moments.covariance(), Weighting.INPUT_FLOOR))
        .castTo(DataType.FLOAT);
    LayerWeights.weights(changed, layer).assign(fitted);
    LayerWeights.bias(changed, layer).assign(bias(layer, moments, fitted));
  }

  /** Of x̃ with what the original W, applied to it, leaves to be done: {@code z − x̃ W}. */
  private Moments moments(int layer) {
    Moments moments = new Moments();
    for (int i = 0; i < original.size(); i++) {
      try (MemoryWorkspace scratch = Scratch.open()) {
        INDArray x = compressed.get(i);
        INDArray z = DenseForward.preActivation(network, layer, original.get(i));
        moments.add(x, z.subi(x.mmul(LayerWeights.weights(network, layer))));
      }
    }
    return moments;
  }

  private INDArray fitted(int layer, Moments moments, INDArray root) {
    INDArray w = LayerWeights.weights(network, layer).castTo(DataType.DOUBLE);
    return compressed == original ? w
        : w.addi(Lapack.solveTransposed(root, Lapack.solve(root, moments.crossCovariance())));
  }

  /** The bias with which {@code x̃ Ŵ} has the mean of z. */
  private INDArray bias(int layer, Moments moments, INDArray approximation) {
    INDArray lost = LayerWeights.weights(network, layer).sub(approximation).castTo(DataType.DOUBLE);
    return moments.meanY().addi(moments.meanX().mmul(lost)).castTo(DataType.FLOAT);
  }

  private static INDArray activated(MultiLayerNetwork network, int layer, INDArray x) {
    return DenseForward.activation(network, layer, DenseForward.preActivation(network, layer, x));
  }

  private List<INDArray> prepared(List<INDArray> inputs, int layer) {
    return network.getLayerWiseConfigurations().getInputPreProcess(layer) == null ? inputs
        : Scratch.map(inputs, x -> DenseForward.preprocessed(network, layer, x));
  }

  private List<INDArray> passed(List<INDArray> inputs, int layer) {
    return Scratch.map(inputs, x -> DenseForward.passed(network, layer, x));
  }
}
