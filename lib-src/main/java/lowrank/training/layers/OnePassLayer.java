package lowrank.training.layers;

import java.util.Collection;
import lowrank.network.DenseForward;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer {@code f(x · W + b)} that computes {@code x · W} once per step. DL4J's own dense layer computes it a second
 * time for the backward pass; this one reuses the output of the forward pass. Gradients are the same except for
 * rounding.
 *
 * <p>With z the pre-activation and ε the loss gradient at the output:
 *
 * <pre>
 *   δ = f'(z) ∘ ε,   dW = xᵀ δ,   db = Σ δ over the rows,   next ε = δ Wᵀ
 * </pre>
 *
 * @param <C> DL4J's configuration of the layer
 */
abstract class OnePassLayer<C extends FeedForwardLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    /**
     * f(z) of the forward pass in training, or z if the derivative cannot be computed from f(z); kept until the
     * backward pass has used it.
     */
    private transient INDArray kept;

    private transient INDArray ones;

    OnePassLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    /** This layer with its parameters, in its place in a network: for {@code instantiate} of DL4J's configurations. */
    OnePassLayer<C> placed(Collection<TrainingListener> listeners, int index, INDArray parameters, boolean initialize) {
        setListeners(listeners);
        setIndex(index);
        setParamsViewArray(parameters);
        setParamTable(layerConf().initializer().init(conf, parameters, initialize));
        return this;
    }

    /** Whether f'(z) can be computed from f(z), which then replaces z in memory. */
    static boolean tellsItsDerivative(IActivation function) {
        return function instanceof ActivationIdentity || DenseForward.isRelu(function);
    }

    /** {@code x · W}, written to z; all arrays except the pixels are in 'f' order. */
    abstract void forward(INDArray x, INDArray z, boolean training);

    /** {@code δ · Wᵀ}, written to {@code next}. */
    abstract void backward(INDArray delta, INDArray next);

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        assertInputSet(forBackprop);
        applyDropOutIfNecessary(training, workspaces);
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS,
                dataType,
                new long[] {input.size(0), layerConf().getNOut()},
                'f');
        forward(input.castTo(dataType), z, training);
        INDArray bias = getParam(DefaultParamInitializer.BIAS_KEY);
        if (bias != null) {
            z.addiRowVector(bias);
        }
        boolean becomesOutput = tellsItsDerivative(layerConf().getActivationFn());
        kept = !training ? null : becomesOutput ? z : workspaces.dup(ArrayType.ACTIVATIONS, z, 'f');
        return new Pair<>(z, z);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray delta = delta(layerConf().getActivationFn(), epsilon, workspaces);
        kept = null;
        Gradient gradient = new DefaultGradient();
        INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Nd4j.gemm(input.castTo(dataType), delta, weightGradient, true, false, 1, 0);
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
        INDArray biasGradient = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
        if (biasGradient != null) {
            sumRows(delta, biasGradient);
            gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, biasGradient);
        }
        return new Pair<>(gradient, next(delta, workspaces));
    }

    /** The loss gradient at the input of the layer; null if it is not needed. */
    INDArray next(INDArray delta, LayerWorkspaceMgr workspaces) {
        INDArray next = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD,
                dataType,
                new long[] {delta.size(0), layerConf().getNIn()},
                'f');
        backward(delta, next);
        return backpropDropOutIfPresent(next);
    }

    /** {@code kept} must stay unchanged: the layer after this one reads it again, for the score. */
    private INDArray delta(IActivation function, INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (DenseForward.isRelu(function)) {
            INDArray step = workspaces.createUninitialized(ArrayType.BP_WORKING_MEM, dataType, kept.shape(), 'f');
            return epsilon.muli(Nd4j.exec(new Sign(kept, step)));
        }
        return function instanceof ActivationIdentity
                ? epsilon
                : function.backprop(kept, epsilon).getFirst();
    }

    /** As a product: ND4J's sum takes several times as long. */
    private void sumRows(INDArray delta, INDArray sum) {
        if (ones == null || ones.length() != delta.size(0)) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                ones = Nd4j.ones(dataType, 1, delta.size(0));
            }
        }
        Nd4j.gemm(ones, delta, sum.reshape('f', 1, sum.length()), false, false, 1, 0);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
