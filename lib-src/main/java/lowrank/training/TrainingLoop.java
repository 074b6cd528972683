package lowrank.training;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import lowrank.data.Batches;
import lowrank.data.DigitSet;
import lowrank.linalg.Interruption;
import lowrank.linalg.NativeMemory;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** Trains a network by a plan, with DL4J's {@code fit}, measuring after each epoch. */
public final class TrainingLoop {
    private static final int TRAIN_SAMPLE = 5000;

    private final MultiLayerNetwork network;
    private final TrainingPlan plan;
    /** Checked in each minibatch. */
    private final Optional<Teacher> teacher;

    private final Batches batches;
    private final DigitSet trainSample;
    private final DigitSet validation;
    private final Progress progress;

    private TrainingLoop(
            MultiLayerNetwork network,
            TrainingPlan plan,
            Optional<Teacher> teacher,
            Batches batches,
            DigitSet trainSample,
            DigitSet validation,
            Progress progress) {
        this.network = network;
        this.plan = plan;
        this.teacher = teacher;
        this.batches = batches;
        this.trainSample = trainSample;
        this.validation = validation;
        this.progress = progress;
    }

    /** Trains a copy of a network on the labels; see the longer form. */
    public static TrainedNetwork train(
            MultiLayerNetwork start,
            TrainingPlan plan,
            DigitSet train,
            DigitSet validation,
            long seed,
            Progress progress) {
        return train(start, plan, Optional.empty(), train, validation, seed, progress);
    }

    /**
     * Trains a copy of a network. A teacher computes its targets once if the images stay the same, and for each
     * minibatch if they are moved. The same arguments on the same machine give the same network, no matter what else is
     * trained or drawn at the same time.
     *
     * @param start where training begins; not modified
     * @param teacher whose output the network learns instead of the smoothed labels; empty for the labels
     * @param seed of the order of images and of dropout
     * @param progress told after each minibatch
     * @throws CancellationException if the thread is interrupted; nothing of the training is kept
     * @throws ArithmeticException if the loss is no longer finite
     */
    public static TrainedNetwork train(
            MultiLayerNetwork start,
            TrainingPlan plan,
            Optional<Teacher> teacher,
            DigitSet train,
            DigitSet validation,
            long seed,
            Progress progress) {
        boolean askedOnce = teacher.isPresent() && plan.augmentation().equals("none");
        Batches labelled = plan.batches(train, seed);
        Batches batches = askedOnce ? labelled.withTargets(teacher.get().targets(train)) : labelled;
        Optional<Teacher> asked = askedOnce ? Optional.empty() : teacher;
        DigitSet sample = train.first(Math.min(TRAIN_SAMPLE, train.size()));
        MultiLayerNetwork network = plan.prepare(start, plan.epochs() * batches.batchesPerEpoch(), seed);
        try {
            var history = new TrainingLoop(network, plan, asked, batches, sample, validation, progress).run();
            var trained =
                    new MultiLayerNetwork(start.getLayerWiseConfigurations().clone());
            trained.init(network.params(), true);
            return new TrainedNetwork(seed, trained, history);
        } finally {
            NativeMemory.free(network);
        }
    }

    private TrainingHistory run() {
        var history = new TrainingHistory(List.of());
        for (int number = 1; number <= plan.epochs(); number++) {
            try {
                history = history.plus(epoch(number, history));
            } catch (CancellationException interrupted) {
                String sentence = "training was interrupted in epoch " + number + " of " + plan.epochs()
                        + "; nothing of it is kept: run the cell again to train from its start";
                progress.stopped(sentence);
                throw new CancellationException(sentence);
            }
            Epoch last = history.epochs().get(number - 1);
            progress.update(history, state(number, batches.batchesPerEpoch(), last.loss()));
        }
        return history;
    }

    private Epoch epoch(int number, TrainingHistory history) {
        long start = System.nanoTime();
        double loss = steps(number, history);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Epoch(number, loss, Accuracy.of(network, trainSample), Accuracy.of(network, validation), seconds);
    }

    private double steps(int number, TrainingHistory history) {
        batches.reset();
        double sum = 0;
        int done = 0;
        while (batches.hasNext()) {
            Interruption.check("training");
            DataSet batch = batches.next();
            network.fit(teacher.isPresent() ? teacher.get().teach(batch) : batch);
            sum += network.score();
            done++;
            if (!Double.isFinite(sum)) {
                throw new ArithmeticException("the loss is " + network.score() + " at minibatch " + done + " of epoch "
                        + number + ": lower the learning rate " + plan.learningRate());
            }
            progress.update(history, state(number, done, sum / done));
        }
        network.incrementEpochCount();
        return sum / done;
    }

    private Progress.State state(int epoch, int batch, double loss) {
        return new Progress.State(epoch, plan.epochs(), batch, batches.batchesPerEpoch(), loss);
    }
}
