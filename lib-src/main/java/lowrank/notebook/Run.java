package lowrank.notebook;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import lowrank.charts.Plot;
import lowrank.data.DigitData;
import lowrank.network.MlpSpec;
import lowrank.network.ParameterCount;
import lowrank.results.Commit;
import lowrank.results.Measurement;
import lowrank.results.Provenance;
import lowrank.results.Results;
import lowrank.training.Checkpoints;
import lowrank.training.SideBySide;
import lowrank.training.Teacher;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * One run of one notebook: its settings, its data, what it shows and what it writes. Only this class reads the
 * environment and talks to the kernel; the variables are those of {@link Settings}.
 */
public final class Run {
    private static final int QUICK_TRAIN = 4_000;
    private static final int QUICK_VALIDATION = 1_000;
    private static final int QUICK_TEST = 2_000;
    /** Parameters of the network of the report. */
    private static final long LARGEST = ParameterCount.dense(MlpSpec.MNIST);

    private static final String QUICK_REMARK = "quick run, trained too little to show what the title says";

    private final String part;
    private final Settings settings;
    private final Notebook notebook;
    private final Instant start = Instant.now();
    private final Commit commit;
    private final RunFolder folder;
    private Table results = Results.empty();
    private DigitData data;

    private Run(String part, Settings settings, Commit commit, Notebook notebook) {
        this.part = part;
        this.settings = settings;
        this.notebook = notebook;
        this.commit = commit;
        this.folder = new RunFolder(settings.output(), notebook);
    }

    /**
     * Starts a run in the notebook that calls this.
     *
     * @param notebook its number, such as {@code "01"}; without leading zeros it is the part of all its results
     * @throws IllegalArgumentException if it is not a number, or an environment variable has an unknown value
     */
    public static Run start(String notebook) {
        Run run = start(notebook, System.getenv(), Path.of("").toAbsolutePath(), Notebook.current());
        run.show(run.described());
        return run;
    }

    /** A sentence about this run: how much it computes, and on what data. */
    String described() {
        String seeds = seeds().length == 1 ? "one seed" : seeds().length + " seeds";
        return switch (profile()) {
            case QUICK -> "Quick run: " + seeds + " and a part of the data, trained too little to compare.";
            case DEFAULT -> "Default run: " + seeds + ", about half the epochs of the published run.";
            case FULL -> "Full run: " + seeds + ", as published.";
        };
    }

    static Run start(String number, Map<String, String> environment, Path folder, Notebook notebook) {
        if (!number.matches("0*[1-9][0-9]*")) {
            throw new IllegalArgumentException("notebook \"" + number + "\" is not a number from 1, such as 01");
        }
        // Asked now: files that are edited during a run do not change what it runs.
        return new Run(number.replaceFirst("^0+", ""), Settings.of(environment, folder), Commit.of(folder), notebook);
    }

    /** How much this run computes. */
    public Profile profile() {
        return settings.profile();
    }

    String part() {
        return part;
    }

    /** The seeds of this run, from 1. */
    public long[] seeds() {
        return settings.profile().seeds();
    }

    /**
     * The images, loaded at the first call; in a quick run 4,000, 1,000 and 2,000 of them.
     *
     * @throws UncheckedIOException if the folder named by {@code MNIST_DIR} or {@code FASHION_MNIST_DIR} does not hold
     *     that data, or Fashion-MNIST is asked for and not in the cache
     */
    public DigitData data() {
        if (data == null) {
            DigitData found = find();
            data = profile() == Profile.QUICK ? found.first(QUICK_TRAIN, QUICK_VALIDATION, QUICK_TEST) : found;
        }
        return data;
    }

    /** What is trained, and for how long. */
    public ReportPlans plans() {
        return ReportPlans.of(profile());
    }

    /**
     * Trains one network per seed, or loads it from the checkpoints; as many at the same time as {@link SideBySide}
     * says.
     *
     * @param name shown to the reader, and used in the name of the checkpoint file
     * @param start makes the network that a seed starts from
     */
    public List<TrainedNetwork> train(String name, TrainingPlan plan, LongFunction<MultiLayerNetwork> start) {
        return train(name, plan, Arrays.stream(seeds()).mapToObj(start).toList());
    }

    /** The same, starting from one network per seed, in the order of {@link #seeds}. */
    public List<TrainedNetwork> train(String name, TrainingPlan plan, List<MultiLayerNetwork> starts) {
        return trainer().all(name, plan, starts);
    }

    /** The same for networks of several sizes, by their share of the parameters: all of them side by side. */
    public Map<Double, List<TrainedNetwork>> train(
            String name, TrainingPlan plan, Map<Double, List<MultiLayerNetwork>> starts) {
        return trainer().all(name, plan, starts, List.of());
    }

    /** The same with one teacher per seed: its output is learned instead of the labels, so none is needed. */
    public Map<Double, List<TrainedNetwork>> distill(
            String name, TrainingPlan plan, Map<Double, List<MultiLayerNetwork>> starts, List<Teacher> teachers) {
        return trainer().all(name, plan, starts, teachers);
    }

    /** Trains one network, with the first seed. */
    public TrainedNetwork trainOne(String name, TrainingPlan plan, MultiLayerNetwork start) {
        return trainer().one(name, plan, start, Optional.empty());
    }

    /** The same on the output of a teacher. */
    public TrainedNetwork distillOne(String name, TrainingPlan plan, MultiLayerNetwork start, Teacher teacher) {
        return trainer().one(name, plan, start, Optional.of(teacher));
    }

