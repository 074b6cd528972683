package lowrank.svd;

/** What activation-aware truncation uses beyond the weights; each step includes those before it. */
public enum AwareStep {
    /** The inputs of each layer in the original network: their mean and covariance. */
    INPUTS,
    /**
     * Layer by layer: the inputs come from the layers compressed before, and the layer is fitted to the outputs of the
     * original one; the output layer is fitted too.
     */
    SEQUENTIAL,
    /** Also which outputs of a layer the prediction depends on: the covariance of the loss gradient there. */
    TWO_SIDED,
    /**
     * The same once more, with the gradient also taken in the compressed network that the first pass gave; and each
     * layer before a ReLU is truncated repeatedly, toward the outputs that the ReLU does not tell from the original
     * ones.
     */
    REVISITED
}
