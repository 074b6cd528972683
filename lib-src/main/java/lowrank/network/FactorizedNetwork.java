package lowrank.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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
 * <p>Each hidden layer {@code f(x · W + b)} becomes two: {@code x · L}, without bias or activation, and
 * {@code f((x · L) · R + b)}. Any DL4J program can load the result; nothing of this project is needed to run it.
 */
public final class FactorizedNetwork {
  private FactorizedNetwork() {}

  /**
   * A new network that computes with factors in place of the hidden weights.
   *
   * @param dense the network to compress; not modified. Its biases, activations and output layer are copied
   * @param factors one for each hidden dense layer, from input to output, shapes fitting; copied
   * @throws IllegalArgumentException if number or shapes do not fit the network
   */
  public static MultiLayerNetwork of(MultiLayerNetwork dense, List<LowRankFactors> factors) {
    List<Integer> hidden = LayerWeights.hiddenLayers(dense);
    requireFit(dense, hidden, factors);
    List<Layer> layers = new ArrayList<>();
    List<INDArray> parameters = new ArrayList<>();
    for (int i = 0; i < dense.getnLayers(); i++) {
      Layer layer = dense.getLayerWiseConfigurations().getConf(i).getLayer();
      int position = hidden.indexOf(i);
      if (position < 0) {
        layers.add(layer.clone());
        parameters.add(flat(dense.getLayer(i).params()));
      } else {
        LowRankFactors pair = factors.get(position);
        layers.add(leftLayer(pair));
        layers.add(rightLayer((DenseLayer) layer, pair));
        parameters.add(flat(pair.left()));
        parameters.add(flat(pair.right()));
        INDArray bias = LayerWeights.bias(dense, i);
        if (bias != null) {
          parameters.add(flat(bias));
        }
      }
    }
    return assemble(dense.getDefaultConfiguration().getSeed(), layers, parameters);
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
    ParameterCount.folded(spec, ranks); // refuses ranks that do not fit
    var layers = new NeuralNetConfiguration.Builder().seed(seed).updater(new NoOp()).list();
    int width = spec.inputs();
    for (int i = 0; i < ranks.size(); i++) {
      layers.layer(new DenseLayer.Builder().nIn(width).nOut(ranks.get(i))
          .activation(Activation.IDENTITY).weightInit(WeightInit.LECUN_NORMAL).hasBias(false).build());
      width = spec.hidden().get(i);
      layers.layer(new DenseLayer.Builder().nIn(ranks.get(i)).nOut(width)
          .activation(Activation.RELU).weightInit(WeightInit.RELU).build());
    }
    var network = new MultiLayerNetwork(layers.layer(spec.outputLayer()).build());
    network.init();
    return network;
  }

  /**
   * The ranks of a network made by {@link #of}, from input to output: the widths of its dense layers that have neither
   * bias nor activation. Empty for a network that is not factorized.
   */
  public static List<Integer> ranks(MultiLayerNetwork network) {
    return leftLayers(network).stream().map(i -> (int) dense(network, i).getNOut()).toList();
  }

  /** Whether every pair of factors of a factorized network has the rank of the shorter side: nothing is cut off. */
  public static boolean isFullRank(MultiLayerNetwork network) {
    return leftLayers(network).stream().allMatch(i ->
        dense(network, i).getNOut() == Math.min(dense(network, i).getNIn(), dense(network, i + 1).getNOut()));
  }

  private static List<Integer> leftLayers(MultiLayerNetwork network) {
    return IntStream.range(0, network.getnLayers()).boxed().filter(i -> dense(network, i) != null
        && !dense(network, i).hasBias() && dense(network, i).getActivationFn() instanceof ActivationIdentity).toList();
  }

  private static DenseLayer dense(MultiLayerNetwork network, int layer) {
    return network.getLayerWiseConfigurations().getConf(layer).getLayer() instanceof DenseLayer dense ? dense : null;
  }

  private static DenseLayer leftLayer(LowRankFactors pair) {
    return new DenseLayer.Builder().nIn(pair.left().rows()).nOut(pair.rank())
        .activation(Activation.IDENTITY).hasBias(false).build();
  }

  private static DenseLayer rightLayer(DenseLayer layer, LowRankFactors pair) {
    return new DenseLayer.Builder().nIn(pair.rank()).nOut(pair.right().columns())
        .activation(layer.getActivationFn()).hasBias(layer.hasBias()).build();
  }

  private static MultiLayerNetwork assemble(long seed, List<Layer> layers, List<INDArray> parameters) {
    var builder = new NeuralNetConfiguration.Builder().seed(seed).updater(new NoOp()).list();
    layers.forEach(builder::layer);
    var network = new MultiLayerNetwork(builder.build());
    network.init(Nd4j.hstack(parameters), true);
    return network;
  }

  /** The parameters of one array in the order in which DL4J lays them out: column by column, {@code [1, length]}. */
  private static INDArray flat(INDArray a) {
    return a.dup('f').reshape('f', 1, a.length());
  }

  private static void requireFit(MultiLayerNetwork dense, List<Integer> hidden, List<LowRankFactors> factors) {
    if (hidden.size() != factors.size()) {
      throw new IllegalArgumentException(factors.size() + " pairs of factors for " + hidden.size()
          + " hidden layers: give one pair a layer");
    }
    for (int i = 0; i < factors.size(); i++) {
      long[] shape = LayerWeights.weights(dense, hidden.get(i)).shape();
      LowRankFactors pair = factors.get(i);
      if (pair.left().rows() != shape[0] || pair.right().columns() != shape[1]) {
        throw new IllegalArgumentException("hidden layer " + (i + 1) + " has weights of shape "
            + Arrays.toString(shape) + ", its factors make [" + pair.left().rows() + ", "
            + pair.right().columns() + "]: give factors of the same shape");
      }
    }
  }
}
