package lowrank.results;

import java.util.Arrays;

/**
 * Mean and spread of one measurement repeated over seeds.
 *
 * @param mean of all values
 * @param deviation sample standard deviation, {@code NaN} for a single value
 * @param count how many values
 */
public record Summary(double mean, double deviation, int count) {

    /**
     * The summary of at least one value.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Summary of(double... values) {
        double mean = Arrays.stream(values)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("no values to summarize: at least 1 is needed"));
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double deviation = values.length == 1 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
        return new Summary(mean, deviation, values.length);
    }

    /** The deviation, 0 where there is none to know. */
    public double spread() {
        return Double.isNaN(deviation) ? 0 : deviation;
    }
}
