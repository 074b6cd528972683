package lowrank.training.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight decay that is not part of the loss (Loshchilov and Hutter 2019): each step subtracts {@code learning rate ·
 * coefficient · w}. ND4J's {@code WeightDecay} does the same, but it also adds a penalty to the reported score, for
 * which it computes the norm of all weights at each step.
 */
public final class DecoupledWeightDecay implements Regularization {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private double coefficient;

    /** For DL4J's JSON reader. */
    public DecoupledWeightDecay() {}

    public DecoupledWeightDecay(double coefficient) {
        this.coefficient = coefficient;
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    @Override
    public void apply(INDArray weights, INDArray update, double learningRate, int iteration, int epoch) {
        Nd4j.exec(new Axpy(weights, update, update, learningRate * coefficient));
    }

    @Override
    public double score(INDArray weights, int iteration, int epoch) {
        return 0;
    }

    @Override
    public Regularization clone() {
        return new DecoupledWeightDecay(coefficient);
    }
}
