package lowrank.notebook;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lowrank.data.DigitData;
import lowrank.training.Checkpoints;
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
        if (starts.size() != seeds.length) {
            throw new IllegalArgumentException(
                    starts.size() + " networks to start from for " + seeds.length + " seeds: give one per seed");
        }
        var progress = new LiveProgress(name, data.name(), notebook);
        return IntStream.range(0, seeds.length)
                .mapToObj(i -> checkpoints.trained(name, starts.get(i), plan, data, seeds[i], progress))
                .toList();
    }

    TrainedNetwork one(String name, TrainingPlan plan, MultiLayerNetwork start, Optional<Teacher> teacher) {
        return checkpoints.trained(
                name, start, plan, teacher, data, seeds[0], new LiveProgress(name, data.name(), notebook));
    }

    Map<TrainingPlan, TrainedNetwork> each(String name, List<TrainingPlan> plans, MultiLayerNetwork start) {
        Map<TrainingPlan, TrainedNetwork> trained = new LinkedHashMap<>();
        for (TrainingPlan plan : plans) {
            String shown = name + ", learning rate "
                    + new BigDecimal(String.valueOf(plan.learningRate()))
                            .stripTrailingZeros()
                            .toPlainString();
            trained.put(
                    plan,
                    checkpoints.trained(
                            name, start, plan, data, seeds[0], new LiveProgress(shown, data.name(), notebook)));
        }
        return trained;
    }
}
