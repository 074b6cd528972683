package lowrank.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lowrank.data.DataSource;
import lowrank.data.DigitData;
import lowrank.network.LayerWeights;
import lowrank.network.MlpSpec;
import lowrank.training.Progress;
import lowrank.training.TrainingLoop;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The command behind {@code environment/benchmark}: {@code Benchmark FOLDER THREADS CPU [PYTHON PEER]}. JMH is not
 * used: it times one thing after the other, and what is asked here is how two things compare on a machine that changes.
 */
final class Benchmark {
    /** Where the median may be further off than this, the machine is too noisy for a figure. */
    private static final double MOST_UNCERTAINTY = 0.1;

    private static final int TRIES = 3;
    private static final int NOISY = 3;
    private static final int IMAGES = 10_000;

    private Benchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        Optional<PyTorch> torch = arguments.length < 5
                ? Optional.empty()
                : Optional.of(PyTorch.start(Path.of(arguments[3]), Path.of(arguments[4]), threads, folder));
        try {
            String machine = arguments[2] + ", " + threads + " threads, " + LocalDate.now()
                    + torch.map(peer -> ", PyTorch " + peer.version()).orElse("");
            DigitData data = data();
            System.out.println(machine + "; networks trained on " + data.name());
            MultiLayerNetwork dense = trained(data);
            PyTorch.give(LayerWeights.hiddenWeights(dense), folder);
            List<Row> rows = rows(new Duels(dense, data.train().images(0, IMAGES), torch));
            Report.write(folder, rows, machine);
            System.out.println("Written: " + folder.resolve("benchmark.csv") + ", " + folder.resolve("speed.png"));
        } catch (NoisyMachineException e) {
            System.out.println(e.getMessage());
            System.exit(NOISY);
        } finally {
            torch.ifPresent(PyTorch::close);
        }
        System.exit(0); // the native threads would keep the process
    }

    private static List<Row> rows(Duels duels) {
        List<Row> rows = new ArrayList<>();
        for (Duel duel : duels.all()) {
            List<Row> fought = steady(duel);
            fought.forEach(row -> System.out.println(row.text()));
            rows.addAll(fought);
        }
        return rows;
    }

    private static List<Row> steady(Duel duel) {
        Row worst = null;
        for (int i = 0; i < TRIES; i++) {
            List<Row> rows = duel.fought();
            worst = rows.stream()
                    .max((a, b) -> Double.compare(a.uncertainty(), b.uncertainty()))
                    .orElse(null);
            if (worst == null || worst.uncertainty() <= MOST_UNCERTAINTY) {
                return rows;
            }
        }
        throw new NoisyMachineException(worst, MOST_UNCERTAINTY);
    }

    private static DigitData data() throws IOException {
        String folder = System.getenv("MNIST_DIR");
        DataSource source = folder == null || folder.isBlank() ? DataSource.SYNTHETIC_DIGITS : DataSource.MNIST;
        return source.find(folder == null ? null : Path.of(folder), null, System.err::println);
    }

    /** An epoch long: enough for spectra that fall as those of trained networks do. */
    private static MultiLayerNetwork trained(DigitData data) {
        var plan = new TrainingPlan(1, 256, 1e-3, 0.1, 0.2, 1, 0.1, 0);
        return TrainingLoop.train(
                        MlpSpec.MNIST.create(1),
                        plan,
                        data.train(),
                        data.validation().first(100),
                        1,
                        Progress.NONE)
                .network();
    }
}
