package lowrank.svd;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lowrank.network.LayerWeights;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Widths and ranks of all hidden layers, chosen together: those for which the loss and the price of all numbers,
 * {@code Σ loss + λ · numbers}, is least. The price λ of a number is the same everywhere, and as low as a budget
 * allows.
 *
 * <p>A layer of width n that reads p neurons at rank r costs {@code min(r (p + n), p n)} numbers, and its biases n.
 * What it loses is the tail of its {@link Spectrum}, and what its own neurons lose is in {@link NeuronOrder#losses};
 * both are in the unit of the loss. For a price, ranks and widths are chosen in turn until neither changes.
 */
final class ShapeSearch {
    private static final int ROUNDS = 50;
    private static final int HALVINGS = 60;

    private final long inputs;
    private final long outputs;
    private final List<Spectrum> spectra;
    private final List<NeuronOrder> neurons;

    /**
     * @param network of dense layers
     * @param spectra of its hidden layers
     * @param neurons of its hidden layers, as the next layer reads them
     */
    ShapeSearch(MultiLayerNetwork network, List<Spectrum> spectra, List<NeuronOrder> neurons) {
        this.inputs = LayerWeights.hiddenWeights(network).get(0).rows();
        this.outputs =
                LayerWeights.weights(network, LayerWeights.outputLayer(network)).columns();
        this.spectra = spectra;
        this.neurons = neurons;
    }

    /** The fewest parameters there can be: one neuron in each hidden layer that may be narrowed. */
    long smallest() {
        return at(dearest()).numbers();
    }

    /**
     * The best shape of at most this many parameters.
     *
     * @throws IllegalArgumentException if the smallest has more, naming how many
     */
    NetworkShape within(long parameters) {
        if (parameters < smallest()) {
            throw new IllegalArgumentException("a budget of " + parameters + " parameters is below " + smallest()
                    + ", which one neuron in each hidden layer needs");
        }
        double dear = dearest();
        double cheap = 1e-20 * dear;
        for (int i = 0; i < HALVINGS; i++) {
            double price = Math.sqrt(cheap * dear);
            if (at(price).numbers() <= parameters) {
                dear = price;
            } else {
                cheap = price;
            }
        }
        return at(dear).shape();
    }

    /** A number costs as much as all that can be lost. */
    private double dearest() {
        double most = neurons.stream()
                .filter(NeuronOrder::narrows)
                .mapToDouble(each -> each.losses()[0])
                .sum();
        return most > 0 ? most : 1;
    }

    private Sizes at(double price) {
        var sizes = new Sizes();
        boolean changed = true;
        for (int round = 0; changed && round < ROUNDS; round++) {
            changed = false;
            for (int i = 0; i < neurons.size(); i++) {
                changed |= sizes.chooseRank(i, price);
            }
            for (int i = 0; i < neurons.size(); i++) {
                changed |= sizes.chooseWidth(i, price);
            }
        }
        return sizes;
    }

    /** Widths and ranks while they are chosen; at first, of the network as it is. */
    private final class Sizes {
        private final int[] widths =
                neurons.stream().mapToInt(each -> each.order().length).toArray();
        private final int[] ranks =
                IntStream.range(0, widths.length).map(this::shorterSide).toArray();

        private long before(int i) {
            return i == 0 ? inputs : widths[i - 1];
        }

        private int shorterSide(int i) {
            return (int) Math.min(before(i), widths[i]);
        }

        private static long numbers(long before, long width, int rank) {
            return Math.min(rank * (before + width), before * width);
        }

        boolean chooseRank(int i, double price) {
            int whole = shorterSide(i);
            Spectrum spectrum = spectra.get(i);
            int all = spectrum.values().length;
            return choose(ranks, i, whole, r -> {
                long numbers = numbers(before(i), widths[i], r);
                boolean cut = numbers < before(i) * widths[i];
                return (cut ? spectrum.sumOfSquares(Math.min(r, all), all) : 0) + price * numbers;
            });
        }

        boolean chooseWidth(int i, double price) {
            double[] losses = neurons.get(i).losses();
            boolean last = i == widths.length - 1;
            return choose(widths, i, losses.length - 1, n -> {
                long own = numbers(before(i), n, ranks[i]) + n;
                long next = last ? n * outputs : numbers(n, widths[i + 1], ranks[i + 1]);
                return losses[n] + price * (own + next);
            });
        }

        /** Sets one entry to the number from 1 on for which the cost is least; whether that is another than before. */
        private boolean choose(int[] sizes, int i, int most, IntToDoubleFunction cost) {
            int before = sizes[i];
            double least = Double.POSITIVE_INFINITY;
            for (int size = 1; size <= most; size++) {
                double now = cost.applyAsDouble(size);
                if (now < least) {
                    least = now;
                    sizes[i] = size;
                }
            }
            return sizes[i] != before;
        }

        long numbers() {
            long sum = outputs * (1 + widths[widths.length - 1]);
            for (int i = 0; i < widths.length; i++) {
                sum += numbers(before(i), widths[i], ranks[i]) + widths[i];
            }
            return sum;
        }

        NetworkShape shape() {
            return new NetworkShape(
                    Arrays.stream(widths).boxed().toList(),
                    IntStream.range(0, ranks.length)
                            .mapToObj(i -> Math.min(ranks[i], shorterSide(i)))
                            .toList());
        }
    }
}
