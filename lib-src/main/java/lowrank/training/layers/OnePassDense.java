package lowrank.training.layers;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's configuration of {@link OnePassLayer}: the stock dense layer, with its parameters. */
public final class OnePassDense extends DenseLayer {
    private static final long serialVersionUID = 1L;

    /** For DL4J's JSON reader. */
    OnePassDense() {}

    private OnePassDense(DenseLayer dense) {
        DenseSettings.copy(dense, this);
        setHasBias(dense.hasBias());
    }

    /**
     * The same layer in this form, if possible: it must be a stock layer without layer norm and weight noise, whose
     * activation function allows its derivative to be computed from its output. Otherwise the layer itself.
     */
    public static org.deeplearning4j.nn.conf.layers.Layer of(org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer.getClass() == DenseLayer.class && fits((DenseLayer) layer)
                ? new OnePassDense((DenseLayer) layer)
                : layer;
    }

    private static boolean fits(DenseLayer dense) {
        return !dense.hasLayerNorm()
                && dense.getWeightNoise() == null
                && OnePassLayer.tellsItsDerivative(dense.getActivationFn());
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType type) {
        return new Computed(configuration, type).placed(listeners, index, parameters, initialize);
    }

    private static final class Computed extends OnePassLayer<OnePassDense> {
        private static final long serialVersionUID = 1L;

        Computed(NeuralNetConfiguration configuration, DataType type) {
            super(configuration, type);
        }

        @Override
        void forward(INDArray x, INDArray z, boolean training) {
            Nd4j.gemm(x, weights(), z, false, false, 1, 0);
        }

        @Override
        void backward(INDArray delta, INDArray next) {
            Nd4j.gemm(delta, weights(), next, false, true, 1, 0);
        }

        /** The gradient at the pixels is not needed by anything. */
        @Override
        INDArray next(INDArray delta, LayerWorkspaceMgr workspaces) {
            return getIndex() == 0 ? null : super.next(delta, workspaces);
        }

        private INDArray weights() {
            return getParam(DefaultParamInitializer.WEIGHT_KEY);
        }
    }
}
