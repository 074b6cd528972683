package lowrank.svd;

/** What activation-aware truncation looks at beyond the weights; each step includes those before it. */
public enum AwareStep {
    /** The inputs of each layer in the original network: their mean and covariance. */
    INPUTS,
    /**
     * Layer by layer: the inputs as the compressed layers before leave them, fitted to the outputs that the original
     * layer had; the output layer is fitted too.
     */
    SEQUENTIAL,
    /** Which outputs of a layer the answer depends on: the covariance of the loss gradient there. */
    TWO_SIDED,
    /** The same once more, with that gradient also taken where the compressed network has come to be. */
    REVISITED
}
