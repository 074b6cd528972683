package lowrank.training;

import lowrank.network.LowRankFactors;
import lowrank.svd.SubspaceTracker;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The dense layer of dynamic SVD. With {@code T_r(W) = L R}, the truncated SVD of the weights at rank r,
 * <pre>
 *   forward    z  = (x L) R + b
 *   backward   dW = xᵀ δ             the gradient at the truncated weights, applied to the full ones
 *              δ' = (δ Rᵀ) Lᵀ
 * </pre>
 * The truncation is the identity for the gradient: the straight-through estimator (Bengio, Léonard and Courville
 * 2013). Of a dense layer's large products only dW is left.
 *
 * <p>Training renews the factors as {@link Truncation} says. {@code output} has factors of its own, those of the exact
 * truncated SVD of the present weights: the score is always at rank r, and asking for it does not disturb training.
 */
final class StraightThroughLayer extends BaseLayer<StraightThroughDense> {
  private static final long serialVersionUID = 1L;

  /** What training computes with; null before the first step. */
  private transient SubspaceTracker tracker;
  private transient int epoch;
  private transient boolean stale;
  /** The exact truncation, for {@code output} and for the start of an epoch, and the weights it belongs to. */
  private transient SubspaceTracker exact;
  private transient double exactOf;

  StraightThroughLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** See {@link SubspaceTracker#energyGap}; NaN before the first pass. */
  double energyGap() {
    return tracker == null ? Double.NaN : tracker.energyGap(weights());
  }

  @Override
  protected Pair<INDArray, INDArray> preOutputWithPreNorm(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    assertInputSet(forBackprop);
    applyDropOutIfNecessary(training, workspaces);
    if (training && !forBackprop) {
      renew();
    }
    LowRankFactors factors = (training ? tracker : exact()).factors();
    INDArray z = workspaces.createUninitialized(
        ArrayType.ACTIVATIONS, dataType, new long[] {input.size(0), factors.right().columns()}, 'f');
    input.castTo(dataType).mmul(factors.left()).mmuli(factors.right(), z);
    z.addiRowVector(getParam(DefaultParamInitializer.BIAS_KEY));
    return new Pair<>(z, z);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray z = preOutputWithPreNorm(true, true, workspaces).getFirst();
    INDArray delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
    INDArray biasGradient = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
    delta.sum(biasGradient, 0);
    INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    Nd4j.gemm(input.castTo(dataType), delta, weightGradient, true, false, 1.0, 0.0);

    LowRankFactors factors = tracker.factors();
    INDArray next = workspaces.createUninitialized(
        ArrayType.ACTIVATION_GRAD, dataType, new long[] {delta.size(0), factors.left().rows()}, 'f');
    delta.mmul(factors.right().transpose()).mmuli(factors.left().transpose(), next);
    stale = true;

    Gradient gradient = new DefaultGradient();
    gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, biasGradient);
    gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
    return new Pair<>(gradient, backpropDropOutIfPresent(next));
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  private INDArray weights() {
    return getParam(DefaultParamInitializer.WEIGHT_KEY);
  }

  private void renew() {
    boolean newEpoch = epoch != getEpochCount();
    epoch = getEpochCount();
    Truncation truncation = layerConf().truncation();
    if (tracker == null || newEpoch || stale && truncation == Truncation.EXACT_EACH_STEP) {
      tracker = exact();
      exact = null; // the tracker moves on from here
    } else if (stale) {
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        switch (truncation) {
          case TRACKED_EACH_STEP -> tracker.follow(weights());
          case PROJECTED_EACH_EPOCH -> tracker.project(weights());
          default -> { }
        }
      }
    }
    stale = false;
  }

  private SubspaceTracker exact() {
    double now = fingerprint(weights());
    if (exact == null || exactOf != now) {
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        exact = new SubspaceTracker(layerConf().rank(), layerConf().oversampling());
        exact.restart(weights());
        exactOf = now;
      }
    }
    return exact;
  }

  /** Two sums over the weights, which a change of any of them changes: a copy to compare with would double the memory. */
  private static double fingerprint(INDArray w) {
    return w.sumNumber().doubleValue() + Math.PI * w.norm2Number().doubleValue();
  }
}
