package lowrank.data;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images bent at random, as handwriting varies (Simard, Steinkraus and Platt 2003): each pixel takes the value of a
 * place nearby, and places close to each other are displaced alike.
 *
 * <p>A field of displacements is noise blurred by a Gaussian. {@value #FIELDS} fields are drawn once; each image takes
 * two of them, one for each direction, with random signs.
 */
final class ElasticDistortion {
    private static final int SIDE = DigitSet.SIDE;
    private static final int FIELDS = 256;
    /** Of the Gaussian, in pixels, as in the paper. */
    private static final double SIGMA = 4;

    private static final int REACH = (int) (3 * SIGMA);
    /** Uniform noise between its limits has variance 1. */
    private static final double SPREAD = Math.sqrt(3);

    private final Random random;
    private final float[][] fields = new float[FIELDS][];

    /** @param pixels root mean square of the displacements in each direction, above 0 */
    ElasticDistortion(double pixels, long seed) {
        random = new Random(seed);
        double[] gaussian = new double[2 * REACH + 1];
        double squares = 0;
        for (int i = 0; i < gaussian.length; i++) {
            gaussian[i] = StrictMath.exp(-(i - REACH) * (i - REACH) / (2 * SIGMA * SIGMA));
            squares += gaussian[i] * gaussian[i];
        }
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = field(gaussian, pixels / squares);
        }
    }

    /** Noise on a larger square, blurred along its rows and then along its columns. */
    private float[] field(double[] gaussian, double scale) {
        int wide = SIDE + 2 * REACH;
        double[][] rows = new double[wide][SIDE];
        for (double[] row : rows) {
            double[] noise = random.doubles(wide, -SPREAD, SPREAD).toArray();
            for (int x = 0; x < SIDE; x++) {
                for (int k = 0; k < gaussian.length; k++) {
                    row[x] += gaussian[k] * noise[x + k];
                }
            }
        }
        float[] field = new float[SIDE * SIDE];
        for (int i = 0; i < field.length; i++) {
            double sum = 0;
            for (int k = 0; k < gaussian.length; k++) {
                sum += gaussian[k] * rows[i / SIDE + k][i % SIDE];
            }
            field[i] = (float) (scale * sum);
        }
        return field;
    }

    /**
     * The images bent; what lies outside an image is background.
     *
     * @param images {@code [n, 784]}, float, row by row; not modified
     */
    INDArray of(INDArray images) {
        float[] from = images.data().asFloat();
        float[] bent = new float[from.length];
        for (int start = 0; start < bent.length; start += DigitSet.PIXELS) {
            float[] down = fields[random.nextInt(FIELDS)];
            float[] right = fields[random.nextInt(FIELDS)];
            int signs = random.nextInt(4);
            for (int i = 0; i < DigitSet.PIXELS; i++) {
                float y = i / SIDE + ((signs & 1) == 0 ? down[i] : -down[i]);
                float x = i % SIDE + ((signs & 2) == 0 ? right[i] : -right[i]);
                bent[start + i] = between(from, start, y, x);
            }
        }
        return Nd4j.create(bent, images.shape(), 'c');
    }

    /** The value at a place between four pixels, bilinear. */
    private static float between(float[] images, int start, float y, float x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        float lower = y - top;
        float farther = x - left;
        return (1 - lower)
                        * ((1 - farther) * pixel(images, start, top, left)
                                + farther * pixel(images, start, top, left + 1))
                + lower
                        * ((1 - farther) * pixel(images, start, top + 1, left)
                                + farther * pixel(images, start, top + 1, left + 1));
    }

    private static float pixel(float[] images, int start, int y, int x) {
        return y < 0 || y >= SIDE || x < 0 || x >= SIDE ? 0 : images[start + y * SIDE + x];
    }
}
