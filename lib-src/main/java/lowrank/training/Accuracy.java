package lowrank.training;

import lowrank.data.DigitSet;
import lowrank.linalg.Interruption;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The share of images whose most probable class is the true one, 0 to 1. */
public final class Accuracy {
    private static final int BATCH = 1000;

    private Accuracy() {}

    /** Accuracy on a whole set, processed in parts of 1,000 images. */
    public static double of(MultiLayerNetwork network, DigitSet set) {
        int right = 0;
        for (boolean correct : correct(network, set)) {
            right += correct ? 1 : 0;
        }
        return (double) right / set.size();
    }

    /** Accuracy on each class, by true label: 10 shares; NaN for a class without images. */
    public static double[] perDigit(MultiLayerNetwork network, DigitSet set) {
        int[] right = new int[DigitSet.CLASSES];
        int[] all = new int[DigitSet.CLASSES];
        boolean[] correct = correct(network, set);
        for (int i = 0; i < correct.length; i++) {
            all[set.labels()[i]]++;
            right[set.labels()[i]] += correct[i] ? 1 : 0;
        }
        double[] shares = new double[DigitSet.CLASSES];
        for (int digit = 0; digit < shares.length; digit++) {
            shares[digit] = all[digit] == 0 ? Double.NaN : (double) right[digit] / all[digit];
        }
        return shares;
    }

    private static boolean[] correct(MultiLayerNetwork network, DigitSet set) {
        boolean[] correct = new boolean[set.size()];
        for (int from = 0; from < set.size(); from += BATCH) {
            Interruption.check("measuring");
            int to = Math.min(from + BATCH, set.size());
            INDArray guesses = network.output(set.images(from, to)).argMax(1);
            for (int i = from; i < to; i++) {
                correct[i] = guesses.getInt(i - from) == set.labels()[i];
            }
        }
        return correct;
    }
}
