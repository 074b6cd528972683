package lowrank.training.layers;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** All settings of a dense layer except its type: name, sizes, activation, and what belongs to training. */
final class DenseSettings {
    private DenseSettings() {}

    static void copy(FeedForwardLayer from, FeedForwardLayer to) {
        to.setLayerName(from.getLayerName());
        to.setNIn(from.getNIn());
        to.setNOut(from.getNOut());
        to.setTimeDistributedFormat(from.getTimeDistributedFormat());
        to.setActivationFn(from.getActivationFn());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setIDropout(from.getIDropout());
        to.setConstraints(from.getConstraints());
        to.setWeightNoise(from.getWeightNoise());
    }
}
