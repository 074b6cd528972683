package lowrank.training;

/** Who wants to know how a training goes. Called after each minibatch and after each epoch: answer quickly. */
@FunctionalInterface
public interface Progress {
    /** Nobody wants to know. */
    Progress NONE = (soFar, state) -> {};

    /**
     * @param soFar the finished epochs
     * @param state where the training is now
     */
    void update(TrainingHistory soFar, State state);

    /** A training of an earlier run was found and is used: nothing else is told of it. */
    default void kept(TrainingHistory whole) {}

    /** The training was interrupted, with this sentence: nothing else is told of it. */
    default void stopped(String sentence) {}

    /**
     * Where a training is.
     *
     * @param epoch running now, from 1
     * @param epochs in all
     * @param batch finished last in this epoch, from 1
     * @param batches of an epoch
     * @param loss mean of this epoch's minibatches so far
     * @param secondsElapsed since the training began
     * @param secondsLeft at the pace so far
     */
    record State(
            int epoch, int epochs, int batch, int batches, double loss, double secondsElapsed, double secondsLeft) {}
}
