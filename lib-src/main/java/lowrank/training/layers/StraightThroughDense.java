package lowrank.training.layers;

import java.util.Collection;
import lowrank.training.Truncation;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer that computes with the truncated SVD of its weights and updates all of them: DL4J's configuration of
 * {@link StraightThroughLayer}. Parameters are those of the stock dense layer, in the same order.
 */
public final class StraightThroughDense extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    int rank;

    @JsonProperty
    int oversampling;

    @JsonProperty
    Truncation truncation;

    /** For DL4J's JSON reader. */
    public StraightThroughDense() {}

    /**
     * The straight-through form of a stock dense layer with a bias.
     *
     * @param dense its settings are copied
     * @param rank at which the forward pass sees the weights, from 1 to the shorter side
     * @param oversampling columns the tracked subspace keeps beyond the rank
     * @param truncation when the truncated weights are renewed
     */
    public StraightThroughDense(DenseLayer dense, int rank, int oversampling, Truncation truncation) {
        DenseSettings.copy(dense, this);
        this.rank = rank;
        this.oversampling = oversampling;
        this.truncation = truncation;
    }

    /** The stock dense layer with the same parameters. */
    public DenseLayer dense() {
        var dense = new DenseLayer();
        DenseSettings.copy(this, dense);
        return dense;
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType type) {
        return new StraightThroughLayer(configuration, type).placed(listeners, index, parameters, initialize);
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }

    /** The same as for the stock layer: the factors add less than a tenth at the ranks this is meant for. */
    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return dense().getMemoryReport(inputType);
    }
}
