package lowrank.svd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lowrank.linalg.Lapack;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import lowrank.network.NarrowNetwork;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Hidden layers with fewer neurons: those kept stand for the others, {@code h ≈ h_J T}, and the next layer's matrix
 * becomes {@code T W}.
 *
 * <p>T is the least squares fit, from the covariance C of h: {@code (C_JJ + ρ) T W = C_J: W + ρ W_J:}. The bias
 * restores the mean. Nothing is trained, and no image is looked at again.
 */
final class Narrowing {
    /** ρ, relative to the mean variance. On validation, 1e-2 gave the same accuracy. */
    private static final double RIDGE = 1e-3;
    /** Variance, relative to the mean one, that is rounding alone. */
    private static final double CONSTANT = 1e-9;

    private final MultiLayerNetwork network;
    /** The hidden layers and the output layer. */
    private final List<Integer> layers;

    private final List<Moments.OfInputs> inputs;
    private final List<NeuronOrder> orders = new ArrayList<>();

    /**
     * @param network of dense layers; not modified
     * @param inputs of each hidden layer and of the output layer
     * @param sensitivities {@link OutputSensitivity} of the same layers
     */
    Narrowing(MultiLayerNetwork network, List<Moments.OfInputs> inputs, List<INDArray> sensitivities) {
        this.network = network;
        this.inputs = inputs;
        this.layers = new ArrayList<>(LayerWeights.hiddenLayers(network));
        layers.add(LayerWeights.outputLayer(network));
        for (int i = 1; i < layers.size(); i++) {
            if (softmaxBefore(i)) {
                orders.add(NeuronOrder.whole(weights(i).rows()));
                continue;
            }
            INDArray m = Weighting.root(sensitivities.get(i), Weighting.OUTPUT_FLOOR);
            orders.add(NeuronOrder.of(inputs.get(i).covariance(), weights(i).mmul(m)));
        }
    }

    /** The neurons of each hidden layer, as the next layer reads them. */
    List<NeuronOrder> orders() {
        return orders;
    }

    /** Whether a softmax makes each of the neurons that a layer reads depend on all of them. */
    private boolean softmaxBefore(int position) {
        return IntStream.range(layers.get(position - 1), layers.get(position))
                .filter(i -> !(LayerWeights.configuration(network, i) instanceof DropoutLayer))
                .anyMatch(i -> DenseForward.function(network, i) instanceof ActivationSoftmax);
    }

    /**
     * Neurons that are the same for all images, and so are the first that are left out, and layers that stay whole: one
     * sentence for each layer that has some.
     */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < orders.size(); i++) {
            String label = LayerWeights.label(network, layers.get(i));
            double[] variances = Nd4j.diag(inputs.get(i + 1).covariance()).toDoubleVector();
            double least = CONSTANT * Arrays.stream(variances).average().orElseThrow();
            long constant =
                    Arrays.stream(variances).filter(each -> each <= least).count();
            if (!orders.get(i).narrows()) {
                remarks.add(label + " keeps all its neurons: a softmax follows it");
            } else if (constant > 0) {
                remarks.add(label + ": " + constant + " of " + variances.length
                        + " neurons are the same for all images; they are left out first");
            }
        }
        return remarks;
    }

    private INDArray weights(int position) {
        return LayerWeights.weights(network, layers.get(position)).castTo(DataType.DOUBLE);
    }

    /**
     * The network with the first neurons of each order.
     *
     * @throws IllegalArgumentException if a layer that stays whole would be narrowed
     */
    MultiLayerNetwork toWidths(List<Integer> widths) {
        for (int i = 0; i < orders.size(); i++) {
            if (!orders.get(i).narrows() && widths.get(i) < weights(i).columns()) {
                throw new IllegalArgumentException("width " + widths.get(i) + " for "
                        + LayerWeights.label(network, layers.get(i)) + ": a softmax follows it, so keep all "
                        + weights(i).columns());
            }
        }
        List<INDArray> weights = new ArrayList<>();
        List<INDArray> biases = new ArrayList<>();
        int[] read = null;
        for (int i = 0; i < layers.size(); i++) {
            INDArray w = weights(i);
            INDArray bias = LayerWeights.bias(network, layers.get(i))
                    .castTo(DataType.DOUBLE)
                    .reshape(1, w.columns());
            boolean narrow = i > 0 && read.length < w.rows();
            INDArray folded = narrow ? folded(inputs.get(i).covariance(), w, read) : w;
            if (narrow) {
                INDArray mean = inputs.get(i).mean();
                bias = bias.add(mean.mmul(w)).subi(pull(mean, 0, read).mmul(folded));
            }
            int[] kept = i < orders.size() ? orders.get(i).first(widths.get(i)) : range(w.columns());
            weights.add(pull(folded, 0, kept));
            biases.add(pull(bias, 0, kept));
            read = kept;
        }
        return NarrowNetwork.of(network, weights, biases);
    }

    private static INDArray folded(INDArray c, INDArray w, int[] kept) {
        INDArray rows = pull(c, 1, kept);
        double[] ridge = new double[kept.length];
        Arrays.fill(ridge, RIDGE * Nd4j.diag(c).meanNumber().doubleValue());
        INDArray rightSide = rows.mmul(w).addi(pull(w, 1, kept).muli(ridge[0]));
        return Lapack.solve(Lapack.cholesky(pull(rows, 0, kept), ridge), rightSide);
    }

    /** Rows of a matrix if {@code along} is 1, columns if it is 0. */
    private static INDArray pull(INDArray a, int along, int[] positions) {
        return Nd4j.pullRows(a, along, positions);
    }

    private static int[] range(int n) {
        return IntStream.range(0, n).toArray();
    }
}
