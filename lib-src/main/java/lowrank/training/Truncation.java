package lowrank.training;

/** When and how dynamic SVD renews the truncated weights that the forward pass uses. */
public enum Truncation {
    /** At every minibatch, by following the leading subspace; exactly at the start of each epoch. */
    TRACKED_EACH_STEP,
    /** At every minibatch, by a full SVD: the reference, and by far the most expensive. */
    EXACT_EACH_STEP,
    /**
     * A full SVD at the start of each epoch; during the epoch the weights are projected onto the left subspace found
     * there.
     */
    PROJECTED_EACH_EPOCH,
    /**
     * A full SVD at the start of each epoch; during the epoch the truncated weights stay fixed while the full ones
     * learn.
     */
    FROZEN_EACH_EPOCH
}
