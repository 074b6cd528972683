package lowrank.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lowrank.inference.Predictor;
import lowrank.network.LayerWeights;
import lowrank.svd.ActivationAware;
import lowrank.svd.NetworkSvd;
import lowrank.svd.TruncatedSvd;
import lowrank.training.DynamicSvd;
import lowrank.training.Truncation;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What is compared with what. PyTorch takes part where it is there. */
final class Duels {
    private static final int RANK = 20;
    private static final int STEPS = 60;
    private static final int[] BATCHES = {1, 32, 256, 10_000};

    private final MultiLayerNetwork dense;
    private final INDArray images;
    private final Optional<PyTorch> torch;
    private final DataSet minibatch = Networks.minibatch();

    /**
     * @param dense a trained network, of which the others are made: times of iterations depend on its spectra
     * @param images to calibrate activation-aware truncation with
     */
    Duels(MultiLayerNetwork dense, INDArray images, Optional<PyTorch> torch) {
        this.dense = dense;
        this.images = images;
        this.torch = torch;
    }

    /** All of them, in the order of the table. */
    List<Duel> all() {
        List<Duel> duels = new ArrayList<>(List.of(
                training("dense-step", 0, dense, List.of()),
                training("dynamic-step", RANK, DynamicSvd.of(dense, RANK, Truncation.TRACKED_EACH_STEP), oursDense()),
                training("fine-tuning-step", RANK, NetworkSvd.truncate(dense, RANK), oursDense())));
        for (int batch : BATCHES) {
            duels.add(inference(batch));
        }
        duels.add(decomposition());
        duels.add(truncation());
        duels.add(awareness());
        return duels;
    }

    private Duel training(String measure, int rank, MultiLayerNetwork network, List<Contender> more) {
        int batch = Networks.BATCH;
        return new Duel(
                measure,
                batch,
                rank,
                STEPS,
                step("ours", Networks.ours(network)),
                joined(
                        Stream.concat(Stream.of(step("DL4J dense step", Networks.stock(dense))), more.stream())
                                .toList(),
                        torch("PyTorch dense step", "adam " + batch),
                        torch("PyTorch dense step (fused)", "fused-adam " + batch)));
    }

    private List<Contender> oursDense() {
        return List.of(step("our dense step", Networks.ours(dense)));
    }

    private Contender step(String name, MultiLayerNetwork network) {
        return Contender.of(name, () -> network.fit(minibatch));
    }

    private Duel inference(int batch) {
        INDArray x = Networks.images(batch);
        MultiLayerNetwork small = NetworkSvd.truncate(dense, RANK);
        Predictor predictor = Predictor.of(small);
        return new Duel(
                "inference",
                batch,
                RANK,
                batch > 1000 ? 15 : 60,
                Contender.of("ours", () -> predictor.output(x)),
                joined(
                        List.of(
                                Contender.of("DL4J dense", () -> dense.output(x)),
                                Contender.of("DL4J rank 20", () -> small.output(x))),
                        torch("PyTorch dense", "dense-output " + batch),
                        torch("PyTorch rank 20", "factorized-output " + batch)));
    }

    private Duel decomposition() {
        INDArray w = LayerWeights.hiddenWeights(dense).get(1);
        return new Duel(
                "svd",
                0,
                0,
                15,
                Contender.of("ours", () -> TruncatedSvd.of(w, w.rows())),
                joined(List.of(), torch("PyTorch", "svd")));
    }

    private Duel truncation() {
        return new Duel(
                "truncate-all",
                0,
                RANK,
                20,
                Contender.of("ours", () -> NetworkSvd.truncate(dense, RANK)),
                joined(
                        List.of(Contender.of(
                                "our full SVDs", () -> NetworkSvd.of(dense).truncate(RANK))),
                        torch("PyTorch svd_lowrank", "svd-lowrank-all"),
                        torch("PyTorch full SVDs", "svd-all")));
    }

    private Duel awareness() {
        return new Duel(
                "aware",
                images.rows(),
                RANK,
                3,
                Contender.of("ours", () -> ActivationAware.of(dense, images).compress(RANK)),
                List.of(Contender.of("our full SVDs", () -> NetworkSvd.of(dense).truncate(RANK))));
    }

    private Optional<Contender> torch(String name, String word) {
        return torch.map(peer -> peer.does(name, word));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<Contender> joined(List<Contender> always, Optional<Contender>... others) {
        return Stream.concat(always.stream(), Stream.of(others).flatMap(Optional::stream))
                .toList();
    }
}
