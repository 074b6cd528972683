package lowrank.results;

/** Results to test with. */
public final class Samples {
    public static final long DENSE_PARAMETERS = 5_012_490;

    private Samples() {}

    public static CompressionResult dense(long seed, double test) {
        return result("1", "dense", "full", seed, DENSE_PARAMETERS, test);
    }

    public static CompressionResult truncated(int rank, long seed, double test) {
        return result("1", "truncated", uniform(rank), seed, 5L * rank * 2048 + 15_370, test);
    }

    public static CompressionResult fineTuned(int rank, long seed, double test) {
        return result("2", "fine-tuned", uniform(rank), seed, 215_370, test);
    }

    public static CompressionResult result(
            String part, String method, String ranks, long seed, long parameters, double test) {
        return new CompressionResult(
                part, method, "none", "MNIST", seed, ranks, parameters, parameters * 4 + 1000, 0, 0, test, test);
    }

    public static String uniform(int rank) {
        return (rank + " ").repeat(5).trim();
    }
}
