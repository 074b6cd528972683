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
 * <p>The factors belong to the weights they were made from. Training renews them as {@link Truncation} says;
 * {@code output} after a training step renews them exactly, so that the score is always at rank r.
 */
final class StraightThroughLayer extends BaseLayer<StraightThroughDense> {
  private static final long serialVersionUID = 1L;

  private transient SubspaceTracker tracker;
  private transient boolean exact;
  private transient boolean stale;
  private transient int epoch;

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
    if (!forBackprop) {
      renew(training);
    }
    LowRankFactors factors = tracker.factors();
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
  public void setParam(String key, INDArray value) {
    super.setParam(key, value);
    stale = true;
  }

  @Override
  public void setParams(INDArray values) {
    super.setParams(values);
    stale = true;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  private INDArray weights() {
    return getParam(DefaultParamInitializer.WEIGHT_KEY);
  }

  private void renew(boolean training) {
    boolean newEpoch = epoch != getEpochCount();
    epoch = getEpochCount();
    if (tracker != null && !stale && (exact || !newEpoch)) {
      return;
    }
    Truncation truncation = layerConf().truncation();
    exact = tracker == null || !training || newEpoch || truncation == Truncation.EXACT_EACH_STEP;
    stale = false;
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      if (tracker == null) {
        tracker = new SubspaceTracker(layerConf().rank(), layerConf().oversampling());
      }
      if (exact) {
        tracker.restart(weights());
      } else if (truncation == Truncation.EXACT_EACH_EPOCH) {
        tracker.project(weights());
      } else {
        tracker.follow(weights());
      }
    }
  }
}
