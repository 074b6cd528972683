package lowrank.inference;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of a float matrix in place, valid only as long as the caller holds the array.
 *
 * @param start of the first row
 * @param count of the rows
 * @param byRow whether the numbers of a row are contiguous; otherwise those of a column are
 * @param stride numbers from a row to the next, or from a column to the next
 */
record FloatRows(FloatPointer start, long count, boolean byRow, int stride) {
    /** Whether the numbers of rows or of columns are contiguous, without overlap. */
    static boolean inOrder(INDArray x) {
        return byRow(x) || byColumn(x);
    }

    static FloatRows of(INDArray x) {
        boolean byRow = byRow(x);
        long stride = x.size(byRow ? 0 : 1) == 1 ? x.size(byRow ? 1 : 0) : x.stride(byRow ? 0 : 1);
        return new FloatRows(pointer(x), x.size(0), byRow, Math.toIntExact(stride));
    }

    static FloatPointer pointer(INDArray x) {
        return (FloatPointer) x.data().addressPointer();
    }

    private static boolean byRow(INDArray x) {
        return (x.size(1) == 1 || x.stride(1) == 1) && (x.size(0) == 1 || x.stride(0) >= x.size(1));
    }

    private static boolean byColumn(INDArray x) {
        return (x.size(0) == 1 || x.stride(0) == 1) && (x.size(1) == 1 || x.stride(1) >= x.size(0));
    }
}
