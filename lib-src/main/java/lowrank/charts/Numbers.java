package lowrank.charts;

import java.util.Locale;

/** Numbers as the report prints them, the same in every locale. */
public final class Numbers {
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;

    private Numbers() {}

    /** {@code 0.9852} as {@code 98.52 %}. */
    public static String percent(double fraction) {
        return format("%.2f %%", 100 * fraction);
    }

    /** Mean and standard deviation as {@code 98.52 ± 0.04 %}; the mean alone where the deviation is not a number. */
    public static String percent(double mean, double deviation) {
        return Double.isNaN(deviation) ? percent(mean) : format("%.2f ± %.2f %%", 100 * mean, 100 * deviation);
    }

    /** {@code 215370} as {@code 215,370}. */
    public static String count(long number) {
        return format("%,d", number);
    }

    /** {@code 861480} bytes as {@code 0.86 MB}, in powers of ten; below 0.1 MB as {@code 95.3 kB}. */
    public static String bytes(long bytes) {
        if (bytes < KILO) {
            return bytes + " bytes";
        }
        return bytes < 0.1 * MEGA ? format("%.1f kB", bytes / KILO) : format("%,.2f MB", bytes / MEGA);
    }

    /** Seconds as {@code 8 s}, {@code 3 min 05 s} or {@code 1 h 02 min}. */
    public static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? format("%d min %02d s", whole / 60, whole % 60)
                : format("%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /**
     * A number without needless digits: at most four significant ones, with {@code 0.5} and {@code 12,345} left as they
     * are.
     */
    public static String plain(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return count((long) value);
        }
        if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e4) {
            int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
            return format("%,." + decimals + "f", value).replaceFirst("(\\.[0-9]*[1-9])0+$", "$1");
        }
        return format("%.3g", value);
    }

    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
