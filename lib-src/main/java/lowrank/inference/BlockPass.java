package lowrank.inference;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** What one thread needs to take a block of rows through a network: its own memory, reused for each block. */
final class BlockPass {
    /**
     * How many numbers are copied to the heap at a time: the compiler vectorizes loops over arrays on the heap, but not
     * outside it.
     */
    private static final int CHUNK = 2048;

    private final FloatBuffer[] buffers = new FloatBuffer[2];
    private final FloatPointer[] pointers = new FloatPointer[2];
    private final FloatPointer ones;
    private final float[] oneRow;
    private final float[] chunk = new float[CHUNK];
    private final float[] last;
    private final float[] rows;

    /** For blocks of at most this many rows. */
    BlockPass(List<PackedLayer> layers, int block) {
        int widest = layers.stream().mapToInt(PackedLayer::outputs).max().orElseThrow();
        for (int i = 0; i < 2; i++) {
            buffers[i] = PackedLayer.floats((widest + 1L) * block);
            pointers[i] = new FloatPointer(buffers[i]);
        }
        oneRow = new float[block];
        Arrays.fill(oneRow, 1);
        ones = new FloatPointer(PackedLayer.floats(block).put(0, oneRow));
        int outputs = layers.get(layers.size() - 1).outputs();
        last = new float[outputs * block];
        rows = new float[outputs * block];
    }

    /**
     * Takes rows of the input through all layers.
     *
     * @param x shared with other threads, so not moved
     * @param first the first row
     * @param n how many
     * @param out shared with other threads; row i of the output belongs to row i of the input
     */
    void predict(List<PackedLayer> layers, FloatRows x, long first, int n, FloatPointer out) {
        FloatRows input = new FloatRows(new FloatPointer(x.start()), n, x.byRow(), x.stride());
        long offset = x.start().position() + first * (x.byRow() ? x.stride() : 1);
        int side = 0;
        for (PackedLayer layer : layers) {
            layer.product(input, offset, n, pointers[side], ones);
            if (layer.activation() == PackedLayer.Activation.RELU) {
                relu(buffers[side], layer.outputs() * n);
            }
            buffers[side].put(layer.outputs() * n, oneRow, 0, n);
            input = new FloatRows(pointers[side], n, false, n);
            offset = 0;
            side = 1 - side;
        }
        PackedLayer end = layers.get(layers.size() - 1);
        finish(buffers[1 - side], end.outputs(), n, end.activation());
        new FloatPointer(out).position(out.position() + first * end.outputs()).put(rows, 0, end.outputs() * n);
    }

    private void relu(FloatBuffer z, int count) {
        for (int from = 0; from < count; from += CHUNK) {
            int length = Math.min(CHUNK, count - from);
            z.get(from, chunk, 0, length);
            relu(chunk, length);
            z.put(from, chunk, 0, length);
        }
    }

    private static void relu(float[] z, int count) {
        for (int i = 0; i < count; i++) {
            z[i] = Math.max(z[i], 0);
        }
    }

    /** Writes the columns of the last layer as rows, through its activation. */
    private void finish(FloatBuffer z, int outputs, int n, PackedLayer.Activation activation) {
        z.get(0, last, 0, outputs * n);
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < outputs; i++) {
                rows[row * outputs + i] = last[i * n + row];
            }
            if (activation == PackedLayer.Activation.SOFTMAX) {
                softmax(rows, row * outputs, (row + 1) * outputs);
            }
        }
    }

    private static void softmax(float[] z, int from, int to) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, z[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            z[i] = (float) Math.exp(z[i] - largest);
            sum += z[i];
        }
        for (int i = from; i < to; i++) {
            z[i] = (float) (z[i] / sum);
        }
    }
}
