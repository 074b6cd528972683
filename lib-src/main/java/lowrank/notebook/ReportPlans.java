package lowrank.notebook;

import java.util.List;
import java.util.Optional;
import lowrank.training.TrainingPlan;

/**
 * What the report trains, and for how long: the only place for its settings. {@code default} uses the plans of
 * {@code full} with about half the epochs, and leaves out moved images.
 *
 * <p>Chosen on validation digits; {@code lib-src/EXPERIMENTS.md} lists what was tried.
 *
 * @param dense the baseline of all notebooks
 * @param fineTuning of factorized networks; the notebook chooses its learning rate from {@code rates}
 * @param rates learning rates tried for fine-tuning
 * @param dynamic training with the truncated SVD in the forward pass
 * @param anyRank training at several ranks at once
 * @param anyRanks into which its minibatches are divided; those of 1,024 are full
 * @param cuts ranks at which the network of any rank is cut, one of them below those it was trained at
 * @param comparisonSteps minibatches of the comparison between exact and followed SVD
 * @param driftSteps minibatches over which the drift is measured
 * @param driftEvery minibatches between two measurements of the drift
 * @param otherRanks ranks other than 20 at which dynamic SVD is shown, one seed each
 * @param aware activation-aware truncation and what follows it
 */
public record ReportPlans(
        TrainingPlan dense,
        TrainingPlan fineTuning,
        List<Double> rates,
        TrainingPlan dynamic,
        TrainingPlan anyRank,
        List<Integer> anyRanks,
        List<Integer> cuts,
        int comparisonSteps,
        int driftSteps,
        int driftEvery,
        List<Integer> otherRanks,
        CompressionPlans aware) {
    private static final List<Double> RATES = List.of(1e-4, 1e-3, 1e-2);
    private static final TrainingPlan DENSE = new TrainingPlan(20, 256, 1e-3, 0.1, 0.2, 1, 0.1, 0);
    private static final TrainingPlan QUICK_DENSE = new TrainingPlan(4, 100, 1e-3, 0.1, 0.2, 1, 0.1, 0);
    private static final TrainingPlan FINE_TUNING = new TrainingPlan(30, 256, 1e-3, 0.2, 0.05, 0.1, 0.1, 0);
    private static final TrainingPlan SMALL = new TrainingPlan(16, 256, 3e-3, 0.1, 0, 0.1, 0.1, 0);
    private static final TrainingPlan REFINEMENT = new TrainingPlan(10, 256, 1e-3, 0.1, 0, 0, 0, 0);
    private static final List<Integer> ANY_RANKS = List.of(1024, 1024, 1024, 50, 20, 20, 10, 10);
    private static final List<Integer> CUTS = List.of(200, 100, 50, 20, 10, 5);
    private static final double TEMPERATURE = 2;
    private static final ReportPlans FULL = new ReportPlans(
            DENSE,
            FINE_TUNING,
            RATES,
            new TrainingPlan(10, 256, 5e-4, 0.2, 0, 1, 0.1, 0),
            new TrainingPlan(12, 256, 4e-4, 0.1, 0, 1, 0.1, 0),
            ANY_RANKS,
            CUTS,
            40,
            200,
            20,
            List.of(10, 50),
            new CompressionPlans(
                    10_000,
                    List.of(10, 100, 1_000, 10_000, 55_000),
                    List.of(200, 100, 50, 20, 10),
                    List.of(20, 10, 18),
                    true,
                    List.of(0.04, 0.02),
                    List.of(0.02, 0.01, 0.005, 0.0025),
                    SMALL,
                    SMALL.withEpochs(20),
                    REFINEMENT,
                    TEMPERATURE,
                    Optional.of(new TrainingPlan(8, 256, 1e-3, 0, 0, 1, 0.1, 1, 1)),
                    List.of(0.04),
                    List.of(0.02, 0.01)));

    /** The plans of a profile. */
    static ReportPlans of(Profile profile) {
        return switch (profile) {
            case QUICK ->
                new ReportPlans(
                        QUICK_DENSE,
                        new TrainingPlan(2, 100, 1e-3, 0, 0, 0, 0.1, 0),
                        RATES,
                        new TrainingPlan(2, 100, 3e-4, 0, 0, 1, 0.1, 0),
                        new TrainingPlan(1, 100, 3e-4, 0, 0, 1, 0.1, 0),
                        ANY_RANKS,
                        CUTS,
                        3,
                        10,
                        5,
                        List.of(),
                        new CompressionPlans(
                                300,
                                List.of(10, 300),
                                List.of(20),
                                List.of(20),
                                false,
                                List.of(0.04),
                                List.of(0.02),
                                new TrainingPlan(1, 100, 1e-3, 0, 0, 0, 0, 0),
                                new TrainingPlan(1, 100, 1e-3, 0, 0, 0, 0, 0),
                                new TrainingPlan(1, 100, 1e-3, 0, 0, 0, 0, 0),
                                TEMPERATURE,
                                Optional.of(QUICK_DENSE.withEpochs(1).withShift(1)),
                                List.of(0.04),
                                List.of(0.02)));
            case DEFAULT ->
                new ReportPlans(
                        FULL.dense.withEpochs(12),
                        FULL.fineTuning.withEpochs(10),
                        RATES,
                        FULL.dynamic.withEpochs(5),
                        FULL.anyRank.withEpochs(5),
                        ANY_RANKS,
                        CUTS,
                        20,
                        100,
                        20,
                        List.of(),
                        new CompressionPlans(
                                10_000,
                                List.of(10, 100, 1_000, 10_000),
                                List.of(100, 20, 10),
                                List.of(20),
                                true,
                                List.of(0.04, 0.02),
                                List.of(0.02, 0.01),
                                FULL.aware.fineTuning().withEpochs(8),
                                FULL.aware.narrowFineTuning().withEpochs(16),
                                REFINEMENT,
                                TEMPERATURE,
                                Optional.empty(),
                                List.of(),
                                List.of()));
            case FULL -> FULL;
        };
    }

    /** The plan for fine-tuning with each of the learning rates tried. */
    public List<TrainingPlan> fineTuningRates() {
        return rates.stream().map(fineTuning::withLearningRate).toList();
    }
}
