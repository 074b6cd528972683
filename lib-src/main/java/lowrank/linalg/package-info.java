/**
 * LAPACK, BLAS and native memory, for the rooms of this library alone.
 *
 * <p>Who gives native memory back: whoever made an array that outlives a method and is not returned. What is computed
 * of one batch or one layer and forgotten with it lives in {@link lowrank.linalg.Workspaces}, which end with a block.
 * What is carried from layer to layer belongs to {@link lowrank.linalg.Activations}, the one place that says when a
 * batch may be overwritten. All else is given back by {@link lowrank.linalg.NativeMemory}, in a {@code finally} or a
 * {@code close} where that is easy; after an interrupt, what is left waits for the garbage collector. Networks and
 * arrays that a public method returns are the caller's, and those it takes stay so.
 */
package lowrank.linalg;
