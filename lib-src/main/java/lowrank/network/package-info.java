/** DL4J networks of dense layers: their shape, weights, parameter counts, factorized form and files. */
package lowrank.network;
