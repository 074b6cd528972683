/**
 * LAPACK, BLAS and native memory, for use inside this library only.
 *
 * <p>The code that makes an array which outlives a method and is not returned has to free it. Temporary results of one
 * batch or one layer are in {@link lowrank.linalg.Workspaces}, which end with a block. Activations that are carried
 * from layer to layer belong to {@link lowrank.linalg.Activations}, the only place that decides when a batch may be
 * overwritten. Everything else is freed by {@link lowrank.linalg.NativeMemory}, in a {@code finally} or a {@code close}
 * where that is easy; after an interrupt, what is left waits for the garbage collector. Networks and arrays that a
 * public method returns belong to the caller, and so do those it takes.
 */
package lowrank.linalg;
