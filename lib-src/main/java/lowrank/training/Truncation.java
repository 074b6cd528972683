package lowrank.training;

/** When dynamic SVD renews the truncated weights that the forward pass uses. */
public enum Truncation {
  /** At every minibatch, by following the leading subspace; exactly at the start of each epoch. */
  TRACKED_EACH_STEP,
  /** At every minibatch, by a full SVD: the reference, some fifty dense steps a step. */
  EXACT_EACH_STEP,
  /**
   * At the start of each epoch only, by a full SVD. Within the epoch the weights are projected on the left subspace found
   * there. (Truncated weights that stand still while the full ones move give no answer to what was learned: training
   * ran away with them.)
   */
  EXACT_EACH_EPOCH
}