    /** Trains one network with each of several plans, with the first seed; at the same time as well. */
    public Map<TrainingPlan, TrainedNetwork> tryOut(String name, List<TrainingPlan> plans, MultiLayerNetwork start) {
        return trainer().each(name, plans, start);
    }

    /** The plan whose network classifies most validation digits correctly; the first of these if there is a tie. */
    public static TrainingPlan best(Map<TrainingPlan, TrainedNetwork> tried) {
        return tried.entrySet().stream()
                .max(Comparator.comparingDouble(
                        each -> each.getValue().history().validationAccuracy()))
                .orElseThrow(() -> new IllegalArgumentException("no plan was tried: give at least one"))
                .getKey();
    }

    /**
     * The {@link Results} of networks that were not trained further, one per seed, measured side by side: each is
     * saved, its file size is taken, and it is loaded again to measure its accuracy.
     */
    public Table measure(String method, List<MultiLayerNetwork> networks) {
        return measurement().measure(method, seeds(), networks);
    }

    /** The same for networks that were trained further. */
    public Table measureTrained(String method, List<TrainedNetwork> trained) {
        return measurement().measureTrained(method, trained);
    }

    /** The same for what was made of networks that were trained further, in the same order. */
    public Table measureTrained(String method, List<TrainedNetwork> trained, List<MultiLayerNetwork> networks) {
        return measurement().measureTrained(method, trained, networks);
    }

    /** What some work gives for each seed, the first being 0; side by side, as {@link SideBySide} says. */
    public <T> List<T> perSeed(IntFunction<T> work) {
        return SideBySide.all(seeds().length, LARGEST, work);
    }

    /**
     * How networks are measured, to be adapted for those trained on moved images or saved with lower precision than
     * float32.
     */
    public Measurement measurement() {
        return Measurement.of(part, data());
    }

    /**
     * Checks that a statement is true, and shows it.
     *
     * @throws IllegalStateException if it is not
     */
    public void check(boolean holds, String statement) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + statement);
        }
        show("checked: " + statement);
    }

    /** Shows a sentence. */
    public void show(String sentence) {
        notebook.show(sentence);
    }

    /** Shows {@link Results} as a {@link ResultTable}, with the best compressed network marked. */
    public void showResults(Table several) {
        notebook.show(ResultTable.of(several).html(remark()));
    }

    /** Shows a table below its caption. */
    public void show(Table table, String caption) {
        notebook.show(Tables.html(table, remark() + caption));
    }

    private String remark() {
        return profile() == Profile.QUICK ? "Quick run, trained too little to compare: " : "";
    }

    /** Saves a chart as {@code figures/<name>.png} in the output folder, and shows it. */
    public void figure(String name, Plot plot) {
        Plot said = profile() == Profile.QUICK ? plot.remark(QUICK_REMARK) : plot;
        folder.figure(name, said.image());
        notebook.show(said);
    }

    /** Saves a picture as {@code figures/<name>.png} in the output folder, and shows it. */
    public void figure(String name, BufferedImage picture) {
        folder.figure(name, picture);
        notebook.show(picture);
    }

    /**
     * Puts a square to draw in below this part on the page of the report: two networks classify what is drawn there.
     * {@code drawing.json} in the output folder keeps them with one byte per number, the first test digit of each
     * class, and the outputs of both networks for these. A later call replaces it.
     *
     * @param small the network to try out, from 784 pixels to ten classes: dense layers with ReLU or no activation, the
     *     output layer with softmax; not modified
     * @param truncated the network beside it, of the same kind: plain truncation to about the same size
     * @throws UncheckedIOException if the output folder cannot be written
     * @throws IllegalArgumentException if a network holds NaN or infinite numbers
     */
    public void drawing(MultiLayerNetwork small, MultiLayerNetwork truncated) {
        folder.drawing(part, data(), small, truncated);
    }

    /**
     * Records results of this part; each replaces an earlier result of the same network. {@link #save} writes them.
     *
     * @throws IllegalArgumentException if one belongs to another part or data set
     */
    public void record(Table several) {
        for (Row row : several) {
            if (!row.getString(Results.PART).equals(part)
                    || !row.getString(Results.DATA).equals(data().name())) {
                throw new IllegalArgumentException("a result of part " + row.getString(Results.PART) + " on "
                        + row.getString(Results.DATA) + " does not belong to part " + part + " on "
                        + data().name());
            }
        }
        results = Results.with(results, several);
    }

    /**
     * The {@link Results} of this part and the parts before it in the output folder, as last saved. A network that
     * several parts measured appears once, as the last of them measured it.
     */
    public Table allResults() {
        int last = Integer.parseInt(part);
        Table all = folder.results();
        return Results.once(all.where(all.stringColumn(Results.PART).eval(other -> Integer.parseInt(other) <= last)));
    }

    /**
     * Writes the results of this part and where they come from. Results of other parts stay, unless they are of another
     * data set or profile: those are dropped, and a message says so. A message also says if {@code provenance.json} is
     * missing or broken; results on the same data stay then.
     *
     * @throws UncheckedIOException if the output folder cannot be written
     * @throws IllegalArgumentException if {@code results.csv} is broken; nothing is written then
     */
    public void save() {
        Provenance now = Provenance.of(profile().toString(), seeds(), data(), notebook.kernelName(), commit);
        folder.save(part, results, data().name(), profile(), now, start);
    }

    private Trainer trainer() {
        return new Trainer(new Checkpoints(settings.checkpoints(), notebook::show), data(), notebook, seeds());
    }

    private DigitData find() {
        try {
            return settings.data().find(settings.dataFolder(), settings.cache(), notebook::show);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
