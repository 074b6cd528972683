/** The DL4J layers, updaters and dropout that {@code lowrank.training} puts into a network while it is trained. */
package lowrank.training.layers;
