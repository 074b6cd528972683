package lowrank.training;

import java.util.ArrayList;
import java.util.List;
import lowrank.data.DigitSet;
import lowrank.linalg.Interruption;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A network whose softened output replaces the labels (distillation; Hinton, Vinyals and Dean 2015): for its
 * probabilities p the target is {@code p^(1/T) / Σ p^(1/T)}, which is the softmax of its logits divided by T.
 *
 * @param network of the same inputs and classes, its output probabilities; not modified
 * @param temperature T, at least 1: the higher it is, the more the targets say about the wrong classes
 */
public record Teacher(MultiLayerNetwork network, double temperature) {
    private static final int PART = 1000;

    /** @throws IllegalArgumentException if the temperature is below 1 or not finite */
    public Teacher {
        if (!(temperature >= 1 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("temperature is " + temperature + ", the range is 1 or above");
        }
    }

    /** A batch of the same images with this teacher's targets. */
    DataSet teach(DataSet batch) {
        return new DataSet(batch.getFeatures(), targets(batch.getFeatures()));
    }

    /** The targets of a whole set, {@code [size, classes]}, in its order. */
    INDArray targets(DigitSet set) {
        List<INDArray> parts = new ArrayList<>();
        for (int from = 0; from < set.size(); from += PART) {
            Interruption.check("asking the teacher");
            parts.add(targets(set.images(from, Math.min(from + PART, set.size()))));
        }
        return Nd4j.concat(0, parts.toArray(INDArray[]::new));
    }

    private INDArray targets(INDArray images) {
        INDArray softened = Transforms.pow(network.output(images), 1 / temperature, false);
        return softened.diviColumnVector(softened.sum(true, 1));
    }
}
