package lowrank.notebook;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import lowrank.data.DigitData;
import lowrank.training.Checkpoints;
import lowrank.training.Progress;
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
        return all(name, plan, starts, Collections.nCopies(seeds.length, Optional.empty()));
    }

    List<TrainedNetwork> all(
            String name, TrainingPlan plan, List<MultiLayerNetwork> starts, List<Optional<Teacher>> teachers) {
        requireOnePerSeed("networks to start from", starts);
        requireOnePerSeed("teachers", teachers);
        List<String> labels =
                Arrays.stream(seeds).mapToObj(seed -> "seed " + seed).toList();
        return sideBySide(
                name,
                labels,
                starts.get(0).numParams(),
                (i, progress) ->
                        checkpoints.trained(name, starts.get(i), plan, teachers.get(i), data, seeds[i], progress));
    }

    private void requireOnePerSeed(String what, List<?> given) {
        if (given.size() != seeds.length) {
            throw new IllegalArgumentException(
                    given.size() + " " + what + " for " + seeds.length + " seeds: give one per seed");
        }
    }

    TrainedNetwork one(String name, TrainingPlan plan, MultiLayerNetwork start, Optional<Teacher> teacher) {
        var progress = new LiveProgress(name, data.name(), notebook, List.of(name));
        return checkpoints.trained(name, start, plan, teacher, data, seeds[0], progress.of(0));
    }

    Map<TrainingPlan, TrainedNetwork> each(String name, List<TrainingPlan> plans, MultiLayerNetwork start) {
        List<String> labels = plans.stream()
                .map(plan -> "learning rate "
                        + new BigDecimal(String.valueOf(plan.learningRate()))
                                .stripTrailingZeros()
                                .toPlainString())
                .toList();
        List<TrainedNetwork> trained = sideBySide(
                name,
                labels,
                start.numParams(),
                (i, progress) -> checkpoints.trained(name, start, plans.get(i), data, seeds[0], progress));
        Map<TrainingPlan, TrainedNetwork> byPlan = new LinkedHashMap<>();
        IntStream.range(0, plans.size()).forEach(i -> byPlan.put(plans.get(i), trained.get(i)));
        return byPlan;
    }

    private List<TrainedNetwork> sideBySide(
            String name, List<String> labels, long parameters, BiFunction<Integer, Progress, TrainedNetwork> training) {
        var progress = new LiveProgress(name, data.name(), notebook, labels);
        return SideBySide.all(labels.size(), parameters, i -> training.apply(i, progress.of(i)));
    }
}
