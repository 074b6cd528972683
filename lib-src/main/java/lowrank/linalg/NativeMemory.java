package lowrank.linalg;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives memory outside the Java heap back at once, without waiting for the garbage collector. */
public final class NativeMemory {
    private NativeMemory() {}

    /**
     * Gives back the memory of arrays that nobody reads any more. Parts of other arrays, and what lives in a workspace,
     * are left as they are.
     *
     * @param arrays null where there is none
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
     * Gives back the parameters, gradients and updater state of a network that nobody uses any more. DL4J's own
     * {@code close} also destroys the workspaces of this thread, whoever uses them, and runs the collector.
     */
    public static void free(MultiLayerNetwork network) {
        free(network.params(), network.getFlattenedGradients());
        Updater updater = network.getUpdater(false);
        if (updater != null) {
            free(updater.getStateViewArray());
        }
    }
}
