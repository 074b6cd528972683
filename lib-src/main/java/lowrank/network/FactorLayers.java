package lowrank.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * The two dense layers that replace one, and how they are recognized: the second has the name of the dense layer, whose
 * output it gives; the first has that name followed by {@value #SUFFIX}, no bias and no activation.
 *
 * <p>Both have the updaters, the gradient clipping and the weight initialization of the dense layer; the first has its
 * input dropout, the second the settings of its bias.
 */
final class FactorLayers {
    static final String SUFFIX = ".left";

    private FactorLayers() {}

    static String name(String name) {
        return name + SUFFIX;
    }

    static DenseLayer left(DenseLayer dense, int rank) {
        DenseLayer left = (DenseLayer) dense.clone();
        left.setLayerName(name(dense.getLayerName()));
        left.setNOut(rank);
        left.setActivationFn(new ActivationIdentity());
        left.setHasBias(false);
        left.setBiasUpdater(null);
        left.setRegularizationBias(new ArrayList<>());
        left.setConstraints(null);
        return withoutWeightRules(left);
    }

    static DenseLayer right(DenseLayer dense, int rank) {
        DenseLayer right = (DenseLayer) dense.clone();
        right.setNIn(rank);
        right.setIDropout(null);
        List<LayerConstraint> ofBias = constraints(dense)
                .filter(each -> each.getParams().contains(DefaultParamInitializer.BIAS_KEY))
                .map(FactorLayers::ofBiasAlone)
                .toList();
        right.setConstraints(ofBias.isEmpty() ? null : ofBias);
        return withoutWeightRules(right);
    }

    /** The dense layer that a pair replaces. */
    static DenseLayer merged(DenseLayer left, DenseLayer right) {
        DenseLayer dense = (DenseLayer) right.clone();
        dense.setNIn(left.getNIn());
        dense.setIDropout(left.getIDropout());
        return dense;
    }

    /** Whether a layer and the one after it are the two factors of one. */
    static boolean arePair(MultiLayerNetwork network, int first) {
        return first >= 0
                && first + 1 < network.getnLayers()
                && LayerWeights.configuration(network, first) instanceof DenseLayer left
                && LayerWeights.configuration(network, first + 1) instanceof DenseLayer right
                && right.getLayerName() != null
                && name(right.getLayerName()).equals(left.getLayerName())
                && !left.hasBias()
                && left.getActivationFn() instanceof ActivationIdentity;
    }

    /** The settings of a layer that its factors cannot have: one sentence for each. */
    static List<String> notCarried(MultiLayerNetwork network, int layer) {
        DenseLayer dense = (DenseLayer) LayerWeights.configuration(network, layer);
        List<Object> dropped = new ArrayList<>();
        if (dense.getRegularization() != null) {
            dropped.addAll(dense.getRegularization());
        }
        constraints(dense)
                .filter(each -> each.getParams().contains(DefaultParamInitializer.WEIGHT_KEY))
                .forEach(dropped::add);
        if (dense.getWeightNoise() != null) {
            dropped.add(dense.getWeightNoise());
        }
        return dropped.stream()
                .map(each -> LayerWeights.label(network, layer) + ": "
                        + each.getClass().getSimpleName()
                        + " of the weights is not carried over, since on factors it would mean something else; set what"
                        + " you want of it on the factors")
                .toList();
    }

    private static DenseLayer withoutWeightRules(DenseLayer layer) {
        layer.setRegularization(new ArrayList<>());
        layer.setWeightNoise(null);
        return layer;
    }

    private static Stream<LayerConstraint> constraints(Layer layer) {
        return layer.getConstraints() == null ? Stream.empty() : layer.getConstraints().stream();
    }

    private static LayerConstraint ofBiasAlone(LayerConstraint constraint) {
        LayerConstraint copy = constraint.clone();
        copy.setParams(Set.of(DefaultParamInitializer.BIAS_KEY));
        return copy;
    }
}
