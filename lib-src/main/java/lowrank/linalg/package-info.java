/** LAPACK, BLAS and native memory, for the rooms of this library alone. */
package lowrank.linalg;
