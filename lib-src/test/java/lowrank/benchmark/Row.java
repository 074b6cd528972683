package lowrank.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One comparison.
 *
 * @param ours median, in milliseconds
 * @param theirs median of the reference, in milliseconds
 * @param ratio ours / theirs, of the medians: below 1 ours is faster
 * @param low lower quartile of the ratio over the rounds
 * @param high upper quartile
 * @param rounds their number
 */
record Row(
        String measure,
        int batch,
        int rank,
        double ours,
        String reference,
        double theirs,
        double ratio,
        double low,
        double high,
        int rounds) {
    static final String HEADER = "measure,batch,rank,ours_ms,reference,reference_ms,ratio";

    /**
     * @param ours times, a round each
     * @param theirs times of the same rounds
     */
    static Row of(String measure, int batch, int rank, String reference, double[] ours, double[] theirs) {
        double[] ratios = IntStream.range(0, ours.length)
                .mapToDouble(i -> ours[i] / theirs[i])
                .toArray();
        return new Row(
                measure,
                batch,
                rank,
                quantile(ours, 0.5),
                reference,
                quantile(theirs, 0.5),
                quantile(ours, 0.5) / quantile(theirs, 0.5),
                quantile(ratios, 0.25),
                quantile(ratios, 0.75),
                ratios.length);
    }

    /**
     * How far the median ratio may be off, as a share of it: 1.57 times what lies between the quartiles, over the root
     * of the number of rounds (McGill, Tukey and Larsen 1978).
     */
    double uncertainty() {
        return 1.57 * (high - low) / Math.sqrt(rounds) / ratio;
    }

    /** As in {@code benchmark.csv}. */
    String csv() {
        return String.format(
                Locale.ROOT, "%s,%d,%d,%.4g,%s,%.4g,%.4g", measure, batch, rank, ours, reference, theirs, ratio);
    }

    /** As on the screen. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%-17s %6s %5s %10.4g ms  %-28s %10.4g ms  ratio %6.3g  (quartiles %.3g to %.3g)",
                measure,
                batch == 0 ? "" : batch,
                rank == 0 ? "" : rank,
                ours,
                reference,
                theirs,
                ratio,
                low,
                high);
    }

    /** Linear between the two nearest values. */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
