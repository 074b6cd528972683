/** Linear algebra of compression: singular value decompositions of weight matrices and what is kept of them. */
package lowrank.svd;
