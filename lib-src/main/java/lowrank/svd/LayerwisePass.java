package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lowrank.linalg.Activations;
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
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * One pass through a network from input to output: each hidden layer is replaced by factors, using the inputs it gets
 * from the layers replaced before ({@link LayerFit}); {@link FactorsWithBias#refitted} then fits R and b to the
 * remaining error.
 */
final class LayerwisePass implements AutoCloseable {
    private final MultiLayerNetwork network;
    private final boolean sequential;
    private final List<INDArray> sensitivities;
    private final int rounds;
    private final MultiLayerNetwork changed;
    private final List<Optional<FactorsWithBias>> factors = new ArrayList<>();
    /** The activations of each batch at this point of the original network. */
    private Activations original;
    /** The same of the compressed one, a pre-activation behind while a layer is fitted. */
    private Activations compressed;
    /** Whether the two differ; where they do not, they are one. */
    private boolean moved;

    /**
     * @param network not modified
     * @param images batches of calibration images
     * @param sequential whether a layer reads the outputs of the compressed layers or those of the original ones
     * @param sensitivities {@link OutputSensitivity} of each hidden layer; empty if all outputs matter equally
     * @param rounds how often a layer before a ReLU is truncated once more, with what the ReLU forgives, unless images
     *     are too few
     */
    LayerwisePass(
            MultiLayerNetwork network,
            List<INDArray> images,
            boolean sequential,
            List<INDArray> sensitivities,
            int rounds) {
        this.network = network;
        this.sequential = sequential;
        this.sensitivities = sensitivities;
        this.rounds = rounds;
        this.changed = copy(network);
        this.original = Activations.lent(images);
        this.compressed = original;
    }

    /**
     * What is known of the layers before they are compressed.
     *
     * @param spectra weighted singular values of the hidden layers, from input to output
     * @param inputs of the same layers and the output layer; none if all outputs matter equally
     */
    record Statistics(List<Spectrum> spectra, List<Moments.OfInputs> inputs) {}

    /** The statistics of a network as it is; arguments as above. */
    static Statistics statistics(MultiLayerNetwork network, List<INDArray> images, List<INDArray> sensitivities) {
        List<Spectrum> spectra = new ArrayList<>();
        List<Moments.OfInputs> read = new ArrayList<>();
        List<Integer> hidden = LayerWeights.hiddenLayers(network);
        boolean gradients = !sensitivities.isEmpty();
        int last = gradients ? LayerWeights.outputLayer(network) : hidden.get(hidden.size() - 1);
        Activations inputs = Activations.lent(images);
        for (int i = 0; i <= last; i++) {
            int layer = i;
            if (isReshaped(network, layer)) {
                inputs = inputs.become(x -> DenseForward.preprocessed(network, layer, x));
            }
            if (hidden.contains(layer) || layer == last) {
                try (MemoryWorkspace scratch = Workspaces.openLayer()) {
                    var fit = new LayerFit(network, layer, inputs.batches(), null);
                    if (gradients) {
                        read.add(fit.inputs());
                    }
                    if (hidden.contains(layer)) {
                        spectra.add(fit.spectrum(gradients ? sensitivities.get(spectra.size()) : null));
                    }
                }
            }
            if (layer < last) {
                inputs = inputs.become(x -> hidden.contains(layer)
                        ? DenseForward.activation(network, layer, DenseForward.preActivation(network, layer, x))
                        : DenseForward.passed(network, layer, x));
            }
        }
        inputs.close();
        return new Statistics(List.copyOf(spectra), read);
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
        boolean frozen = LayerWeights.configuration(network, last) instanceof FrozenLayer;
        if (moved && !frozen) {
            original = original.become(x -> DenseForward.preActivation(network, last, x));
            whole(last);
        }
        original.close();
        compressed.close();
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
        UnaryOperator<INDArray> step = x -> DenseForward.preActivation(network, layer, x);
        original = moved ? original.become(step) : original.after(step);
        Optional<FactorsWithBias> fit = LowRankFactors.saves(rank, w.rows(), w.columns())
                ? Optional.of(truncated(layer, rank))
                : Optional.empty();
        if (fit.isPresent()) {
            LayerWeights.bias(changed, layer).assign(fit.get().bias());
        } else if (moved) {
            whole(layer);
        }
        factors.add(fit);
        moved = sequential && (moved || fit.isPresent());
        if (moved) {
            compressed = compressed.become(x -> DenseForward.activation(
                    network,
                    layer,
                    fit.isPresent() ? fit.get().output(x) : DenseForward.preActivation(changed, layer, x)));
        } else {
            compressed.close();
        }
        original = original.become(z -> DenseForward.activation(network, layer, z));
        compressed = moved ? compressed : original;
    }

    private FactorsWithBias truncated(int layer, int rank) {
        INDArray sensitivity = sensitivities.isEmpty() ? null : sensitivities.get(factors.size());
        boolean relu = DenseForward.isBeforeRelu(network, layer);
        List<INDArray> inputs = compressed.batches();
        List<INDArray> targets = original.batches();
        try (MemoryWorkspace scratch = Workspaces.openLayer()) {
            LayerFit fit = fit(layer);
            FactorsWithBias found = fit.truncated(sensitivity, rank);
            if (sequential) {
                found = found.refitted(inputs, targets, relu);
            }
            int again = relu && !found.areFew(inputs) ? rounds : 0;
            for (int round = 0; round < again; round++) {
                FactorsWithBias before = found;
                found = fit.toward(
                                before.factors().product(),
                                inputs,
                                i -> forgiven(targets.get(i), before.output(inputs.get(i))))
                        .truncated(sensitivity, rank)
                        .refitted(inputs, targets, true);
            }
            return found.detached();
        }
    }

    /** The correct pre-activation that is nearest to a predicted one: z, or if that is below 0, any number below 0. */
    private static INDArray forgiven(INDArray z, INDArray predicted) {
        INDArray error = Transforms.relu(z, true).subi(predicted);
        return predicted.addi(Transforms.min(error, RightFactorFit.mostError(z), false));
    }

    /** Fits a layer that keeps its matrix to the inputs it now has. */
    private void whole(int layer) {
        try (MemoryWorkspace scratch = Workspaces.openLayer()) {
            fit(layer).whole(changed, layer);
        }
    }

    private LayerFit fit(int layer) {
        return new LayerFit(network, layer, compressed.batches(), moved ? original.batches() : null);
    }

    private void prepare(int layer) {
        if (isReshaped(network, layer)) {
            advance(x -> DenseForward.preprocessed(network, layer, x));
        }
    }

    private static boolean isReshaped(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getInputPreProcess(layer) != null;
    }

    /** A step that is the same in the original and the compressed network. */
    private void advance(UnaryOperator<INDArray> step) {
        original = original.become(step);
        compressed = moved ? compressed.become(step) : original;
    }

    /** A copy without the state of the updater, which {@code clone} copies too. */
    private static MultiLayerNetwork copy(MultiLayerNetwork network) {
        var copy = new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
        copy.init(network.params(), true);
        return copy;
    }

    /** Frees the memory of the changed copy. */
    @Override
    public void close() {
        NativeMemory.free(changed);
    }
}
