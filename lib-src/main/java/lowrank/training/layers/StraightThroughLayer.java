package lowrank.training.layers;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.zip.CRC32C;
import lowrank.linalg.Blas;
import lowrank.network.LowRankFactors;
import lowrank.svd.SubspaceTracker;
import lowrank.training.Truncation;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The dense layer of dynamic SVD. With {@code T_r(W) = L R}, the truncated SVD of the weights at rank r,
 *
 * <pre>
 *   forward    z  = (x L) R + b
 *   backward   dW = xᵀ δ             the gradient at the truncated weights, applied to the full ones
 *              δ' = (δ Rᵀ) Lᵀ
 * </pre>
 *
 * For the gradient, the truncation is treated as the identity: the straight-through estimator (Bengio, Léonard and
 * Courville 2013). Of the large products in a dense layer, only dW is left.
 *
 * <p>Training renews the factors as {@link Truncation} says. {@code output} uses separate factors, those of the exact
 * truncated SVD of the current weights: the score is always that at rank r, and computing it does not affect the
 * training.
 *
 * <p>Where the truncation follows a single rank at each step, the step also removes a small share d of what is cut off,
 * {@code W − L R}. Otherwise directions on both sides of the cut become equally large and change places, which all
 * later layers feel.
 *
 * <p>With several ranks, a minibatch in training is divided into equal parts, one for each, the largest rank first. L
 * and R are of the largest rank that is not full; a part at a smaller one uses their leading columns and rows, a part
 * at full rank uses W itself. {@code output} then uses the largest rank for all rows.
 */
public final class StraightThroughLayer extends OnePassLayer<StraightThroughDense> {
    private static final long serialVersionUID = 1L;

    /** d. On validation, 0 loses 0.2 points, and 0.05 is no better. */
    private static final double DISCARD_DECAY = 0.005;

    /** What training computes with; null before the first step. */
    private transient SubspaceTracker tracker;

    private transient int epoch;
    private transient boolean stale;
    /** The exact truncation, for {@code output} and for the start of an epoch, and the weights it belongs to. */
    private transient SubspaceTracker exact;

    private transient long exactOf;

    StraightThroughLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    /** See {@link SubspaceTracker#energyGap}; NaN before the first pass. */
    public double energyGap() {
        return tracker == null ? Double.NaN : tracker.energyGap(weights());
    }

    @Override
    void forward(INDArray x, INDArray z, boolean training) {
        if (!training && layerConf().fullParts() > 0) {
            Nd4j.gemm(x, weights(), z, false, false, 1, 0);
            return;
        }
        if (training) {
            renew();
        }
        LowRankFactors factors = (training ? tracker : exact()).factors();
        INDArray inner = x.mmul(factors.left());
        Nd4j.gemm(training ? cut(inner) : inner, factors.right(), z, false, false, 1, 0);
        if (training) {
            multiplyFull(x, false, z);
        }
    }

    @Override
    void backward(INDArray delta, INDArray next) {
        LowRankFactors factors = tracker.factors();
        INDArray inner = Nd4j.gemm(delta, factors.right(), false, true);
        Nd4j.gemm(cut(inner), factors.left(), next, false, true, 1, 0);
        multiplyFull(delta, true, next);
        stale = true;
    }

    /**
     * Sets the directions beyond the rank of each part to zero. Ranks descend, so those of the parts after it as well.
     */
    private INDArray cut(INDArray inner) {
        int[] ranks = layerConf().ranks;
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] < inner.columns()) {
                inner.get(
                                NDArrayIndex.interval(inner.rows() * i / ranks.length, inner.rows()),
                                NDArrayIndex.interval(ranks[i], inner.columns()))
                        .assign(0);
            }
        }
        return inner;
    }

    /** The first rows, those of the parts at full rank, multiplied by the weights or by their transpose. */
    private void multiplyFull(INDArray x, boolean transposed, INDArray product) {
        int parts = layerConf().fullParts();
        int rows = parts == 0 ? 0 : x.rows() * parts / layerConf().ranks.length;
        if (rows > 0) {
            INDArrayIndex[] first = {NDArrayIndex.interval(0, rows), NDArrayIndex.all()};
            Blas.product(1, x.get(first), false, weights(), transposed, 0, product.get(first));
        }
    }

    private INDArray weights() {
        return getParam(DefaultParamInitializer.WEIGHT_KEY);
    }

    private void renew() {
        boolean newEpoch = epoch != getEpochCount();
        epoch = getEpochCount();
        Truncation truncation = layerConf().truncation;
        if (tracker == null || newEpoch || stale && truncation == Truncation.EXACT_EACH_STEP) {
            tracker = exact();
            exact = null; // the tracker moves on from here
        } else if (stale) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                switch (truncation) {
                    case TRACKED_EACH_STEP -> tracker.follow(weights());
                    case PROJECTED_EACH_EPOCH -> tracker.project(weights());
                    default -> {}
                }
            }
        }
        if (stale && (truncation == Truncation.TRACKED_EACH_STEP || truncation == Truncation.EXACT_EACH_STEP)) {
            decayDiscarded();
        }
        stale = false;
    }

    /** {@code W ← W − d (W − L R)}. */
    private void decayDiscarded() {
        if (Arrays.stream(layerConf().ranks).allMatch(each -> each == layerConf().rank)) {
            LowRankFactors kept = tracker.factors();
            Blas.product(DISCARD_DECAY, kept.left(), false, kept.right(), false, 1 - DISCARD_DECAY, weights());
        }
    }

    private SubspaceTracker exact() {
        long now = fingerprint(weights());
        if (exact == null || exactOf != now) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                exact = new SubspaceTracker(layerConf().rank, layerConf().oversampling);
                exact.restart(weights());
                exactOf = now;
            }
        }
        return exact;
    }

    /** A checksum over every bit of the weights: keeping a copy for comparison would double the memory. */
    private static long fingerprint(INDArray w) {
        Pointer start = w.data().addressPointer().getPointer(0);
        var checksum = new CRC32C();
        checksum.update(start.capacity(start.position() + w.length()).asByteBuffer());
        Reference.reachabilityFence(w);
        return checksum.getValue();
    }
}
