package lowrank.svd;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How much the answer of a classifier depends on each direction of a layer's pre-activation: G, the second moment of
 * the gradient of the cross-entropy there (a factor of the Fisher information; Martens and Grosse 2015).
 *
 * <p>For probabilities p softened by a temperature, and labels drawn from them, the gradient at the logits is p − e_y,
 * with covariance {@code diag(p) − p pᵀ}. Any vector of that covariance serves as well, so it is not labels that are
 * drawn but signs ε = ±1: {@code √p ∘ ε − p (√p · ε)}. Drawn labels are nearly always the expected one and say little;
 * signs say as much of every image. No true label is needed.
 */
final class OutputSensitivity {
    /** Higher is better up to 4 to 5 on MNIST (validation): a confident network has next to no gradient. */
    private static final double TEMPERATURE = 4;

    private static final long SEED = 1;

    private final MultiLayerNetwork network;
    private final List<Optional<AffineFactors>> factors;
    private final Random random;

    private OutputSensitivity(MultiLayerNetwork network, List<Optional<AffineFactors>> factors, Random random) {
        this.network = network;
        this.factors = factors;
        this.random = random;
    }

    /** @throws IllegalArgumentException if the network is more than dense layers and a softmax */
    static void requireDense(MultiLayerNetwork network) {
        for (int i = 0; i < network.getnLayers(); i++) {
            var layer = network.getLayerWiseConfigurations().getConf(i).getLayer();
            boolean last = i == network.getnLayers() - 1;
            boolean fits = last
                    ? layer instanceof BaseOutputLayer output && output.getActivationFn() instanceof ActivationSoftmax
                    : layer instanceof DenseLayer;
            if (!fits) {
                throw new IllegalArgumentException(
                        "layer " + (i + 1) + ", " + layer.getClass().getSimpleName()
                                + ", is " + (last ? "no softmax output" : "not dense")
                                + ": the loss gradient is followed through dense layers and a softmax only; ask for SEQUENTIAL");
            }
        }
    }

    /**
     * G of each hidden layer, from input to output.
     *
     * @param network of dense layers with a softmax output; not modified
     * @param factors of its hidden layers, which serve in place of their weights where there are some
     * @param batches inputs, {@code [b, nIn]} each
     * @return {@code [nOut, nOut]} each, double, of which the lower triangle is right
     */
    static List<INDArray> of(MultiLayerNetwork network, List<Optional<AffineFactors>> factors, List<INDArray> batches) {
        List<Gram> sums = LayerWeights.hiddenWeights(network).stream()
                .map(w -> new Gram(w.columns()))
                .toList();
        var sensitivity = new OutputSensitivity(network, factors, new Random(SEED));
        for (INDArray batch : batches) {
            try (MemoryWorkspace scratch = Scratch.open()) {
                sensitivity.add(batch, sums);
            }
        }
        long count = batches.stream().mapToLong(INDArray::rows).sum();
        return sums.stream().map(sum -> sum.lower().divi(count)).toList();
    }

    /** The same of a network as it is. */
    static List<INDArray> of(MultiLayerNetwork network, List<INDArray> batches) {
        return of(network, Collections.nCopies(network.getnLayers() - 1, Optional.empty()), batches);
    }

    private void add(INDArray batch, List<Gram> sums) {
        int last = network.getnLayers() - 1;
        INDArray[] z = new INDArray[last];
        INDArray x = batch;
        for (int i = 0; i < last; i++) {
            z[i] = preActivation(i, x);
            // A ReLU is on where its output is above zero, so that may take the place of z.
            x = DenseForward.activation(network, i, DenseForward.isRelu(network, i) ? z[i] : z[i].dup());
        }
        INDArray logits = DenseForward.preActivation(network, last, x);
        INDArray epsilon = Nd4j.gemm(
                drawn(Transforms.softmax(logits.divi(TEMPERATURE), true), random),
                LayerWeights.weights(network, last),
                false,
                true);
        for (int i = last - 1; i >= 0; i--) {
            INDArray delta = DenseForward.backward(network, i, z[i], epsilon);
            sums.get(i).add(delta);
            epsilon = i == 0 ? null : backward(i, delta);
        }
    }

    private INDArray preActivation(int layer, INDArray x) {
        return factors.get(layer)
                .map(each -> each.output(x))
                .orElseGet(() -> DenseForward.preActivation(network, layer, x));
    }

    private INDArray backward(int layer, INDArray delta) {
        return factors.get(layer)
                .map(each -> each.backward(delta))
                .orElseGet(() -> Nd4j.gemm(delta, LayerWeights.weights(network, layer), false, true));
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
