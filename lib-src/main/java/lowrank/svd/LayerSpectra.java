package lowrank.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lowrank.linalg.Activations;
import lowrank.linalg.Lapack;
import lowrank.linalg.Workspaces;
import lowrank.network.DenseForward;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The singular values of the hidden layers of a network as it is, weighted by what passes them. */
final class LayerSpectra {
    private final MultiLayerNetwork network;
    private Activations inputs;

    private LayerSpectra(MultiLayerNetwork network, List<INDArray> images) {
        this.network = network;
        this.inputs = Activations.lent(images);
    }

    /**
     * From input to output.
     *
     * @param network not modified
     * @param images batches of calibration images; not modified
     * @param sensitivities {@link OutputSensitivity} of each hidden layer; empty where all outputs matter alike
     */
    static List<Spectrum> of(MultiLayerNetwork network, List<INDArray> images, List<INDArray> sensitivities) {
        var pass = new LayerSpectra(network, images);
        List<Spectrum> spectra = new ArrayList<>();
        List<Integer> hidden = LayerWeights.hiddenLayers(network);
        int last = hidden.get(hidden.size() - 1);
        for (int layer = 0; layer <= last; layer++) {
            pass.prepare(layer);
            if (hidden.contains(layer)) {
                spectra.add(pass.spectrum(layer, sensitivities.isEmpty() ? null : sensitivities.get(spectra.size())));
            }
            if (layer < last) {
                pass.through(layer, hidden.contains(layer));
            }
        }
        pass.inputs.close();
        return List.copyOf(spectra);
    }

    private void prepare(int layer) {
        if (network.getLayerWiseConfigurations().getInputPreProcess(layer) != null) {
            step(x -> DenseForward.preprocessed(network, layer, x));
        }
    }

    private void through(int layer, boolean hidden) {
        step(x -> hidden
                ? DenseForward.activation(network, layer, DenseForward.preActivation(network, layer, x))
                : DenseForward.passed(network, layer, x));
    }

    private void step(UnaryOperator<INDArray> step) {
        inputs = inputs.become(step);
    }

    private Spectrum spectrum(int layer, INDArray sensitivity) {
        try (MemoryWorkspace scratch = Workspaces.openLayer()) {
            INDArray w = LayerWeights.weights(network, layer).castTo(DataType.DOUBLE);
            INDArray covariance = Moments.of(inputs.batches(), null).covariance();
            INDArray input = Lapack.cholesky(covariance, Weighting.inputRaise(covariance, w));
            INDArray output = sensitivity == null ? null : Weighting.root(sensitivity, Weighting.OUTPUT_FLOOR);
            return new Weighting(input, output).spectrum(w);
        }
    }
}
