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
 * {@code W* = W + C⁻¹ (E[(x̃ − μ)ᵀ z] − C W)}; {@link Weighting} truncates W*, the bias brings the mean of z back, and
 * {@link AffineFactors#refitted} fits R and b to what is left.
 */
final class LayerwisePass {
  private final MultiLayerNetwork network;
  private final boolean sequential;
  private final List<Cholesky> sensitivities;
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
      MultiLayerNetwork network, List<INDArray> images, boolean sequential, List<Cholesky> sensitivities) {
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
      whole(last, preActivations(last));
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
    List<INDArray> z = preActivations(layer);
    Optional<AffineFactors> fit = rank < LowRankFactors.breakEvenRank(w.rows(), w.columns())
        ? Optional.of(truncated(layer, z, rank)) : Optional.empty();
    factors.add(fit.map(AffineFactors::factors));
    if (fit.isPresent()) {
      LayerWeights.weights(changed, layer).assign(fit.get().product());
      LayerWeights.bias(changed, layer).assign(fit.get().bias());
    } else if (compressed != original) {
      whole(layer, z);
    }
    boolean same = !sequential || compressed == original && fit.isEmpty();
    List<INDArray> reached = same ? null : Scratch.map(compressed, x -> DenseForward.activation(network, layer,
        fit.isPresent() ? fit.get().output(x) : DenseForward.preActivation(changed, layer, x)));
    original = Scratch.map(z, each -> DenseForward.activation(network, layer, each));
    compressed = same ? original : reached;
  }

  private AffineFactors truncated(int layer, List<INDArray> z, int rank) {
    Moments moments = moments(z);
    INDArray covariance = moments.covariance();
    Cholesky root = Weighting.root(covariance, Weighting.INPUT_FLOOR);
    INDArray fitted = fitted(layer, moments, covariance, root);
    Cholesky output = sensitivities.isEmpty() ? null : sensitivities.get(factors.size());
    LowRankFactors pair = new Weighting(root, output).truncate(fitted, rank);
    AffineFactors fit = new AffineFactors(pair, bias(moments, pair.product()));
    return sequential ? fit.refitted(compressed, z, DenseForward.isRelu(network, layer)) : fit;
  }

  /** Fits a layer that keeps its matrix to the inputs it now has. */
  private void whole(int layer, List<INDArray> z) {
    Moments moments = moments(z);
    INDArray covariance = moments.covariance();
    Cholesky root = Weighting.root(covariance, Weighting.INPUT_FLOOR);
    INDArray fitted = fitted(layer, moments, covariance, root).castTo(DataType.FLOAT);
    LayerWeights.weights(changed, layer).assign(fitted);
    LayerWeights.bias(changed, layer).assign(bias(moments, fitted));
  }

  /** z of the original layer. */
  private List<INDArray> preActivations(int layer) {
    return Scratch.map(original, x -> DenseForward.preActivation(network, layer, x));
  }

  /** Of x̃ with z. */
  private Moments moments(List<INDArray> z) {
    Moments moments = new Moments();
    for (int i = 0; i < z.size(); i++) {
      try (MemoryWorkspace scratch = Scratch.open()) {
        moments.add(compressed.get(i), z.get(i));
      }
    }
    return moments;
  }

  /** W*; it is W itself where nothing before has changed. */
  private INDArray fitted(int layer, Moments moments, INDArray covariance, Cholesky root) {
    INDArray w = LayerWeights.weights(network, layer).castTo(DataType.DOUBLE);
    if (compressed == original) {
      return w;
    }
    return w.addi(root.solve(moments.crossCovariance().subi(covariance.mmul(w))));
  }

  /** The bias with which {@code x̃ Ŵ} has the mean of z. */
  private static INDArray bias(Moments moments, INDArray approximation) {
    return moments.meanY().subi(moments.meanX().mmul(approximation.castTo(DataType.DOUBLE))).castTo(DataType.FLOAT);
  }

  private List<INDArray> prepared(List<INDArray> inputs, int layer) {
    return network.getLayerWiseConfigurations().getInputPreProcess(layer) == null ? inputs
        : Scratch.map(inputs, x -> DenseForward.preprocessed(network, layer, x));
  }

  private List<INDArray> passed(List<INDArray> inputs, int layer) {
    return Scratch.map(inputs, x -> DenseForward.passed(network, layer, x));
  }
}
