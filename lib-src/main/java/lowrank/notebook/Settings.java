package lowrank.notebook;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What the environment says about a run. Empty variables count as unset; relative paths start at the folder of the
 * notebook.
 *
 * @param profile {@code LOWRANK_PROFILE}: quick, default (the default) or full
 * @param mnist {@code MNIST_DIR}: the folder of the MNIST files, or null
 * @param synthetic {@code LOWRANK_DATA=SyntheticDigits}: no MNIST and no network
 * @param cache {@code LOWRANK_CACHE}: where downloads are kept, else in the user's cache folder
 * @param output {@code LOWRANK_OUTPUT}: where results go, else {@code ../target/report}
 * @param checkpoints {@code LOWRANK_CHECKPOINTS}: where trained networks are kept, else {@code ../target/checkpoints}
 */
public record Settings(Profile profile, Path mnist, boolean synthetic, Path cache, Path output, Path checkpoints) {
    private static final String SYNTHETIC = "SyntheticDigits";
    private static final String CACHE_NAME = "low-rank-notebooks";

    /**
     * The settings of these variables, for a notebook in this folder.
     *
     * @throws IllegalArgumentException if a variable has a value that is not known
     */
    static Settings of(Map<String, String> environment, Path folder) {
        String data = value(environment, "LOWRANK_DATA", "");
        if (!data.isEmpty() && !data.equals(SYNTHETIC)) {
            throw new IllegalArgumentException(
                    "LOWRANK_DATA is \"" + data + "\"; leave it unset, or set it to " + SYNTHETIC);
        }
        String mnist = value(environment, "MNIST_DIR", "");
        return new Settings(
                profile(value(environment, "LOWRANK_PROFILE", "default")),
                mnist.isEmpty() ? null : folder.resolve(mnist),
                !data.isEmpty(),
                folder.resolve(value(environment, "LOWRANK_CACHE", userCache(environment)))
                        .normalize(),
                folder.resolve(value(environment, "LOWRANK_OUTPUT", "../target/report"))
                        .normalize(),
                folder.resolve(value(environment, "LOWRANK_CHECKPOINTS", "../target/checkpoints"))
                        .normalize());
    }

    private static Profile profile(String name) {
        return Arrays.stream(Profile.values())
                .filter(profile -> profile.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "LOWRANK_PROFILE is \"" + name + "\"; set it to quick, default or full"));
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
