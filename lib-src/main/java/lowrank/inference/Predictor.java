package lowrank.inference;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import lowrank.network.InputShape;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Predictions of a network of dense layers, at the speed that low rank allows: the same as {@code output} of the
 * network, with less overhead around the products.
 *
 * <p>Rows go through all layers in blocks of {@value #BLOCK}, which stay in the cache, one thread per block. Outputs of
 * layers are written into memory that is reused, one example per column; the bias is part of the product.
 *
 * <p>Any number of threads may call {@code output} at the same time; a call with more than {@value #BLOCK} rows also
 * uses the threads of the common pool. The weights take about as much memory as those of the network. Each thread that
 * computes at the same time adds twice {@value #BLOCK} columns of the widest layer, and they are kept. This memory is
 * in direct buffers outside the heap (limited by {@code -XX:MaxDirectMemorySize}) and is freed when this object is
 * collected.
 */
public final class Predictor {
    private static final int BLOCK = 32;
    private final List<PackedLayer> layers;
    private final Queue<BlockPass> idle = new ConcurrentLinkedQueue<>();

    private Predictor(List<PackedLayer> layers) {
        this.layers = layers;
    }

    /**
     * Copies the weights of a network: later changes to the network do not affect the predictions.
     *
     * @param network DL4J dense layers with ReLU or no activation, then an output layer or a last dense one with
     *     softmax, ReLU or no activation, in float; with or without biases, factorized or not. Activations may be
     *     separate layers, and the last layer may be a loss layer; dropout layers do nothing here. Not modified
     * @throws IllegalArgumentException if the network is anything else, naming the layer
     */
    public static Predictor of(MultiLayerNetwork network) {
        return new Predictor(PackedLayers.of(network));
    }

    /**
     * The output of the network for each row of x.
     *
     * @param x {@code [n, nIn]}, float, of either order or a view; not modified. If neither its rows nor its columns
     *     are contiguous, as in a view of every second column, it is copied first
     * @return {@code [n, nOut]} in 'c' order, new memory outside of workspaces; with softmax each row sums to 1. The
     *     last digits of a row depend on the number of rows in the call
     * @throws IllegalArgumentException if x has another width, rank or data type
     */
    public INDArray output(INDArray x) {
        requireFit(x);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return x.isEmpty()
                    ? Nd4j.create(DataType.FLOAT, 0, outputs())
                    : output(x, Nd4j.createUninitialized(DataType.FLOAT, new long[] {x.size(0), outputs()}, 'c'));
        }
    }

    /**
     * The same, into an array of the caller: creating a new array takes about a third of the time of one example.
     *
     * @param x as for {@link #output(INDArray)}
     * @param into {@code [n, nOut]}, n at least 1, float, in 'c' order without gaps; overwritten. It shares no memory
     *     with x
     * @return into
     * @throws IllegalArgumentException as {@link #output(INDArray)}, or if {@code into} is not of that kind
     */
    public INDArray output(INDArray x, INDArray into) {
        requireFit(x);
        requireRoom(x.size(0), into);
        if (FloatRows.inOrder(x)) {
            predict(x, into);
            return into;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray copy = x.dup('c')) {
            predict(copy, into);
        }
        return into;
    }

    private void predict(INDArray x, INDArray result) {
        FloatRows rows = FloatRows.of(x);
        FloatPointer out = FloatRows.pointer(result);
        long blocks = (rows.count() + BLOCK - 1) / BLOCK;
        if (blocks == 1) {
            at(bench -> bench.predict(layers, rows, 0, (int) rows.count(), out));
        } else {
            predict(rows, out, (int) blocks);
        }
        Reference.reachabilityFence(x);
        Reference.reachabilityFence(result);
    }

    /** Blocks of about the same size, each taken by the next thread that is free. */
    private void predict(FloatRows rows, FloatPointer out, int blocks) {
        int size = ((int) ((rows.count() + blocks - 1) / blocks) + 7) / 8 * 8;
        AtomicInteger next = new AtomicInteger();
        int threads = Math.min(blocks, ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, threads)
                .parallel()
                .forEach(thread -> at(bench -> {
                    for (long first; (first = (long) size * next.getAndIncrement()) < rows.count(); ) {
                        bench.predict(layers, rows, first, (int) Math.min(size, rows.count() - first), out);
                    }
                }));
    }

    private void at(Consumer<BlockPass> work) {
        BlockPass free = idle.poll();
        BlockPass bench = free != null ? free : new BlockPass(layers, BLOCK);
        try {
            work.accept(bench);
        } finally {
            idle.add(bench);
        }
    }

    private int outputs() {
        return layers.get(layers.size() - 1).outputs();
    }

    private void requireFit(INDArray x) {
        int inputs = layers.get(0).inputs();
        InputShape.require(inputs, x);
        if (x.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("an input of shape " + Arrays.toString(x.shape()) + " and type "
                    + x.dataType() + " does not fit the network: give [n, " + inputs
                    + "] of type FLOAT, by castTo(DataType.FLOAT)");
        }
    }

    private void requireRoom(long n, INDArray into) {
        long[] shape = {n, outputs()};
        if (n == 0
                || !Arrays.equals(shape, into.shape())
                || into.dataType() != DataType.FLOAT
                || into.stride(1) != 1 && shape[1] > 1
                || into.stride(0) != shape[1] && n > 1) {
            throw new IllegalArgumentException("an output of shape " + Arrays.toString(into.shape()) + ", strides "
                    + Arrays.toString(into.stride()) + " and type " + into.dataType() + " has no room for " + n
                    + " rows: give " + Arrays.toString(shape) + " in 'c' order of type FLOAT, of at least one row");
        }
    }
}
