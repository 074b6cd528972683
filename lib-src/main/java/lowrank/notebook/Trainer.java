package lowrank.notebook;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lowrank.charts.Numbers;
import lowrank.data.DigitData;
import lowrank.training.Checkpoints;
import lowrank.training.SideBySide;
import lowrank.training.Teacher;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingPlan;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Trains what a notebook asks for, or loads it from the checkpoints, and shows the progress. */
final class Trainer {
    private final Checkpoints checkpoints;
    private final DigitData data;
    private final Notebook notebook;
    private final long[] seeds;

    Trainer(Checkpoints checkpoints, DigitData data, Notebook notebook, long[] seeds) {
        this.checkpoints = checkpoints;
        this.data = data;
        this.notebook = notebook;
        this.seeds = seeds;
    }

    List<TrainedNetwork> all(String name, TrainingPlan plan, List<MultiLayerNetwork> starts) {
        return sideBySide(name, perSeed(i -> "seed " + seeds[i], name, plan, starts, List.of()));
    }

    /** By the share of the parameters; with one teacher per seed, or none. */
    Map<Double, List<TrainedNetwork>> all(
            String name, TrainingPlan plan, Map<Double, List<MultiLayerNetwork>> starts, List<Teacher> teachers) {
        List<Job> jobs = new ArrayList<>();
        starts.forEach((share, networks) -> {
            String percent = Numbers.plain(100 * share);
            jobs.addAll(perSeed(i -> percent + " %", name + "-" + percent + "-percent", plan, networks, teachers));
        });
        Iterator<TrainedNetwork> trained = sideBySide(name, jobs).iterator();
        Map<Double, List<TrainedNetwork>> byShare = new LinkedHashMap<>();
        starts.keySet()
                .forEach(share -> byShare.put(
                        share,
                        Stream.generate(trained::next).limit(seeds.length).toList()));
        return byShare;
    }

    TrainedNetwork one(String name, TrainingPlan plan, MultiLayerNetwork start, Optional<Teacher> teacher) {
        return sideBySide(name, List.of(new Job(name, name, start, plan, teacher, seeds[0])))
                .get(0);
    }

    Map<TrainingPlan, TrainedNetwork> each(String name, List<TrainingPlan> plans, MultiLayerNetwork start) {
        List<TrainedNetwork> trained = sideBySide(
                name,
                plans.stream()
                        .map(plan -> new Job(rate(plan), name, start, plan, Optional.empty(), seeds[0]))
                        .toList());
        Map<TrainingPlan, TrainedNetwork> byPlan = new LinkedHashMap<>();
        IntStream.range(0, plans.size()).forEach(i -> byPlan.put(plans.get(i), trained.get(i)));
        return byPlan;
    }

    private static String rate(TrainingPlan plan) {
        String rate = new BigDecimal(String.valueOf(plan.learningRate()))
                .stripTrailingZeros()
                .toPlainString();
        return "learning rate " + rate;
    }

    /** A training: what it is called in the chart, and the name of its checkpoint. */
    private record Job(
            String label,
            String name,
            MultiLayerNetwork start,
            TrainingPlan plan,
            Optional<Teacher> teacher,
            long seed) {}

    private List<Job> perSeed(
            IntFunction<String> label,
            String name,
            TrainingPlan plan,
            List<MultiLayerNetwork> starts,
            List<Teacher> teachers) {
        requireOnePerSeed("networks to start from", starts);
        if (!teachers.isEmpty()) {
            requireOnePerSeed("teachers", teachers);
        }
        return IntStream.range(0, seeds.length)
                .mapToObj(i -> new Job(
                        label.apply(i),
                        name,
                        starts.get(i),
                        plan,
                        teachers.isEmpty() ? Optional.empty() : Optional.of(teachers.get(i)),
                        seeds[i]))
                .toList();
    }

    private void requireOnePerSeed(String what, List<?> given) {
        if (given.size() != seeds.length) {
            throw new IllegalArgumentException(
                    given.size() + " " + what + " for " + seeds.length + " seeds: give one per seed");
        }
    }

    private List<TrainedNetwork> sideBySide(String name, List<Job> jobs) {
        var progress = new LiveProgress(
                name, data.name(), notebook, jobs.stream().map(Job::label).toList());
        long largest =
                jobs.stream().mapToLong(job -> job.start.numParams()).max().orElse(1);
        return SideBySide.all(jobs.size(), largest, i -> {
            Job job = jobs.get(i);
            return checkpoints.trained(job.name, job.start, job.plan, job.teacher, data, job.seed, progress.of(i));
        });
    }
}
