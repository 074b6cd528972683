package lowrank.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import lowrank.data.DigitSet;
import lowrank.linalg.Interruption;
import lowrank.linalg.NativeMemory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Several networks trained side by side on the same minibatches: how long a step of each takes, and what accuracy it
 * reaches.
 *
 * @param medianSeconds of a step, without the first
 * @param validationAccuracy after the last step, 0 to 1
 */
public record StepComparison(double medianSeconds, double validationAccuracy) {
    /**
     * Trains copies in turn, one minibatch each, so that a machine that slows down slows all of them equally. The first
     * step of each is not timed, because it compiles code and allocates what later steps reuse.
     *
     * @param starts by name; not modified
     * @param plan for all; its learning rate falls over these steps
     * @param steps of each network, at least 2, at most one epoch
     * @return a comparison by name, in the order given
     * @throws CancellationException if the thread is interrupted
     */
    public static Map<String, StepComparison> of(
            Map<String, MultiLayerNetwork> starts,
            TrainingPlan plan,
            DigitSet train,
            DigitSet validation,
            long seed,
            int steps) {
        var batches = plan.batches(train, seed);
        if (steps < 2 || steps > batches.batchesPerEpoch()) {
            throw new IllegalArgumentException(steps + " steps cannot be compared: give 2 to "
                    + batches.batchesPerEpoch() + ", an epoch's minibatches");
        }
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();
        try {
            starts.forEach((name, start) -> networks.put(name, plan.prepare(start, steps, seed)));
            Map<String, double[]> seconds = new LinkedHashMap<>();
            networks.keySet().forEach(name -> seconds.put(name, new double[steps]));
            for (int step = 0; step < steps; step++) {
                DataSet batch = batches.next();
                for (var each : networks.entrySet()) {
                    seconds.get(each.getKey())[step] = step(each.getValue(), batch);
                }
            }
            Map<String, StepComparison> compared = new LinkedHashMap<>();
            networks.forEach((name, network) -> compared.put(
                    name,
                    new StepComparison(
                            median(Arrays.copyOfRange(seconds.get(name), 1, steps)),
                            Accuracy.of(network, validation))));
            return compared;
        } finally {
            networks.values().forEach(NativeMemory::free);
        }
    }

    private static double step(MultiLayerNetwork network, DataSet batch) {
        Interruption.check("the comparison");
        long start = System.nanoTime();
        network.fit(batch);
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
