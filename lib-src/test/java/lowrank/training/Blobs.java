package lowrank.training;

import java.util.Random;
import lowrank.data.DigitSet;

/** Images easy enough for a small network: digit d is a bright band at rows 2 d to 2 d + 4, in noise. */
public final class Blobs {
    private Blobs() {}

    public static DigitSet of(int size, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[size * DigitSet.PIXELS];
        byte[] labels = new byte[size];
        for (int i = 0; i < size; i++) {
            labels[i] = (byte) (i % DigitSet.CLASSES);
            for (int p = 0; p < DigitSet.PIXELS; p++) {
                int row = p / DigitSet.SIDE - 2 * labels[i];
                boolean band = row >= 0 && row < 5;
                pixels[i * DigitSet.PIXELS + p] = (byte) (band ? 120 + random.nextInt(136) : random.nextInt(100));
            }
        }
        return new DigitSet(pixels, labels);
    }
}
