package lowrank.training.layers;

import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DL4J's inverted dropout, drawn from its own random generator. DL4J uses the generator of the thread, which is shared
 * with the caller and every other training in that thread.
 */
public final class OwnDropout implements IDropout {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private double retained;

    @JsonProperty
    private long seed;

    private transient Random generator;
    private transient INDArray mask;

    /** For DL4J's JSON reader. */
    public OwnDropout() {}

    /**
     * @param retained share of the activations that are kept, above 0, at most 1
     * @param seed of the generator, used if the network is written to a file and read again
     * @param generator of the masks; shared by the layers of one network
     */
    public OwnDropout(double retained, long seed, Random generator) {
        this.retained = retained;
        this.seed = seed;
        this.generator = generator;
    }

    public static Random generator(long seed) {
        return Nd4j.getRandomFactory().getNewRandomInstance(seed);
    }

    @Override
    public INDArray applyDropout(
            INDArray activations, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        if (generator == null) {
            generator = generator(seed);
        }
        mask = workspaces
                .createUninitialized(ArrayType.INPUT, result.dataType(), result.shape(), result.ordering())
                .assign(1.0);
        Nd4j.getExecutioner().exec(new DropOutInverted(mask, mask, retained), generator);
        Nd4j.exec(new MulOp(activations.castTo(result.dataType()), mask, result));
        return result;
    }

    @Override
    public INDArray backprop(INDArray atOutput, INDArray atInput, int iteration, int epoch) {
        Nd4j.exec(new MulOp(atOutput, mask.castTo(atInput.dataType()), atInput));
        clear();
        return atInput;
    }

    @Override
    public void clear() {
        mask = null;
    }

    @Override
    public OwnDropout clone() {
        return new OwnDropout(retained, seed, generator);
    }
}
