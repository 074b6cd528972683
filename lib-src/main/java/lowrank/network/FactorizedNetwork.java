package lowrank.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * A network whose hidden layers are stored and computed as factors, in layers of stock DL4J.
 *
 * <p>Each hidden layer {@code f(x · W + b)} becomes two: {@code x · L}, without bias or activation, and {@code f((x ·
 * L) · R + b)}. Any DL4J program can load the result; nothing of this project is needed to run it.
 */
public final class FactorizedNetwork {
    private FactorizedNetwork() {}

    /**
     * A new network that computes with factors in place of the hidden weights.
     *
     * @param dense the network to compress; not modified. Its biases, activations and output layer are copied
     * @param factors one for each hidden dense layer, from input to output, shapes fitting; copied
     * @throws IllegalArgumentException if number or shapes do not fit the network, or a hidden layer has a layer norm
     */
    public static MultiLayerNetwork of(MultiLayerNetwork dense, List<LowRankFactors> factors) {
        return partly(dense, factors.stream().map(Optional::of).toList());
    }

    /** The same with some hidden layers left as they are: those that have no factors. */
    public static MultiLayerNetwork partly(MultiLayerNetwork dense, List<Optional<LowRankFactors>> factors) {
        List<Integer> hidden = LayerWeights.hiddenLayers(dense);
        requireFit(dense, hidden, factors);
        var builder = new NeuralNetConfiguration.Builder()
                .seed(dense.getDefaultConfiguration().getSeed())
                .updater(new NoOp())
                .dataType(dense.getLayerWiseConfigurations().getDataType())
                .list();
        List<INDArray> parameters = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < dense.getnLayers(); i++) {
            InputPreProcessor reshaping = dense.getLayerWiseConfigurations().getInputPreProcess(i);
            if (reshaping != null) {
                builder.inputPreProcessor(next, reshaping);
            }
            int position = hidden.indexOf(i);
            if (position < 0 || factors.get(position).isEmpty()) {
                builder.layer(
                        next++,
                        untrained(dense.getLayerWiseConfigurations().getConf(i).getLayer()));
                parameters.add(dense.getLayer(i).params());
            } else {
                LowRankFactors pair = factors.get(position).get();
                builder.layer(next++, leftLayer(pair));
                builder.layer(next++, rightLayer(dense(dense, i), pair));
                parameters.addAll(List.of(pair.left(), pair.right()));
                parameters.add(LayerWeights.bias(dense, i));
            }
        }
        var network = new MultiLayerNetwork(builder.build());
        network.init(
                Nd4j.hstack(parameters.stream()
                        .filter(Objects::nonNull)
                        .map(FactorizedNetwork::flat)
                        .toList()),
                true);
        return network;
    }

    /**
     * An untrained network of the same layers, to compare with: factors at random, scaled so that signals keep their
     * size (LeCun's variance 1/nIn before no activation, He's 2/nIn before ReLU).
     *
     * @param spec shape of the dense network it stands for
     * @param ranks one for each hidden layer, from input to output, each at least 1
     * @param seed of the weights
     * @throws IllegalArgumentException if the ranks do not fit
     */
    public static MultiLayerNetwork random(MlpSpec spec, List<Integer> ranks, long seed) {
        requireRanks(spec, ranks);
        var layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new NoOp())
                .list();
        int width = spec.inputs();
        for (int i = 0; i < ranks.size(); i++) {
            layers.layer(new DenseLayer.Builder()
                    .nIn(width)
                    .nOut(ranks.get(i))
                    .activation(Activation.IDENTITY)
                    .weightInit(WeightInit.LECUN_NORMAL)
                    .hasBias(false)
                    .build());
            width = spec.hidden().get(i);
            layers.layer(new DenseLayer.Builder()
                    .nIn(ranks.get(i))
                    .nOut(width)
                    .activation(Activation.RELU)
                    .weightInit(WeightInit.RELU)
                    .build());
        }
        var network = new MultiLayerNetwork(layers.layer(spec.outputLayer()).build());
        network.init();
        return network;
    }

    /**
     * The ranks of a network made by this class, from input to output; of a layer left as it is, the shorter side of
     * its matrix. Factors are told by their first layer, which has neither bias nor activation. Empty for a network
     * that has none.
     */
    public static List<Integer> ranks(MultiLayerNetwork network) {
        List<Integer> left = leftLayers(network);
        if (left.isEmpty()) {
            return List.of();
        }
        return IntStream.range(0, network.getnLayers())
                .filter(i -> dense(network, i) != null && !left.contains(i - 1))
                .mapToObj(i -> (int)
                        (left.contains(i)
                                ? dense(network, i).getNOut()
                                : Math.min(
                                        dense(network, i).getNIn(),
                                        dense(network, i).getNOut())))
                .toList();
    }

    /** Whether every pair of factors of a factorized network has the rank of the shorter side: nothing is cut off. */
    public static boolean isFullRank(MultiLayerNetwork network) {
        return leftLayers(network).stream()
                .allMatch(i -> dense(network, i).getNOut()
                        == Math.min(
                                dense(network, i).getNIn(),
                                dense(network, i + 1).getNOut()));
    }

    private static List<Integer> leftLayers(MultiLayerNetwork network) {
        return IntStream.range(0, network.getnLayers())
                .boxed()
                .filter(i -> dense(network, i) != null
                        && !dense(network, i).hasBias()
                        && dense(network, i).getActivationFn() instanceof ActivationIdentity)
                .toList();
    }

    private static DenseLayer dense(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getConf(layer).getLayer() instanceof DenseLayer dense
                ? dense
                : null;
    }

    private static DenseLayer leftLayer(LowRankFactors pair) {
        return new DenseLayer.Builder()
                .nIn(pair.left().rows())
                .nOut(pair.rank())
                .activation(Activation.IDENTITY)
                .hasBias(false)
                .build();
    }

    private static DenseLayer rightLayer(DenseLayer layer, LowRankFactors pair) {
        return new DenseLayer.Builder()
                .nIn(pair.rank())
                .nOut(pair.right().columns())
                .activation(layer.getActivationFn())
                .hasBias(layer.hasBias())
                .build();
    }

    private static void requireRanks(MlpSpec spec, List<Integer> ranks) {
        ParameterCount.folded(spec, ranks); // refuses another number of ranks, and those below 1
        for (int i = 0; i < ranks.size(); i++) {
            int limit = Math.min(
                    i == 0 ? spec.inputs() : spec.hidden().get(i - 1),
                    spec.hidden().get(i));
            if (ranks.get(i) > limit) {
                throw new IllegalArgumentException("rank " + ranks.get(i) + " of hidden layer " + (i + 1) + " is above "
                        + limit + ", the shorter side of its matrix");
            }
        }
    }

    /** A copy without optimizer; without its name where DL4J gave it by position, since positions change. */
    private static Layer untrained(Layer layer) {
        Layer copy = layer.clone();
        if (copy.getLayerName() != null && copy.getLayerName().matches("layer\\d+")) {
            copy.setLayerName(null);
        }
        if (copy instanceof BaseLayer trainable) {
            trainable.setIUpdater(new NoOp());
        }
        return copy;
    }

    /** The parameters of one array in the order in which DL4J lays them out: column by column, {@code [1, length]}. */
    private static INDArray flat(INDArray a) {
        return a.dup('f').reshape('f', 1, a.length());
    }

    private static void requireFit(
            MultiLayerNetwork dense, List<Integer> hidden, List<Optional<LowRankFactors>> factors) {
        if (hidden.size() != factors.size()) {
            throw new IllegalArgumentException(factors.size() + " pairs of factors for " + hidden.size()
                    + " hidden layers: give one pair a layer");
        }
        for (int i = 0; i < factors.size(); i++) {
            if (factors.get(i).isEmpty()) {
                continue;
            }
            if (dense(dense, hidden.get(i)).hasLayerNorm()) {
                throw new IllegalArgumentException("hidden layer " + (i + 1)
                        + " has a layer norm, which factors cannot keep: compress a network without");
            }
            long[] shape = LayerWeights.weights(dense, hidden.get(i)).shape();
            LowRankFactors pair = factors.get(i).get();
            if (pair.left().rows() != shape[0] || pair.right().columns() != shape[1]) {
                throw new IllegalArgumentException("hidden layer " + (i + 1) + " has weights of shape "
                        + Arrays.toString(shape) + ", its factors make ["
                        + pair.left().rows() + ", "
                        + pair.right().columns() + "]: give factors of the same shape");
            }
        }
    }
}
