package lowrank.charts;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * An axis: what it measures, its unit, its scale, its ends and its labelled ticks.
 *
 * @param title with the unit
 * @param scale how values are laid out
 * @param min value at the lower or left end
 * @param max value at the upper or right end, above {@code min}
 * @param ticks labels by their value, ascending
 */
public record Axis(String title, Scale scale, double min, double max, TreeMap<Double, String> ticks) {
    private static final double[] ERROR_TICKS = {0, 20, 50, 70, 80, 90, 95, 97, 98, 98.5, 99, 99.3, 99.5, 99.7, 99.9};
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final double MARGIN = 0.05;
    private static final double WIDE_ERRORS = 6;

    /**
     * @throws IllegalArgumentException if an end is not finite, the ends do not ascend, or a logarithmic axis does not
     *     start above 0
     */
    public Axis {
        double low = scale.of(min);
        double high = scale.of(max);
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "axis \"" + title + "\" from " + min + " to " + max + " cannot be drawn on a " + scale + " scale");
        }
        ticks = new TreeMap<>(ticks.subMap(min, true, max, true));
    }

    /** A linear axis around these values with about five round ticks. */
    public static Axis linear(String title, double... values) {
        double[] ends = ends(title, values);
        double least = Math.max(1e-9, 0.005 * Math.abs(ends[1]));
        if (ends[1] - ends[0] < least) {
            ends = new double[] {ends[0] - least, ends[1] + least};
        }
        double span = ends[1] - ends[0];
        return stepped(title, ends[0] - MARGIN * span, ends[1] + MARGIN * span, step(span / 5));
    }

    /** Like {@link #linear}, with ticks at whole numbers only: epochs, steps. */
    public static Axis whole(String title, double... values) {
        double[] ends = ends(title, values);
        double span = Math.max(1, ends[1] - ends[0]);
        double step = Math.max(1, step(span / 8));
        return stepped(title, ends[0] - 0.03 * span, ends[0] + 1.03 * span, step);
    }

    private static Axis stepped(String title, double min, double max, double step) {
        TreeMap<Double, String> ticks = new TreeMap<>();
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        for (double i = Math.ceil(min / step); i * step <= max; i++) {
            double at = i * step + 0.0; // no negative zero
            ticks.put(at, Numbers.format("%,." + decimals + "f", at));
        }
        return new Axis(title, Scale.LINEAR, min, max, ticks);
    }

    /**
     * A logarithmic axis around these values, all above 0; ticks at 1, 2 and 5 times the powers of ten, or at these
     * alone if they are many.
     */
    public static Axis logarithmic(String title, double... values) {
        double[] ends = ends(title, values);
        if (ends[0] <= 0) {
            throw new IllegalArgumentException(
                    "axis \"" + title + "\" starts at " + ends[0] + "; a logarithmic axis needs values above 0");
        }
        double room = Math.max(0.02, MARGIN * Math.log10(ends[1] / ends[0]));
        double min = ends[0] / Math.pow(10, room);
        double max = ends[1] * Math.pow(10, room);
        double decades = Math.log10(max / min);
        TreeMap<Double, String> ticks = oneTwoFive(min, max);
        if (decades > 2.6) {
            int every = decades > 9 ? 3 : 1;
            ticks.keySet().removeIf(at -> Math.abs(Math.IEEEremainder(Math.log10(at), every)) > 1e-6);
        }
        return new Axis(title, Scale.LOGARITHMIC, min, max, ticks);
    }

    /** Labels at 1, 2 and 5 times the powers of ten around a range. */
    static TreeMap<Double, String> oneTwoFive(double min, double max) {
        TreeMap<Double, String> ticks = new TreeMap<>();
        for (int power = (int) Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
            for (int digit : new int[] {1, 2, 5}) {
                ticks.put(digit * Math.pow(10, power), label(digit, power));
            }
        }
        return ticks;
    }

    /**
     * An axis of accuracies in percent. If they range from far below 100 % to close to it, those close to 100 % could
     * not be told apart on a linear scale. Then the error is drawn on a logarithmic scale, and the title says so.
     */
    public static Axis accuracy(String title, double... percents) {
        double[] ends = ends(title, percents);
        double least = Math.max(Scale.LEAST_ERROR, 100 - ends[1]);
        if ((100 - ends[0]) / least < WIDE_ERRORS) {
            Axis axis = linear(title + " (%)", percents);
            return new Axis(axis.title, Scale.LINEAR, Math.max(0, axis.min), Math.min(100, axis.max), axis.ticks);
        }
        double min = Math.max(0, 100 - (100 - ends[0]) * 1.3);
        double max = 100 - Math.max(Scale.LEAST_ERROR, least * 0.75);
        TreeMap<Double, String> ticks = new TreeMap<>();
        Arrays.stream(ERROR_TICKS).forEach(at -> ticks.put(at, Numbers.plain(at)));
        return new Axis(title + " (%), error on a log scale", Scale.ERROR, min, max, ticks);
    }

    /** An axis of names at 0, 1, 2, ... */
    public static Axis names(String title, List<String> names) {
        TreeMap<Double, String> ticks = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            ticks.put((double) i, names.get(i));
        }
        return new Axis(title, Scale.LINEAR, -0.6, names.size() - 0.4, ticks);
    }

    /** The same axis with these labels at these values. */
    public Axis labelled(TreeMap<Double, String> labels) {
        return new Axis(title, scale, min, max, labels);
    }

    /** Where a value lies, 0 at the lower end to 1 at the upper. */
    double position(double value) {
        return (scale.of(value) - scale.of(min)) / (scale.of(max) - scale.of(min));
    }

    /** The next larger round number: 1, 2 or 5 times a power of ten. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        return DoubleStream.of(power, 2 * power, 5 * power)
                .filter(step -> step > 0.999 * least)
                .findFirst()
                .orElse(10 * power);
    }

    /** {@code digit · 10^power} as {@code 0.05}, {@code 200}, {@code 10 k}, {@code 5 M} or {@code 10⁻⁵}. */
    private static String label(int digit, int power) {
        if (power < -2 || power > 8) {
            String exponent = String.valueOf(Math.abs(power))
                    .chars()
                    .mapToObj(number -> SUPERSCRIPTS.substring(number - '0', number - '0' + 1))
                    .collect(Collectors.joining("", power < 0 ? "⁻" : "", ""));
            return (digit == 1 ? "10" : digit + "·10") + exponent;
        }
        double value = digit * Math.pow(10, power);
        if (value < 10_000) {
            return Numbers.plain(value);
        }
        return Math.round(value < 1e6 ? value / 1e3 : value / 1e6) + (value < 1e6 ? " k" : " M");
    }

    private static double[] ends(String title, double... values) {
        var all = Arrays.stream(values).filter(Double::isFinite).summaryStatistics();
        if (all.getCount() == 0) {
            throw new IllegalArgumentException("axis \"" + title + "\" has no finite value to show");
        }
        return new double[] {all.getMin(), all.getMax()};
    }
}
