package lowrank.training;

/**
 * The result of one pass over the training set.
 *
 * @param number from 1
 * @param loss mean training loss of the epoch's minibatches, cross-entropy in nats against smoothed labels
 * @param trainAccuracy at the end of the epoch, on a fixed part of the training set, 0 to 1
 * @param validationAccuracy at the end of the epoch, 0 to 1
 * @param seconds of the epoch's training steps, without the two measurements
 */
public record Epoch(int number, double loss, double trainAccuracy, double validationAccuracy, double seconds) {}
