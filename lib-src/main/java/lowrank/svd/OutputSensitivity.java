package lowrank.svd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import lowrank.linalg.Interruption;
import lowrank.linalg.Workspaces;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How much the prediction of a classifier depends on each direction of a layer's pre-activation: G, the second moment
 * of the gradient of the cross-entropy there (a factor of the Fisher information; Martens and Grosse 2015).
 *
 * <p>For probabilities p softened by a temperature, and labels drawn from them, the gradient at the logits is p − e_y,
 * with covariance {@code diag(p) − p pᵀ}. Any vector with that covariance serves as well, so we do not draw labels but
 * signs ε = ±1: {@code √p ∘ ε − p (√p · ε)}. Drawn labels are nearly always the expected one and carry little
 * information; signs carry the same amount for every image. No true label is needed.
 */
final class OutputSensitivity {
    /** Higher is better up to 4 to 5 on MNIST (validation): a confident network has next to no gradient. */
    private static final double TEMPERATURE = 4;

    private static final long SEED = 1;

    private final MultiLayerNetwork network;
    private final List<Integer> hidden;
    private final List<Optional<FactorsWithBias>> factors;
    private final Random random = new Random(SEED);

    private OutputSensitivity(MultiLayerNetwork network, List<Optional<FactorsWithBias>> factors) {
        this.network = network;
        this.hidden = LayerWeights.hiddenLayers(network);
        this.factors = factors;
    }

    /**
     * @throws IllegalArgumentException if there is anything but dense, activation and dropout layers before the output
     *     layer, or an input preprocessor after the first layer, or anything but one softmax from there on
     */
    static void requireDense(MultiLayerNetwork network) {
        int last = LayerWeights.outputLayer(network);
        for (int i = 0; i < last; i++) {
            require(network, i, isFollowed(LayerWeights.configuration(network, i)), "is not dense");
        }
        for (int i = 1; i < network.getnLayers(); i++) {
            boolean reshaped = network.getLayerWiseConfigurations().getInputPreProcess(i) != null;
            require(network, i, !reshaped, "has an input preprocessor");
        }
        List<IActivation> ending = new ArrayList<>();
        for (int i = last; i < network.getnLayers(); i++) {
            Layer layer = LayerWeights.configuration(network, i);
            boolean told = layer instanceof BaseOutputLayer || layer instanceof LossLayer || isFollowed(layer);
            require(network, i, told, "is no softmax output");
            if (!(layer instanceof DropoutLayer)) {
                ending.add(DenseForward.function(network, i));
            }
        }
        ending.removeIf(ActivationIdentity.class::isInstance);
        boolean softmax = ending.size() == 1 && ending.get(0) instanceof ActivationSoftmax;
        require(network, last, softmax, "is no softmax output");
    }

    private static boolean isFollowed(Layer layer) {
        return layer instanceof DenseLayer || layer instanceof ActivationLayer || layer instanceof DropoutLayer;
    }

    private static void require(MultiLayerNetwork network, int i, boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(LayerWeights.label(network, i) + ", "
                    + LayerWeights.configuration(network, i).getClass().getSimpleName() + ", " + otherwise
                    + ": the loss gradient is followed through dense layers and a softmax only; ask for SEQUENTIAL");
        }
    }

    /**
     * G of each hidden layer, from input to output, and of the output layer.
     *
     * @param network of dense layers with a softmax output; not modified
     * @param factors of its hidden layers, used instead of their weights if there are any
     * @param batches inputs, {@code [b, nIn]} each
     * @return {@code [nOut, nOut]} each, double, of which the lower triangle is right
     */
    static List<INDArray> of(
            MultiLayerNetwork network, List<Optional<FactorsWithBias>> factors, List<INDArray> batches) {
        List<Gram> sums = Stream.concat(
                        LayerWeights.hiddenLayers(network).stream(), Stream.of(LayerWeights.outputLayer(network)))
                .map(layer -> LayerWeights.weights(network, layer).columns())
                .map(width -> new Gram(width, width))
                .toList();
        var sensitivity = new OutputSensitivity(network, factors);
        for (INDArray batch : batches) {
            Interruption.check("following gradients");
            try (MemoryWorkspace scratch = Workspaces.open()) {
                sensitivity.add(batch, sums);
            }
        }
        long count = batches.stream().mapToLong(INDArray::rows).sum();
        return sums.stream().map(sum -> sum.total().divi(count)).toList();
    }

    /** The same of a network as it is. */
    static List<INDArray> of(MultiLayerNetwork network, List<INDArray> batches) {
        return of(
                network, Collections.nCopies(LayerWeights.hiddenLayers(network).size(), Optional.empty()), batches);
    }

    private void add(INDArray batch, List<Gram> sums) {
        int last = LayerWeights.outputLayer(network);
        INDArray[] z = new INDArray[last];
        INDArray logits = DenseForward.preActivation(network, last, forward(batch, z));
        INDArray drawn = drawn(Transforms.softmax(logits.divi(TEMPERATURE), true), random);
        sums.get(hidden.size()).add(drawn);
        INDArray epsilon = Nd4j.gemm(drawn, LayerWeights.weights(network, last), false, true);
        for (int i = last - 1; epsilon != null; i--) {
            if (LayerWeights.configuration(network, i) instanceof DropoutLayer) {
                continue;
            }
            INDArray delta = DenseForward.backward(network, i, z[i], epsilon);
            int position = hidden.indexOf(i);
            if (position >= 0) {
                sums.get(position).add(delta);
            }
            epsilon = position < 0 ? delta : position == 0 ? null : backward(position, delta);
        }
    }

    /** The input of the output layer; the input of each activation before it is stored in z. */
    private INDArray forward(INDArray batch, INDArray[] z) {
        boolean reshaped = network.getLayerWiseConfigurations().getInputPreProcess(0) != null;
        INDArray x = reshaped ? DenseForward.preprocessed(network, 0, batch) : batch;
        for (int i = 0; i < z.length; i++) {
            if (LayerWeights.configuration(network, i) instanceof DropoutLayer) {
                continue;
            }
            int position = hidden.indexOf(i);
            z[i] = position < 0 ? x.dup() : preActivation(position, x);
            // A ReLU is active where its output is above zero, so its output can replace z.
            x = DenseForward.activation(network, i, DenseForward.isRelu(network, i) ? z[i] : z[i].dup());
        }
        return x;
    }

    private INDArray preActivation(int position, INDArray x) {
        return factors.get(position)
                .map(each -> each.output(x))
                .orElseGet(() -> DenseForward.preActivation(network, hidden.get(position), x));
    }

    private INDArray backward(int position, INDArray delta) {
        return factors.get(position)
                .map(each -> each.backward(delta))
                .orElseGet(() -> Nd4j.gemm(delta, LayerWeights.weights(network, hidden.get(position)), false, true));
    }

    /** A vector of covariance {@code diag(p) − p pᵀ} for each row p: {@code √p ∘ ε − p (√p · ε)}. */
    static INDArray drawn(INDArray p, Random random) {
        float[] signs = new float[Math.toIntExact(p.length())];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
        INDArray signed = Transforms.sqrt(p, true).muli(Nd4j.create(signs, p.shape(), 'c'));
        return signed.sub(p.mulColumnVector(signed.sum(true, 1)));
    }
}
