package lowrank.training;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A trained network and the history of its training.
 *
 * @param seed of everything random in the training
 * @param network without optimizer or dropout: ready for {@code output} or for another plan
 * @param history of the training
 */
public record TrainedNetwork(long seed, MultiLayerNetwork network, TrainingHistory history) {}
