package lowrank.notebook;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import lowrank.data.DataSource;

/**
 * The settings of a run from the environment. Empty variables count as unset; relative paths start at the folder of the
 * notebook.
 *
 * @param profile {@code LOWRANK_PROFILE}: quick, default (the default) or full
 * @param data {@code LOWRANK_DATA}: MNIST (the default), FashionMNIST or SyntheticDigits
 * @param dataFolder {@code MNIST_DIR} or {@code FASHION_MNIST_DIR}: the folder of the data set's files, or null
 * @param cache {@code LOWRANK_CACHE}: where downloads are kept; by default in the user's cache folder
 * @param output {@code LOWRANK_OUTPUT}: where results go; by default {@code ../target/report}
 * @param checkpoints {@code LOWRANK_CHECKPOINTS}: where trained networks are kept; by default
 *     {@code ../target/checkpoints}
 */
record Settings(Profile profile, DataSource data, Path dataFolder, Path cache, Path output, Path checkpoints) {
    private static final String CACHE_NAME = "low-rank-notebooks";

    /**
     * The settings of these variables, for a notebook in this folder.
     *
     * @throws IllegalArgumentException if a variable has an unknown value
     */
    static Settings of(Map<String, String> environment, Path folder) {
        DataSource data = chosen(
                DataSource.values(),
                "MNIST, FashionMNIST or SyntheticDigits",
                "LOWRANK_DATA",
                value(environment, "LOWRANK_DATA", "MNIST"));
        Profile profile = chosen(
                Profile.values(),
                "quick, default or full",
                "LOWRANK_PROFILE",
                value(environment, "LOWRANK_PROFILE", "default"));
        String dataFolder = value(environment, data.name() + "_DIR", "");
        return new Settings(
                profile,
                data,
                dataFolder.isEmpty() ? null : folder.resolve(dataFolder),
                folder.resolve(value(environment, "LOWRANK_CACHE", userCache(environment)))
                        .normalize(),
                folder.resolve(value(environment, "LOWRANK_OUTPUT", "../target/report"))
                        .normalize(),
                folder.resolve(value(environment, "LOWRANK_CHECKPOINTS", "../target/checkpoints"))
                        .normalize());
    }

    private static <T> T chosen(T[] known, String names, String variable, String value) {
        return Arrays.stream(known)
                .filter(one -> one.toString().equals(value))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("%s is \"%s\"; set it to %s".formatted(variable, value, names)));
    }

    private static String userCache(Map<String, String> environment) {
        String home = value(environment, "HOME", System.getProperty("user.home"));
        return Path.of(value(environment, "XDG_CACHE_HOME", home + "/.cache"), CACHE_NAME)
                .toString();
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }
}
