package lowrank.training.layers;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that falls from its first value to zero along half a cosine (Loshchilov and Hutter 2017).
 *
 * <p>ND4J has no such schedule, and its {@code PolySchedule} grows: it is {@code (1 + i/n)^power}, not {@code (1 −
 * i/n)}.
 */
public final class CosineDecay implements ISchedule {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private double first;

    @JsonProperty
    private int steps;

    /** For DL4J's JSON reader. */
    public CosineDecay() {}

    public CosineDecay(double first, int steps) {
        this.first = first;
        this.steps = steps;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return first * (1 + Math.cos(Math.PI * Math.min(iteration, steps) / steps)) / 2;
    }

    @Override
    public ISchedule clone() {
        return new CosineDecay(first, steps);
    }
}
