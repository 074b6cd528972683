package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lowrank.training.Epoch;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingHistory;
import lowrank.training.TrainingPlan;
import org.junit.jupiter.api.Test;

class ReportPlansTest {
    @Test
    void defaultTrainsAsFullDoesButShorter() {
        ReportPlans one = ReportPlans.of(Profile.DEFAULT);
        ReportPlans all = ReportPlans.of(Profile.FULL);
        assertEquals(all.dense(), one.dense().withEpochs(all.dense().epochs()));
        assertEquals(
                all.fineTuning(), one.fineTuning().withEpochs(all.fineTuning().epochs()));
        assertEquals(all.dynamic(), one.dynamic().withEpochs(all.dynamic().epochs()));
        assertEquals(all.anyRank(), one.anyRank().withEpochs(all.anyRank().epochs()));
        assertEquals(all.anyRanks(), one.anyRanks());
        assertTrue(one.dense().epochs() < all.dense().epochs());
        assertEquals(Profile.DEFAULT.seeds()[0], Profile.FULL.seeds()[0]);
    }

    @Test
    void defaultFineTunesWhatWasTruncatedAsFullDoesButShorter() {
        CompressionPlans one = ReportPlans.of(Profile.DEFAULT).aware();
        CompressionPlans all = ReportPlans.of(Profile.FULL).aware();
        assertEquals(
                all.fineTuning(), one.fineTuning().withEpochs(all.fineTuning().epochs()));
        assertEquals(all.temperature(), one.temperature());
        assertEquals(all.images(), one.images());
        assertTrue(all.ranks().containsAll(one.ranks())
                && all.shares().containsAll(one.shares())
                && all.imageCounts().containsAll(one.imageCounts()));
    }

    @Test
    void networksOfMovedImagesAreFineTunedOnMovedImages() {
        CompressionPlans plans = ReportPlans.of(Profile.FULL).aware();
        assertEquals(plans.fineTuning().withShift(1).withElastic(1), plans.onShifted(plans.fineTuning()));
        assertEquals(1, plans.shifted().orElseThrow().shift());
        CompressionPlans still = ReportPlans.of(Profile.DEFAULT).aware();
        assertEquals(still.fineTuning(), still.onShifted(still.fineTuning()), "no moved images");
    }

    @Test
    void triesAtLeastThreeRates() {
        List<TrainingPlan> plans = ReportPlans.of(Profile.QUICK).fineTuningRates();
        assertTrue(plans.size() >= 3);
        assertEquals(
                plans.size(),
                plans.stream().map(TrainingPlan::learningRate).distinct().count());
    }

    @Test
    void bestPlanIsThatOfTheHighestValidationAccuracyTheFirstOfEquals() {
        TrainingPlan plan = ReportPlans.of(Profile.QUICK).dense();
        Map<TrainingPlan, TrainedNetwork> tried = new LinkedHashMap<>();
        tried.put(plan.withLearningRate(1), trained(0.5));
        tried.put(plan.withLearningRate(2), trained(0.7));
        tried.put(plan.withLearningRate(3), trained(0.7));
        assertEquals(2, Run.best(tried).learningRate());
    }

    private static TrainedNetwork trained(double validationAccuracy) {
        return new TrainedNetwork(1, null, new TrainingHistory(List.of(new Epoch(1, 1, 1, validationAccuracy, 1))));
    }
}
