/**
 * Linear algebra of compression: singular value decompositions of weight matrices and what is kept of them, and the
 * choice of neurons, ranks and widths.
 */
package lowrank.svd;
