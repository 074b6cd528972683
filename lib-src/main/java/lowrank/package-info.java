/**
 * Smaller DL4J networks by singular value decomposition.
 *
 * <p>{@link lowrank.Compression} compresses a network of your own. It needs no digits and no notebook:
 *
 * <pre>{@code
 * MultiLayerNetwork network = ModelFile.load(Path.of("my-model.zip"));
 * Compression small = Compression.toShare(network, 0.1, inputs);    // 10 % of the parameters: fewer neurons, lower ranks
 * System.out.println(small);                                        // parameters before and after, ranks, widths, remarks
 * System.out.println(small.outputError(otherInputs));               // what was lost
 * small.save(Path.of("my-model-small.zip"), Precision.FLOAT16);     // DL4J loads it without this library
 * INDArray answers = small.predictor().output(otherInputs);         // fast predictions
 * }</pre>
 *
 * <p>It builds on these packages: {@code network} and {@code svd} for more control, {@code inference} for predictions,
 * {@code training} for fine-tuning and dynamic SVD; {@code data}, {@code results}, {@code charts} and {@code notebook}
 * make the report. Each imports only those before it. The last three have no pages here: their documentation is in the
 * sources, which the notebooks link to.
 */
package lowrank;
