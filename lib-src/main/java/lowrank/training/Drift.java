package lowrank.training;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import lowrank.data.DigitSet;
import lowrank.linalg.Interruption;
import lowrank.linalg.NativeMemory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * How far the truncated weights in use drift from the exact truncation while a network is trained with dynamic SVD.
 *
 * @param steps minibatches done at each measurement, ascending
 * @param gaps the energy missed, 0 to 1, of the hidden layer that misses most, at each measurement; see
 *     {@link DynamicSvd#energyGaps}
 */
public record Drift(int[] steps, double[] gaps) {

    /**
     * Trains a copy of a network for some minibatches of a plan, and measures every so often, after the weights' update
     * and before the factors follow it. A measurement costs one SVD per layer; it does not affect the training.
     *
     * @param dynamic from {@link DynamicSvd#of}; not modified
     * @param plan gives the learning rate and the other settings; its epochs determine how slowly the rate falls
     * @param steps to train, at most one epoch
     * @param every how many steps lie between measurements, at least 1
     * @throws IllegalArgumentException if {@code steps} is more than the minibatches of an epoch
     * @throws CancellationException if the thread is interrupted
     */
    public static Drift measure(
            MultiLayerNetwork dynamic, TrainingPlan plan, DigitSet train, long seed, int steps, int every) {
        var batches = plan.batches(train, seed);
        if (steps < 1 || steps > batches.batchesPerEpoch() || every < 1) {
            throw new IllegalArgumentException(steps + " steps measured every " + every + ": an epoch has 1 to "
                    + batches.batchesPerEpoch() + " steps, and measurements are at least 1 apart");
        }
        MultiLayerNetwork network = plan.prepare(dynamic, plan.epochs() * batches.batchesPerEpoch(), seed);
        try {
            int[] measured = new int[steps / every];
            double[] gaps = new double[measured.length];
            for (int step = 1; step <= steps; step++) {
                Interruption.check("measuring the drift");
                network.fit(batches.next());
                if (step % every == 0) {
                    measured[step / every - 1] = step;
                    gaps[step / every - 1] =
                            Arrays.stream(DynamicSvd.energyGaps(network)).max().orElseThrow();
                }
            }
            return new Drift(measured, gaps);
        } finally {
            NativeMemory.free(network);
        }
    }
}
