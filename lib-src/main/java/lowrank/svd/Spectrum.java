package lowrank.svd;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The singular values of a matrix, and how much of it the leading ones hold.
 *
 * @param values singular values, descending, none negative, at least one
 */
public record Spectrum(double[] values) {
    /** @throws IllegalArgumentException if there is no value, or values are negative or not descending */
    public Spectrum {
        values = values.clone();
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0) || i > 0 && values[i] > values[i - 1]) {
                throw new IllegalArgumentException("singular value " + (i + 1) + " is " + values[i]
                        + ": values must be descending and none negative");
            }
        }
        if (values.length == 0) {
            throw new IllegalArgumentException("a spectrum of no singular values: give at least one");
        }
    }

    static Spectrum of(INDArray s) {
        return new Spectrum(s.toDoubleVector());
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    /** Spectral energy at rank r, {@code Σ_{i≤r} s_i² / Σ s_i²}: 0 to 1; 1 for a zero matrix. */
    public double energy(int rank) {
        double kept = sumOfSquares(0, rank);
        double lost = sumOfSquares(rank, values.length);
        return lost == 0 ? 1 : kept / (kept + lost);
    }

    /**
     * {@code √(Σ_{i>r} s_i² / Σ s_i²)}: the relative error of the best approximation of rank r, in the Frobenius norm.
     * The tail is summed directly, because computing 1 − energy loses precision if the error is small.
     */
    public double relativeError(int rank) {
        double lost = sumOfSquares(rank, values.length);
        return lost == 0 ? 0 : Math.sqrt(lost / (sumOfSquares(0, rank) + lost));
    }

    /** The smallest rank whose energy is at least {@code energy} (0 to 1). */
    public int rankForEnergy(double energy) {
        if (!(energy >= 0 && energy <= 1)) {
            throw new IllegalArgumentException("energy " + energy + " is outside 0..1, the range of a share");
        }
        int rank = 1;
        while (rank < values.length && energy(rank) < energy) {
            rank++;
        }
        return rank;
    }

    /** Σ s² of the values from index {@code from}, counted from 0, to before {@code to}. */
    double sumOfSquares(int from, int to) {
        if (from > to || to > values.length || from < 0) {
            throw new IllegalArgumentException("rank " + Math.max(from, to) + " is outside 0.." + values.length
                    + ", the number of singular values");
        }
        double sum = 0;
        for (int i = to - 1; i >= from; i--) {
            sum += values[i] * values[i];
        }
        return sum;
    }
}
