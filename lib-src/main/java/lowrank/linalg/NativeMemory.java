package lowrank.linalg;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Frees memory outside the Java heap at once, without waiting for the garbage collector. */
public final class NativeMemory {
    private NativeMemory() {}

    /**
     * Frees the memory of arrays that are no longer used. Views of other arrays, and arrays in a workspace, are left
     * alone.
     *
     * @param arrays may contain null
     */
    public static void free(INDArray... arrays) {
        free(Arrays.asList(arrays));
    }

    /** The same. */
    public static void free(List<INDArray> arrays) {
        for (INDArray array : arrays) {
            if (array != null && array.closeable()) {
                array.close();
            }
        }
    }

    /**
     * Frees the parameters, gradients and updater state of a network that is no longer used. DL4J's own {@code close}
     * also destroys the workspaces of this thread, even if they are in use, and runs the collector.
     */
    public static void free(MultiLayerNetwork network) {
        free(network.params(), network.getFlattenedGradients());
        Updater updater = network.getUpdater(false);
        if (updater != null) {
            free(updater.getStateViewArray());
        }
    }
}
