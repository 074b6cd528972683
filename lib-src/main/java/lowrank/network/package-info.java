/**
 * DL4J networks of dense layers: their shape, weights, parameter counts, factorized form, files and fast predictions.
 */
package lowrank.network;
