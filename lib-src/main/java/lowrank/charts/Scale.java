package lowrank.charts;

/** How values are laid out along an axis. */
public enum Scale {
    /** Equal steps are equal lengths. */
    LINEAR {
        @Override
        double of(double value) {
            return value;
        }
    },
    /** Equal ratios are equal lengths; values must be above 0. */
    LOGARITHMIC {
        @Override
        double of(double value) {
            return Math.log10(value);
        }
    },
    /**
     * Percent: halving the distance to 100 % takes the same length everywhere, so 98.5, 98.8 and 70 can be told apart.
     */
    ERROR {
        @Override
        double of(double value) {
            return -Math.log10(Math.max(LEAST_ERROR, 100 - value));
        }
    };

    /** Errors below this, in percent, are drawn here. */
    static final double LEAST_ERROR = 0.05;

    abstract double of(double value);
}
