package lowrank.results;

import java.util.regex.Pattern;

/**
 * One network measured: a line of {@code results.csv}.
 *
 * @param part the notebook, from 1
 * @param method {@code dense}, {@code truncated}, {@code fine-tuned}, {@code dynamic}, ...: in lower case, with hyphens
 * @param augmentation of the training images: {@code none}, {@code shift}, ...
 * @param data name of the data set, {@code MNIST} or {@code SyntheticDigits}
 * @param seed of the dense network and all that was made of it
 * @param ranks those of the hidden layers in order, separated by one blank each, or {@code full}
 * @param parameters all numbers the network needs: biases and output layer included, singular values folded in
 * @param bytes of the file saved
 * @param epochs of the training done after the dense network, 0 for truncation
 * @param seconds those epochs took, kept to a tenth
 * @param validationAccuracy a fraction, 0 to 1
 * @param testAccuracy a fraction, 0 to 1
 */
public record CompressionResult(
        String part,
        String method,
        String augmentation,
        String data,
        long seed,
        String ranks,
        long parameters,
        long bytes,
        int epochs,
        double seconds,
        double validationAccuracy,
        double testAccuracy) {

    /** The value of {@code ranks} for a network whose layers were left whole. */
    public static final String FULL = "full";
    /** The method of the network that all others are compared with. */
    public static final String DENSE = "dense";

    private static final Pattern PART = Pattern.compile("[1-9][0-9]*");
    private static final Pattern WORD = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]*");
    private static final Pattern RANKS = Pattern.compile("full|[1-9][0-9]*( [1-9][0-9]*)*");

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a text does not have its form, a count is negative, there are no parameters,
     *     seconds are negative or not finite, or an accuracy is outside 0 to 1
     */
    public CompressionResult {
        match("part", part, PART, "a number from 1, without leading zeros");
        match("method", method, WORD, "lower-case words joined by hyphens, such as fine-tuned");
        match("augmentation", augmentation, WORD, "lower-case words joined by hyphens, such as none");
        match("data", data, NAME, "letters, digits, blanks, '.', '_' and '-', such as MNIST");
        match("ranks", ranks, RANKS, "\"full\" or positive numbers separated by one blank each");
        atLeast("parameters", parameters, 1);
        atLeast("bytes", bytes, 0);
        atLeast("epochs", epochs, 0);
        range("seconds", seconds, Double.MAX_VALUE, "a finite number from 0");
        range("validation accuracy", validationAccuracy, 1, "a fraction from 0 to 1");
        range("test accuracy", testAccuracy, 1, "a fraction from 0 to 1");
        seconds = Math.round(seconds * 10) / 10.0;
    }

    /** Whether another result measures the same network: a later one then takes its place. */
    public boolean isOfSameNetwork(CompressionResult other) {
        return part.equals(other.part)
                && method.equals(other.method)
                && augmentation.equals(other.augmentation)
                && data.equals(other.data)
                && seed == other.seed
                && ranks.equals(other.ranks);
    }

    /** Whether this is the network that all others are compared with. */
    public boolean isDense() {
        return method.equals(DENSE);
    }

    /** The ranks as short as they can be said: {@code 20} for five times 20, else as they are. */
    public String shortRanks() {
        String[] each = ranks.split(" ");
        for (String rank : each) {
            if (!rank.equals(each[0])) {
                return ranks;
            }
        }
        return each[0];
    }

    private static void match(String what, String value, Pattern form, String rule) {
        if (value == null || !form.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " \"" + value + "\" is not " + rule);
        }
    }

    private static void atLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " " + value + " is below " + least);
        }
    }

    private static void range(String what, double value, double most, String rule) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(what + " " + value + " is not " + rule);
        }
    }
}
