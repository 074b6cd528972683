package lowrank.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of one layer in native memory: Wᵀ with the bias as one more column, which is multiplied by a row of ones.
 * The longer side is contiguous, which makes the product with a single example fast.
 *
 * <p>Products are split into pieces so small that OpenBLAS computes each on the calling thread: up to 2^18
 * multiplications for a matrix, 9216 for a vector (interface/gemm.c and gemv.c of 0.3.19). So threads do not wait for
 * each other, and with AVX-512 nothing has to be packed first.
 */
final class PackedLayer {
    private static final int PIECE = 8192;
    private static final int ROWS = 64;
    private static final int CACHE_LINE = 64;
    private final int inputs;
    private final int outputs;
    private final Activation activation;
    private final boolean byColumn;
    private final int stride;
    private final FloatPointer bias;
    private final List<Tile> tiles;

    /** The activation applied after the product. */
    enum Activation {
        IDENTITY,
        RELU,
        SOFTMAX
    }

    /** A piece of Wᵀ. */
    private record Tile(FloatPointer start, int row, int rows, int column, int columns) {}

    /**
     * @param w {@code [nIn, nOut]}; copied
     * @param b {@code [nOut]}, or null; copied
     * @param first whether the layer reads the input of the network, which has no row of ones
     */
    PackedLayer(INDArray w, INDArray b, Activation activation, boolean first) {
        inputs = w.rows();
        outputs = w.columns();
        this.activation = activation;
        int columns = inputs + (b == null ? 0 : 1);
        byColumn = outputs > inputs;
        stride = oddLines(byColumn ? outputs : columns);
        FloatBuffer packed = floats((long) stride * (byColumn ? columns : outputs));
        pack(w, b, packed);
        FloatPointer start = new FloatPointer(packed);
        bias = b != null && first ? new FloatPointer(start).position(at(0, inputs)) : null;
        tiles = tiles(start, first ? inputs : columns);
    }

    private void pack(INDArray w, INDArray b, FloatBuffer packed) {
        float[] weights = w.dup(byColumn ? 'c' : 'f').data().asFloat();
        float[] biases = b == null ? null : b.toFloatVector();
        int length = byColumn ? outputs : inputs;
        for (int i = 0; i < weights.length / length; i++) {
            packed.put(i * stride, weights, i * length, length);
        }
        for (int row = 0; biases != null && row < outputs; row++) {
            packed.put((int) at(row, inputs), biases[row]);
        }
    }

    /** Where a number of Wᵀ is. */
    private long at(int row, int column) {
        return byColumn ? (long) column * stride + row : (long) row * stride + column;
    }

    /**
     * Room for this many numbers in an odd number of cache lines: with an even number, rows would evict each other from
     * the cache.
     */
    private static int oddLines(int count) {
        int line = CACHE_LINE / Float.BYTES;
        return ((count + line - 1) / line | 1) * line;
    }

    private List<Tile> tiles(FloatPointer start, int columns) {
        List<Tile> pieces = new ArrayList<>();
        int height = share(outputs, Math.max(ROWS, PIECE / columns));
        int width = share(columns, PIECE / height);
        for (int row = 0; row < outputs; row += height) {
            for (int column = 0; column < columns; column += width) {
                pieces.add(new Tile(
                        new FloatPointer(start).position(at(row, column)),
                        row,
                        Math.min(height, outputs - row),
                        column,
                        Math.min(width, columns - column)));
            }
        }
        return pieces;
    }

    /** The size of equal shares of at most this many: a multiple of 8 if that is not larger. */
    private static int share(int total, int most) {
        int shares = (total + most - 1) / most;
        int share = (total + shares - 1) / shares;
        int rounded = (share + 7) / 8 * 8;
        return rounded <= most ? rounded : share;
    }

    /** Zeroed memory outside the heap that is freed with the buffer and starts at a cache line. */
    static FloatBuffer floats(long count) {
        int bytes = Math.toIntExact((count * Float.BYTES / CACHE_LINE + 2) * CACHE_LINE);
        return ByteBuffer.allocateDirect(bytes)
                .alignedSlice(CACHE_LINE)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    Activation activation() {
        return activation;
    }

    /**
     * {@code z = Wᵀ · xᵀ + b}, with one example per column.
     *
     * @param x {@code [n, nIn]}; followed by a column of ones unless the layer is the first. Its position changes
     * @param offset of the first row in x
     * @param n rows of x and columns of z
     * @param z {@code [nOut, n]}, row by row; written. Its position changes
     * @param ones at least n ones
     */
    void product(FloatRows x, long offset, int n, FloatPointer z, FloatPointer ones) {
        for (Tile tile : tiles) {
            x.start().position(offset + (long) tile.column * (x.byRow() ? 1 : x.stride()));
            z.position((long) tile.row * n);
            multiply(tile.start, tile.rows, tile.columns, x, n, tile.column == 0 ? 0 : 1, z);
        }
        if (bias != null) {
            multiply(bias, outputs, 1, new FloatRows(ones, n, false, n), n, 1, z.position(0));
        }
    }

    private void multiply(FloatPointer w, int rows, int columns, FloatRows x, int n, float beta, FloatPointer z) {
        int layout = openblas.CblasRowMajor;
        int turnW = byColumn ? openblas.CblasTrans : openblas.CblasNoTrans;
        if (n == 1) {
            int height = byColumn ? columns : rows;
            int width = byColumn ? rows : columns;
            int step = x.byRow() ? 1 : x.stride();
            openblas.cblas_sgemv(layout, turnW, height, width, 1, w, stride, x.start(), step, beta, z, 1);
        } else {
            int turnX = x.byRow() ? openblas.CblasTrans : openblas.CblasNoTrans;
            openblas.cblas_sgemm(
                    layout, turnW, turnX, rows, n, columns, 1, w, stride, x.start(), x.stride(), beta, z, n);
        }
    }
}
