package lowrank.notebook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import lowrank.charts.Numbers;
import lowrank.data.DataSource;
import lowrank.data.DigitData;
import lowrank.linalg.Blas;
import lowrank.network.FactorizedNetwork;
import lowrank.network.MlpSpec;
import lowrank.network.RoundedWeights;
import lowrank.svd.ActivationAware;
import lowrank.svd.NetworkSvd;
import lowrank.svd.RankBudget;
import lowrank.training.Checkpoints;
import lowrank.training.DynamicSvd;
import lowrank.training.Progress;
import lowrank.training.Teacher;
import lowrank.training.TrainedNetwork;
import lowrank.training.TrainingPlan;
import lowrank.training.Truncation;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains everything that the notebooks train, one training per core with nothing idle, into the folder of checkpoints,
 * where they find it: Prefill MNIST_FOLDER CHECKPOINTS [PROFILE].
 */
public final class Prefill {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final AtomicLong COUNT = new AtomicLong();
    private static final ThreadPoolExecutor POOL =
            new ThreadPoolExecutor(CORES, CORES, 1, TimeUnit.DAYS, new PriorityBlockingQueue<>());
    private static final List<CompletableFuture<?>> ALL = new ArrayList<>();

    private record Task(int priority, long number, Runnable work) implements Runnable, Comparable<Task> {
        @Override
        public void run() {
            try {
                work.run();
            } finally {
                Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            }
        }

        @Override
        public int compareTo(Task other) {
            return priority != other.priority
                    ? Integer.compare(other.priority, priority)
                    : Long.compare(number, other.number);
        }
    }

    private static synchronized <T> CompletableFuture<T> job(int priority, Supplier<T> work) {
        var future = new CompletableFuture<T>();
        ALL.add(future);
        POOL.execute(new Task(priority, COUNT.incrementAndGet(), () -> {
            try {
                future.complete(work.get());
            } catch (Throwable e) {
                e.printStackTrace();
                future.completeExceptionally(e);
            }
        }));
        return future;
    }

    /** A job that begins when another has ended. */
    private static <A, T> CompletableFuture<T> after(
            CompletableFuture<A> before, int priority, Function<A, T> work) {
        var future = new CompletableFuture<T>();
        synchronized (Prefill.class) {
            ALL.add(future);
        }
        before.whenComplete((value, e) -> {
            if (e != null) {
                future.completeExceptionally(e);
            } else {
                job(priority, () -> work.apply(value)).whenComplete((done, fault) -> {
                    if (fault != null) {
                        future.completeExceptionally(fault);
                    } else {
                        future.complete(done);
                    }
                });
            }
        });
        return future;
    }

    private static Checkpoints kept;
    private static DigitData data;
    private static long began;

    private static TrainedNetwork train(
            String name, MultiLayerNetwork start, TrainingPlan plan, Optional<Teacher> teacher, long seed) {
        long from = System.nanoTime();
        TrainedNetwork trained = kept.trained(name, start, plan, teacher, data, seed, Progress.NONE);
        System.out.printf("%6.1f min  %-32s seed %d  %.2f %%  %.0f s%n", (System.nanoTime() - began) / 6e10, name, seed,
                100 * trained.history().validationAccuracy(), (System.nanoTime() - from) / 1e9);
        return trained;
    }

    private static TrainedNetwork train(String name, MultiLayerNetwork start, TrainingPlan plan, long seed) {
        return train(name, start, plan, Optional.empty(), seed);
    }

    private static String percent(String name, double share) {
        return name + "-" + Numbers.plain(100 * share) + "-percent";
    }

    public static void main(String[] arguments) throws Exception {
        began = System.nanoTime();
        data = DataSource.MNIST.find(Path.of(arguments[0]), Path.of(arguments[0]), System.out::println);
        kept = new Checkpoints(Path.of(arguments[1]), System.out::println);
        Profile profile = arguments.length > 2 ? Profile.valueOf(arguments[2]) : Profile.FULL;
        if (profile == Profile.QUICK) {
            data = data.first(4_000, 1_000, 2_000); // as Run does
        }
        Blas.withOneThread(() -> {
            submit(ReportPlans.of(profile), profile.seeds());
            boolean open = true;
            while (open) {
                List<CompletableFuture<?>> now;
                synchronized (Prefill.class) {
                    now = List.copyOf(ALL);
                }
                for (CompletableFuture<?> each : now) {
                    each.exceptionally(e -> null).join();
                }
                synchronized (Prefill.class) {
                    open = now.size() < ALL.size();
                }
            }
            return 0;
        });
        POOL.shutdown();
        System.out.printf("done in %.1f min%n", (System.nanoTime() - began) / 6e10);
    }

