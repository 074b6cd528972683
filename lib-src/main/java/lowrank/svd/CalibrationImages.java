package lowrank.svd;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import lowrank.linalg.Workspaces;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Batches of images as floats in 'f' order. All who look at the same array share one copy while its numbers stay the
 * same; the last one to release it gives its memory back.
 */
final class CalibrationImages {
    private static final int BATCH = 1000;
    /** Weak: a copy that nobody releases is the collector's. */
    private static final List<WeakReference<CalibrationImages>> COPIES = new ArrayList<>();

    private final WeakReference<INDArray> source;
    private final List<INDArray> batches = new ArrayList<>();
    private int users;

    private CalibrationImages(INDArray images) {
        source = new WeakReference<>(images);
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            views(images)
                    .forEach(view -> batches.add(view.castTo(DataType.FLOAT).dup('f')));
        }
    }

    /** To be released by each who asked for it. */
    static CalibrationImages of(INDArray images) {
        synchronized (COPIES) {
            COPIES.removeIf(copy -> copy.get() == null);
            CalibrationImages found = COPIES.stream()
                    .map(WeakReference::get)
                    .filter(copy -> copy != null && copy.isCopyOf(images))
                    .findFirst()
                    .orElseGet(() -> new CalibrationImages(images));
            if (found.users == 0) {
                COPIES.add(new WeakReference<>(found));
            }
            found.users++;
            return found;
        }
    }

    /** Not to be modified. */
    List<INDArray> batches() {
        return batches;
    }

    /** To be called once by each user. */
    void release() {
        synchronized (COPIES) {
            users--;
            if (users == 0) {
                COPIES.removeIf(copy -> copy.get() == this);
                Workspaces.free(batches, List.of());
            }
        }
    }

    private boolean isCopyOf(INDArray images) {
        if (source.get() != images) {
            return false;
        }
        List<INDArray> views = views(images);
        for (int i = 0; i < views.size(); i++) {
            try (MemoryWorkspace scratch = Workspaces.open()) {
                if (!views.get(i).castTo(DataType.FLOAT).eq(batches.get(i)).all()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<INDArray> views(INDArray images) {
        List<INDArray> views = new ArrayList<>();
        for (long from = 0; from < images.size(0); from += BATCH) {
            views.add(images.get(NDArrayIndex.interval(from, Math.min(images.size(0), from + BATCH))));
        }
        return views;
    }
}
