package lowrank.charts;

/** Labels of ticks: short, and no more digits than the step between two needs. */
final class Ticks {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private Ticks() {}

    /** {@code 97.5} at a step of 0.5, {@code 98} at a step of 1, {@code 20,000} at a step of 10,000. */
    static String label(double at, double step) {
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        String label = Numbers.format("%,." + decimals + "f", at);
        return label.matches("-0[.0]*") ? label.substring(1) : label;
    }

    /** {@code digit · 10^power} as {@code 0.05}, {@code 200}, {@code 10 k}, {@code 5 M} or {@code 10⁻⁵}. */
    static String label(int digit, int power) {
        if (power < -2 || power > 8) {
            return (digit == 1 ? "10" : digit + "·10") + superscript(power);
        }
        if (power < 0) {
            return Numbers.format("%." + -power + "f", digit * Math.pow(10, power));
        }
        if (power >= 6) {
            return Math.round(digit * Math.pow(10, power - 6)) + " M";
        }
        long whole = Math.round(digit * Math.pow(10, power));
        return whole >= 10_000 ? whole / 1000 + " k" : Numbers.count(whole);
    }

    private static String superscript(int power) {
        StringBuilder text = new StringBuilder(power < 0 ? "⁻" : "");
        String.valueOf(Math.abs(power)).chars().forEach(digit -> text.append(SUPERSCRIPTS.charAt(digit - '0')));
        return text.toString();
    }
}