    private static void submit(ReportPlans plans, long[] seeds) {
        CompressionPlans aware = plans.aware();
        INDArray images = data.train().images(0, aware.images());
        List<CompletableFuture<MultiLayerNetwork>> dense = new ArrayList<>();
        for (long seed : seeds) {
            dense.add(job(100, () -> train("dense", MlpSpec.MNIST.create(seed), plans.dense(), seed).network()));
        }
        var tried = tried("fine-tuned", plans, after(dense.get(0), 60, one -> NetworkSvd.of(one).truncate(20)));
        var chance = tried("random-start", plans, job(60, () -> random(seeds[0])));
        List<CompletableFuture<ActivationAware>> awares = new ArrayList<>();
        List<CompletableFuture<ActivationAware>> moved = new ArrayList<>();
        for (int i = 0; i < seeds.length; i++) {
            long seed = seeds[i];
            var one = dense.get(i);
            after(tried, 60, plan -> plan).thenAcceptBoth(one, (plan, network) ->
                    job(50, () -> train("fine-tuned", NetworkSvd.of(network).truncate(20), plan, seed)));
            after(chance, 50, plan -> train("random-start", random(seed), plan, seed));
            after(one, 40, network -> train(
                    "dynamic-20", DynamicSvd.of(network, 20, Truncation.TRACKED_EACH_STEP), plans.dynamic(), seed));
            after(one, 40, network ->
                    train("any-rank", DynamicSvd.anyRank(network, plans.anyRanks()), plans.anyRank(), seed));
            awares.add(after(one, 90, network -> looked(network, images)));
            aware.shifted().ifPresent(plan -> moved.add(after(
                    after(one, 95, network -> train("dense-shift", network, plan, seed).network()),
                    90, network -> looked(network, images))));
        }
        after(dense.get(0), 40, one -> train(
                "dynamic-frozen-20", DynamicSvd.of(one, 20, Truncation.FROZEN_EACH_EPOCH), plans.dynamic(), seeds[0]));
        after(dense.get(0), 40, one -> train(
                "dynamic-per-epoch-20", DynamicSvd.of(one, 20, Truncation.PROJECTED_EACH_EPOCH), plans.dynamic(), seeds[0]));
        for (int rank : plans.otherRanks()) {
            after(dense.get(0), 40, one -> train(
                    "dynamic-" + rank, DynamicSvd.of(one, rank, Truncation.TRACKED_EACH_STEP), plans.dynamic(), seeds[0]));
        }
        for (double share : aware.shares()) {
            var ranks = after(awares.get(0), 90, first ->
                    RankBudget.share(first(dense), share).ranks(first(dense), first.spectra()));
            boolean smallest = share == aware.shares().get(aware.shares().size() - 1);
            for (int i = 0; i < seeds.length; i++) {
                int at = i;
                var cut = awares.get(i).thenCombine(ranks, (mine, its) -> job(85, () -> mine.compress(its)))
                        .thenCompose(it -> it);
                after(cut, 30, start -> train(percent("aware", share), start, aware.fineTuning(), seeds[at]));
                if (smallest && i == 0) {
                    after(cut, 30, start -> train(percent("aware", share) + "-taught", start, aware.fineTuning(),
                            Optional.of(new Teacher(first(dense), aware.temperature())), seeds[0]));
                }
            }
        }
        narrow(plans, seeds, dense, awares, aware.narrowShares(), "narrow", aware.narrowFineTuning(), aware.rounding(), true);
        if (!moved.isEmpty()) {
            narrow(plans, seeds, dense, moved, aware.shiftedNarrowShares(), "narrow-shift",
                    aware.onShifted(aware.narrowFineTuning()), aware.onShifted(aware.rounding()), false);
            for (double share : aware.shiftedShares()) {
                var ranks = after(moved.get(0), 90, first ->
                        RankBudget.share(first(dense), share).ranks(first(dense), first.spectra()));
                for (int i = 0; i < seeds.length; i++) {
                    int at = i;
                    var cut = moved.get(i).thenCombine(ranks, (mine, its) -> job(85, () -> mine.compress(its)))
                            .thenCompose(it -> it);
                    after(cut, 30, start -> train(
                            percent("aware-shift", share), start, aware.onShifted(aware.fineTuning()), seeds[at]));
                }
            }
        }
    }

    private static void narrow(
            ReportPlans plans, long[] seeds, List<CompletableFuture<MultiLayerNetwork>> dense,
            List<CompletableFuture<ActivationAware>> awares, List<Double> shares, String name, TrainingPlan tuning,
            TrainingPlan rounding, boolean refined) {
        for (double share : shares) {
            var shape = after(awares.get(0), 88, first -> first.shape(RankBudget.share(first(dense), share)));
            for (int i = 0; i < seeds.length; i++) {
                int at = i;
                var cut = awares.get(i).thenCombine(shape, (mine, its) -> job(85, () -> mine.compress(its)))
                        .thenCompose(it -> it);
                if (refined) {
                    after(cut, 20, start -> train(percent("narrow-refined", share), start, plans.aware().refinement(),
                            Optional.of(new Teacher(dense.get(at).join(), plans.aware().temperature())), seeds[at]));
                }
                var tuned = after(cut, 35, start -> train(percent(name, share), start, tuning, seeds[at]));
                after(tuned, 30, it -> train(
                        percent(name + "-rounded", share), RoundedWeights.in(it.network()), rounding, seeds[at]));
            }
        }
    }

    private static CompletableFuture<TrainingPlan> tried(
            String name, ReportPlans plans, CompletableFuture<MultiLayerNetwork> start) {
        Map<TrainingPlan, CompletableFuture<TrainedNetwork>> running = new LinkedHashMap<>();
        for (TrainingPlan plan : plans.fineTuningRates()) {
            running.put(plan, after(start, 60, network -> train(name, network, plan, 1)));
        }
        return CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new)).thenApply(done -> {
            Map<TrainingPlan, TrainedNetwork> all = new LinkedHashMap<>();
            running.forEach((plan, one) -> all.put(plan, one.join()));
            return Run.best(all);
        });
    }

    private static ActivationAware looked(MultiLayerNetwork network, INDArray images) {
        ActivationAware aware = ActivationAware.of(network, images);
        aware.spectra();
        return aware;
    }

    private static MultiLayerNetwork first(List<CompletableFuture<MultiLayerNetwork>> dense) {
        return dense.get(0).join();
    }

    private static MultiLayerNetwork random(long seed) {
        return FactorizedNetwork.random(MlpSpec.MNIST, java.util.Collections.nCopies(5, 20), seed);
    }
}
