package lowrank.svd;

import java.util.Arrays;
import java.util.stream.IntStream;
import lowrank.linalg.Interruption;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The neurons that a layer reads, in the order in which they are worth keeping: each next one explains most of what the
 * ones before it leave unexplained of the layer's pre-activations.
 *
 * <p>For neurons h of covariance C and pre-activations {@code h W}, whose errors e cost {@code e G eᵀ} with {@code G =
 * M Mᵀ}, this is the Cholesky factorization of C with pivots, which is the pivoted QR factorization of the centred
 * activations: an interpolative decomposition {@code A ≈ A[:, J] T} (Chee et al. 2021). The pivot is not the neuron
 * that varies most, but the one with the largest {@code ‖c_j W M‖² / C_jj}, of what is left of the covariance; c_j is
 * its row.
 *
 * @param order positions of all neurons, those worth most first; the ones that never change are last
 * @param losses {@code losses[k]}: what the best prediction of the pre-activations from the first k neurons costs, from
 *     all that they vary, k = 0, down to 0
 */
record NeuronOrder(int[] order, double[] losses) {
    /** Added to each variance, relative to their mean. On validation, 1e-4 and 1e-2 gave the same accuracy. */
    private static final double FLOOR = 1e-3;
    /** Of the loss without any neuron: below it, the order no longer matters, and the rest counts as evenly spread. */
    private static final double NEGLIGIBLE = 1e-5;

    /**
     * @param c C, {@code [n, n]}, double, symmetric; not modified
     * @param weighted {@code W M}, {@code [n, m]}, double; not modified
     */
    static NeuronOrder of(INDArray c, INDArray weighted) {
        INDArray x = Nd4j.gemm(c, weighted, false, false);
        double all = x.mul(weighted).sumNumber().doubleValue();
        return of(columns(c), columns(Nd4j.gemm(x, x, false, true)), all);
    }

    /** Of neurons none of which can be left out. */
    static NeuronOrder whole(int n) {
        double[] losses = new double[n + 1];
        Arrays.fill(losses, 0, n, Double.POSITIVE_INFINITY);
        return new NeuronOrder(IntStream.range(0, n).toArray(), losses);
    }

    /** Whether some may be left out. */
    boolean narrows() {
        return losses[0] < Double.POSITIVE_INFINITY;
    }

    /**
     * @param c C, column by column
     * @param s {@code (C W M)(C W M)ᵀ}, column by column
     * @param all the loss without any neuron
     */
    private static NeuronOrder of(double[][] c, double[][] s, double all) {
        int n = c.length;
        double[] variance = new double[n];
        double[] worth = new double[n];
        double floor = 0;
        for (int i = 0; i < n; i++) {
            floor += FLOOR * c[i][i] / n;
        }
        for (int i = 0; i < n; i++) {
            c[i][i] += floor;
            variance[i] = c[i][i];
            worth[i] = s[i][i];
        }
        int[] order = new int[n];
        double[] losses = new double[n + 1];
        boolean[] taken = new boolean[n];
        losses[0] = all;
        int k = 0;
        for (; k < n && losses[k] > NEGLIGIBLE * all; k++) {
            Interruption.check("choosing neurons");
            int best = best(worth, variance, taken);
            double[] l = c[best];
            double[] t = s[best];
            for (int m = 0; m < k; m++) {
                // C less Σ l lᵀ, and S less Σ (l tᵀ + t lᵀ − g l lᵀ): what is left after the neurons taken before.
                double[] lm = c[order[m]];
                double[] tm = s[order[m]];
                double lj = lm[best];
                double tj = tm[best] - (losses[m] - losses[m + 1]) * lj;
                for (int i = 0; i < n; i++) {
                    l[i] -= lj * lm[i];
                    t[i] -= lj * tm[i] + tj * lm[i];
                }
            }
            double root = Math.sqrt(variance[best]);
            double gain = worth[best] / variance[best];
            for (int i = 0; i < n; i++) {
                l[i] /= root;
                t[i] /= root;
                variance[i] -= l[i] * l[i];
                worth[i] -= 2 * l[i] * t[i] - gain * l[i] * l[i];
            }
            taken[best] = true;
            order[k] = best;
            losses[k + 1] = Math.max(0, losses[k] - gain);
        }
        double rest = k < n ? losses[k] / (n - k) : 0;
        for (int i = 0; i < n; i++) {
            if (!taken[i]) {
                order[k++] = i;
                losses[k] = rest * (n - k);
            }
        }
        return new NeuronOrder(order, losses);
    }

    private static int best(double[] worth, double[] variance, boolean[] taken) {
        int best = -1;
        for (int i = 0; i < worth.length; i++) {
            if (!taken[i] && (best < 0 || worth[i] * variance[best] > worth[best] * variance[i])) {
                best = i;
            }
        }
        return best;
    }

    /** The first k neurons, their positions ascending. */
    int[] first(int k) {
        return Arrays.stream(order, 0, k).sorted().toArray();
    }

    private static double[][] columns(INDArray a) {
        return a.transpose().toDoubleMatrix();
    }
}
