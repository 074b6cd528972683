package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lowrank.linalg.NativeMemory;
import lowrank.linalg.Workspaces;
import lowrank.network.DenseForward;
import lowrank.network.FactorizedNetwork;
import lowrank.network.LayerWeights;
import lowrank.network.LowRankFactors;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One pass through a network from input to output: each hidden layer is replaced by factors, with the inputs that the
 * layers replaced before leave it ({@link LayerFit}); {@link FactorsWithBias#refitted} then fits R and b to what is
 * left.
 */
final class LayerwisePass implements AutoCloseable {
    private final MultiLayerNetwork network;
    private final boolean sequential;
    private final List<INDArray> images;
    private final List<INDArray> sensitivities;
    private final MultiLayerNetwork changed;
    private final List<Optional<FactorsWithBias>> factors = new ArrayList<>();
    /** What there is of each batch at this point of the original network. */
    private List<INDArray> original;
    /** The same of the compressed one, a pre-activation behind while a layer is fitted. */
    private List<INDArray> compressed;

    /**
     * @param network not modified
     * @param images batches of calibration images
     * @param sequential whether a layer reads what the compressed ones leave it, or what the original ones do
     * @param sensitivities {@link OutputSensitivity} of each hidden layer; empty where all outputs matter alike
     */
    LayerwisePass(MultiLayerNetwork network, List<INDArray> images, boolean sequential, List<INDArray> sensitivities) {
        this.network = network;
        this.images = images;
        this.sequential = sequential;
        this.sensitivities = sensitivities;
        this.changed = copy(network);
        this.original = images;
        this.compressed = images;
    }

    /** Compresses each hidden layer to its rank; at the break-even rank and above a layer keeps its matrix. */
    LayerwisePass compress(List<Integer> ranks) {
        int last = LayerWeights.outputLayer(network);
        for (int layer = 0; layer < last; layer++) {
            prepare(layer);
            if (LayerWeights.hiddenLayers(network).contains(layer)) {
                hidden(layer, ranks.get(factors.size()));
            } else {
                int other = layer;
                advance(x -> DenseForward.passed(network, other, x));
            }
        }
        prepare(last);
        boolean frozen = network.getLayerWiseConfigurations().getConf(last).getLayer() instanceof FrozenLayer;
        if (compressed != original && !frozen) {
            original = next(original, compressed, x -> DenseForward.preActivation(network, last, x));
            whole(last);
        }
        Workspaces.free(original, List.of(images));
        Workspaces.free(compressed, List.of(images, original));
        return this;
    }

    /** The compressed network. */
    MultiLayerNetwork factorized() {
        return FactorizedNetwork.partly(
                changed,
                factors.stream().map(each -> each.map(FactorsWithBias::factors)).toList());
    }

    /** {@link OutputSensitivity} of the compressed network. */
    List<INDArray> reached(List<INDArray> images) {
        return OutputSensitivity.of(changed, factors, images);
    }

    private void hidden(int layer, int rank) {
        INDArray w = LayerWeights.weights(network, layer);
        boolean moved = compressed != original;
        original = next(original, compressed, x -> DenseForward.preActivation(network, layer, x));
        Optional<FactorsWithBias> fit = LowRankFactors.saves(rank, w.rows(), w.columns())
                ? Optional.of(truncated(layer, moved, rank))
                : Optional.empty();
        if (fit.isPresent()) {
            LayerWeights.bias(changed, layer).assign(fit.get().bias());
        } else if (moved) {
            whole(layer);
        }
        factors.add(fit);
        boolean same = !sequential || !moved && fit.isEmpty();
        if (!same) {
            compressed = next(
                    compressed,
                    original,
                    x -> DenseForward.activation(
                            network,
                            layer,
                            fit.isPresent() ? fit.get().output(x) : DenseForward.preActivation(changed, layer, x)));
        }
        original = next(original, compressed, z -> DenseForward.activation(network, layer, z));
        if (same) {
            Workspaces.free(compressed, List.of(images, original));
            compressed = original;
        }
    }

    private FactorsWithBias truncated(int layer, boolean moved, int rank) {
        INDArray sensitivity = sensitivities.isEmpty() ? null : sensitivities.get(factors.size());
        FactorsWithBias fit;
        try (MemoryWorkspace scratch = Workspaces.openLayer()) {
            fit = fit(layer, moved).truncated(sensitivity, rank).detached();
        }
        return sequential ? fit.refitted(compressed, original, DenseForward.isBeforeRelu(network, layer)) : fit;
    }

    /** Fits a layer that keeps its matrix to the inputs it now has. */
    private void whole(int layer) {
        try (MemoryWorkspace scratch = Workspaces.openLayer()) {
            fit(layer, true).whole(LayerWeights.weights(changed, layer), LayerWeights.bias(changed, layer));
        }
    }

    private LayerFit fit(int layer, boolean moved) {
        return new LayerFit(
                LayerWeights.weights(network, layer),
                LayerWeights.bias(network, layer),
                compressed,
                moved ? original : null);
    }

    private void prepare(int layer) {
        if (network.getLayerWiseConfigurations().getInputPreProcess(layer) != null) {
            advance(x -> DenseForward.preprocessed(network, layer, x));
        }
    }

    /** A step that is the same in the original and the compressed network. */
    private void advance(UnaryOperator<INDArray> step) {
        boolean moved = compressed != original;
        compressed = moved ? next(compressed, original, step) : compressed;
        original = next(original, images, step);
        compressed = moved ? compressed : original;
    }

    /**
     * The batches after a step: in their own memory unless they are the images, or the others are read on from there.
     */
    private List<INDArray> next(List<INDArray> batches, List<INDArray> others, UnaryOperator<INDArray> step) {
        return batches == images || batches == others
                ? Workspaces.map(batches, step)
                : Workspaces.replace(batches, step);
    }

    /** Without what {@code clone} copies too, the state of the updater. */
    private static MultiLayerNetwork copy(MultiLayerNetwork network) {
        var copy = new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
        copy.init(network.params(), true);
        return copy;
    }

    /** Gives back the memory of the copy that was changed. */
    @Override
    public void close() {
        NativeMemory.free(changed);
    }
}
