package lowrank.report;

import java.util.List;
import java.util.Optional;
import lowrank.training.TrainingPlan;

/**
 * What notebook 04 computes.
 *
 * @param images to calibrate with
 * @param imageCounts numbers of images compared, ascending
 * @param ranks at which all layers are cut
 * @param stepRanks at which the steps of the method are compared
 * @param searches whether a budget is searched for
 * @param shares of the dense network's parameters that ranks are chosen for, descending
 * @param tunedShares those of them at which networks are trained on; where images are moved, all are
 * @param fineTuning of the compressed networks, with the dense one as teacher; see {@link #fineTuning(double)}
 * @param temperature of the teacher
 * @param shifted the dense network on images that are moved at random; none where it is left out
 */
public record AwarePlans(int images, List<Integer> imageCounts, List<Integer> ranks, List<Integer> stepRanks,
    boolean searches, List<Double> shares, List<Double> tunedShares, TrainingPlan fineTuning, double temperature,
    Optional<TrainingPlan> shifted) {
  private static final double SMALL = 0.025;

  /**
   * The plan for fine-tuning networks of this share: small ones learn at twice the rate. On validation, with moved images and
   * one seed: at 4 % 98.82 % with 1.5e-3 and 98.76 % with 3e-3; at 2 % 97.36 % with 3e-3, and 97.34 % with labels in place
   * of the teacher, in half the time.
   */
  public TrainingPlan fineTuning(double share) {
    return share < SMALL ? fineTuning.withLearningRate(2 * fineTuning.learningRate()) : fineTuning;
  }

  /** The same for networks whose dense one learned from moved images. */
  public TrainingPlan shiftedFineTuning(double share) {
    return fineTuning(share).withShift(shifted.map(TrainingPlan::shift).orElse(0));
  }
}
