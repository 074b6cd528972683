package lowrank.results;

import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Results to test with. */
public final class Samples {
    public static final long DENSE_PARAMETERS = 5_012_490;

    private Samples() {}

    public static Table dense(long seed, double test) {
        return result("1", Results.DENSE, Results.FULL, seed, DENSE_PARAMETERS, test);
    }

    public static Table truncated(int rank, long seed, double test) {
        return result("1", "truncated", uniform(rank), seed, 5L * rank * 2048 + 15_370, test);
    }

    public static Table fineTuned(int rank, long seed, double test) {
        return result("2", "fine-tuned", uniform(rank), seed, 215_370, test);
    }

    /** On MNIST, without augmentation. */
    public static Table result(String part, String method, String ranks, long seed, long parameters, double test) {
        Table table = Results.empty();
        Row row = table.appendRow();
        row.setString(Results.PART, part);
        row.setString(Results.METHOD, method);
        row.setString(Results.AUGMENTATION, "none");
        row.setString(Results.DATA, "MNIST");
        row.setLong(Results.SEED, seed);
        row.setString(Results.RANKS, ranks);
        row.setLong(Results.PARAMETERS, parameters);
        row.setLong(Results.BYTES, parameters * 4 + 1000);
        row.setInt(Results.EPOCHS, 0);
        row.setDouble(Results.SECONDS, 0);
        row.setDouble(Results.VALIDATION, test);
        row.setDouble(Results.TEST, test);
        return table;
    }

    /** The one row with another text. */
    public static Table with(Table one, String column, String text) {
        one.row(0).setString(column, text);
        return one;
    }

    /** All rows in one table. */
    public static Table of(Table... several) {
        Table all = Results.empty();
        for (Table one : several) {
            all.append(one);
        }
        return all;
    }

    /** Row by row, as it would stand in a file. */
    public static String text(Table results) {
        return results.write().toString("csv");
    }

    public static String uniform(int rank) {
        return (rank + " ").repeat(5).trim();
    }
}
