package lowrank.svd;

import java.util.List;
import lowrank.linalg.Blas;
import lowrank.linalg.Interruption;
import lowrank.linalg.Lapack;
import lowrank.linalg.NativeMemory;
import lowrank.linalg.Workspaces;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The least squares fit F of rows {@code p · F} to rows z, in which a few numbers p explain many numbers z.
 *
 * <p>Before a ReLU, some errors do not matter: where the original pre-activation z is below zero, any prediction below
 * zero is correct. So the target there is the prediction itself or 0, whichever is lower. Fit and target are updated in
 * turn, and the sum of squares falls with each round (majorization: the target is the nearest of all correct ones).
 *
 * @param projected p, batches of {@code [b, k]}, float
 * @param targets z, as many batches of {@code [b, n]}, float
 * @param relu whether a ReLU follows
 */
record RightFactorFit(List<INDArray> projected, List<INDArray> targets, boolean relu) {
    /** Of the fit before a ReLU; a prototype gained nothing from more. */
    private static final int ROUNDS = 8;

    private static final double RIDGE = 1e-6;
    private static final double FAR = 1e30;

    /** The fit found by starting from another one, {@code [k, n]}, which is not modified. */
    INDArray from(INDArray start) {
        Gram gram = new Gram(start.rows(), start.rows());
        projected.forEach(gram::add);
        INDArray root = root(gram.total(), RIDGE);
        List<INDArray> wanted = relu ? Workspaces.map(targets, z -> Transforms.relu(z, true)) : targets;
        List<INDArray> most = relu ? Workspaces.map(targets, RightFactorFit::mostError) : List.of();
        INDArray fit = start.dup('f');
        try {
            for (int round = 0; round < (relu ? ROUNDS : 1); round++) {
                Interruption.check("fitting a layer");
                try (MemoryWorkspace scratch = Workspaces.open()) {
                    fit.addi(Lapack.solve(root, missing(fit, wanted, most)).castTo(DataType.FLOAT));
                }
            }
            return fit;
        } finally {
            if (relu) {
                NativeMemory.free(most);
                NativeMemory.free(wanted);
            }
        }
    }

    /**
     * The upper bound of an error, so that {@code min(max(z, 0) − p F, bound)} is what the prediction lacks: 0 where z
     * is at most 0, and far above any error elsewhere.
     */
    static INDArray mostError(INDArray z) {
        return Transforms.max(z.mul(FAR), 0, false);
    }

    /**
     * Increases the ridge as far as needed if there are fewer directions than columns and the others hold only rounding
     * errors.
     */
    private static INDArray root(INDArray gram, double ridge) {
        try {
            return Weighting.root(gram, ridge);
        } catch (ArithmeticException notPositiveDefinite) {
            return root(gram, 10 * ridge);
        }
    }

    /** {@code Σ pᵀ e} of the errors e that count. */
    private INDArray missing(INDArray fit, List<INDArray> wanted, List<INDArray> most) {
        INDArray sum = Nd4j.create(DataType.DOUBLE, fit.shape(), 'f');
        INDArray product = Nd4j.create(DataType.FLOAT, fit.shape(), 'f');
        INDArray error = null;
        for (int i = 0; i < projected.size(); i++) {
            INDArray p = projected.get(i);
            if (error == null || error.rows() != p.rows()) {
                error = Nd4j.createUninitialized(DataType.FLOAT, wanted.get(i).shape(), 'f');
            }
            error.assign(wanted.get(i));
            Blas.product(-1, p, false, fit, false, 1, error);
            if (relu) {
                Transforms.min(error, most.get(i), false);
            }
            Blas.product(1, p, true, error, false, 0, product);
            sum.addi(product);
        }
        return sum;
    }
}
