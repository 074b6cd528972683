package lowrank.training.layers;

import java.util.Arrays;
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
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer that computes with the truncated SVD of its weights and updates all of them: DL4J's configuration of
 * {@link StraightThroughLayer}. Parameters are those of the stock dense layer, in the same order.
 */
public final class StraightThroughDense extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    /** Of the factors. */
    @JsonProperty
    int rank;

    /** Of equal parts of a minibatch, descending, some perhaps full; empty if all of it is at {@code rank}. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    int[] ranks = {};

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
     * @param ranks at which equal parts of a minibatch see the weights, descending; those not below the shorter side
     *     mean the full weights, and the last one is below it
     * @param oversampling columns the tracked subspace keeps beyond the rank
     * @param truncation when the truncated weights are renewed
     */
    public StraightThroughDense(DenseLayer dense, int[] ranks, int oversampling, Truncation truncation) {
        DenseSettings.copy(dense, this);
        this.ranks = ranks.length == 1 ? new int[0] : ranks;
        this.rank = ranks[fullParts()];
        this.oversampling = oversampling;
        this.truncation = truncation;
    }

    int fullParts() {
        return (int) Arrays.stream(ranks).filter(r -> r >= Math.min(nIn, nOut)).count();
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
