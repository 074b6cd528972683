package lowrank.training;

/**
 * Receives the progress of one training, in its thread. Called after each minibatch and after each epoch, so it should
 * return quickly.
 */
@FunctionalInterface
public interface Progress {
    /** Ignores all progress. */
    Progress NONE = (soFar, state) -> {};

    /**
     * @param soFar the finished epochs
     * @param state where the training is now
     */
    void update(TrainingHistory soFar, State state);

    /** The training was found among those of an earlier run and is reused: no other call follows for it. */
    default void kept(TrainingHistory whole) {}

    /** The training was interrupted, with this message: no other call follows for it. */
    default void stopped(String sentence) {}

    /**
     * The state of a training.
     *
     * @param epoch running now, from 1
     * @param epochs in all
     * @param batch finished last in this epoch, from 1
     * @param batches of an epoch
     * @param loss mean of this epoch's minibatches so far
     */
    record State(int epoch, int epochs, int batch, int batches, double loss) {}
}
