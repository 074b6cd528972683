package lowrank.notebook;

import java.util.List;
import java.util.Optional;
import lowrank.training.TrainingPlan;

/**
 * What notebooks 04 and 05 compute.
 *
 * <p>Chosen on validation digits; {@code lib-src/EXPERIMENTS.md} lists what was tried.
 *
 * @param images number of calibration images
 * @param imageCounts numbers of images compared, ascending
 * @param ranks at which all layers are cut
 * @param stepRanks at which the steps of the method are compared
 * @param searches whether a budget is searched for
 * @param shares of the dense network's parameters that ranks are chosen for, descending
 * @param narrowShares that widths and ranks are chosen for together, descending
 * @param fineTuning of the compressed networks
 * @param narrowFineTuning of narrower networks: the same for longer
 * @param refinement of narrower networks without labels, on the output of the dense network
 * @param temperature of the dense network as a teacher
 * @param shifted the plan for training the dense network on, with images that are moved at random; empty if it is left
 *     out
 * @param shiftedShares that ranks are chosen for then
 * @param shiftedNarrowShares that widths and ranks are chosen for then
 */
public record CompressionPlans(
        int images,
        List<Integer> imageCounts,
        List<Integer> ranks,
        List<Integer> stepRanks,
        boolean searches,
        List<Double> shares,
        List<Double> narrowShares,
        TrainingPlan fineTuning,
        TrainingPlan narrowFineTuning,
        TrainingPlan refinement,
        double temperature,
        Optional<TrainingPlan> shifted,
        List<Double> shiftedShares,
        List<Double> shiftedNarrowShares) {

    /** A plan for fine-tuning as it is for networks made from a dense one that was trained on moved images. */
    public TrainingPlan onShifted(TrainingPlan plan) {
        return shifted.map(moved -> plan.withShift(moved.shift()).withElastic(moved.elastic()))
                .orElse(plan);
    }

    /** The plan for training narrower networks on, with their weights rounded as an int4 file keeps them. */
    public TrainingPlan rounding() {
        return narrowFineTuning
                .withEpochs(Math.min(4, narrowFineTuning.epochs()))
                .withLearningRate(1e-3);
    }
}
