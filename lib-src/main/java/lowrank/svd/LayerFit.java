package lowrank.svd;

import java.util.List;
import java.util.function.IntFunction;
import lowrank.linalg.Lapack;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer {@code z = x W + b} fitted to other inputs x̃ than it was trained with, at full rank or at a lower one.
 *
 * <p>With means μ and covariance C of x̃, least squares gives {@code W* = W + C⁻¹ (E[(x̃ − μ)ᵀ z] − C W)}. The C that
 * is inverted is raised by some diagonal ρ ({@link Weighting#inputRaise}), so {@code (C + ρ) W* = E[(x̃ − μ)ᵀ z] + ρ
 * W}. The bias restores the mean of z.
 */
final class LayerFit {
    private final INDArray w;
    private final INDArray bias;
    private final Moments moments;
    private final boolean moved;
    private final double[] raise;
    private final INDArray root;

    /**
     * @param inputs x̃, batches of {@code [b, nIn]}
     * @param targets z, as many batches of {@code [b, nOut]}; null if the inputs are unchanged, so that W* is W
     */
    LayerFit(MultiLayerNetwork network, int layer, List<INDArray> inputs, List<INDArray> targets) {
        this.w = LayerWeights.weights(network, layer).castTo(DataType.DOUBLE);
        this.bias = LayerWeights.bias(network, layer);
        this.moments = Moments.of(inputs, targets);
        this.moved = targets != null;
        INDArray covariance = moments.covariance();
        this.raise = Weighting.inputRaise(covariance, w);
        this.root = Lapack.cholesky(covariance, raise);
    }

    private LayerFit(LayerFit other, INDArray w, Moments moments) {
        this.w = w;
        this.bias = other.bias;
        this.moments = moments;
        this.moved = true;
        this.raise = other.raise;
        this.root = other.root;
    }

    /** The same inputs from another W with other targets, given batch by batch. */
    LayerFit toward(INDArray other, List<INDArray> inputs, IntFunction<INDArray> targets) {
        return new LayerFit(this, other.castTo(DataType.DOUBLE), Moments.pairs(inputs, targets, w.columns()));
    }

    /**
     * The singular values of W in the weighted space.
     *
     * @param sensitivity {@link OutputSensitivity} of the layer, or null if all outputs matter equally
     */
    Spectrum spectrum(INDArray sensitivity) {
        return weighting(sensitivity).spectrum(w);
    }

    /** Mean and covariance of the inputs, in their own memory. */
    Moments.OfInputs inputs() {
        return moments.ofInputs();
    }

    /** W* truncated in the weighted space, and its bias. */
    FactorsWithBias truncated(INDArray sensitivity, int rank) {
        Weighting weighting = weighting(sensitivity);
        LowRankFactors factors =
                weighting.truncate(moved ? weighting.weightedSolution(rightSide()) : weighting.weighted(w), rank);
        INDArray mean = moments.meanX()
                .mmul(factors.left().castTo(DataType.DOUBLE))
                .mmul(factors.right().castTo(DataType.DOUBLE));
        INDArray meanZ = moved ? moments.meanY() : moments.meanX().mmul(w).addi(bias);
        return new FactorsWithBias(factors, meanZ.subi(mean).castTo(DataType.FLOAT));
    }

    /** Writes W* and its bias into a layer; used if the inputs have changed. */
    void whole(MultiLayerNetwork network, int layer) {
        INDArray fitted = Lapack.solve(root, rightSide());
        LayerWeights.weights(network, layer).assign(fitted);
        LayerWeights.bias(network, layer)
                .assign(moments.meanY().subi(moments.meanX().mmul(fitted)));
    }

    private Weighting weighting(INDArray sensitivity) {
        return new Weighting(root, sensitivity == null ? null : Weighting.root(sensitivity, Weighting.OUTPUT_FLOOR));
    }

    private INDArray rightSide() {
        return moments.crossCovariance().addi(w.mulColumnVector(Nd4j.createFromArray(raise)));
    }
}
