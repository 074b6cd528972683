package lowrank.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One person's handwriting at one moment: how it bends, slants, stretches and presses a digit.
 *
 * <p>Sine and exponential come from {@link StrictMath}, so that one seed gives one drawing on every machine.
 */
final class Handwriting {
    /** Straight pieces between two points of a skeleton. */
    private static final int PIECES = 6;

    private static final int WAVES = 3;

    // How much handwriting varies, set by comparing digits with those of MNIST. Lengths are on the grid of the
    // skeletons, radii in pixels.
    private static final double JITTER = 5;
    private static final double BEND = 7;
    private static final double FREQUENCY = 0.03;
    private static final double TURN = 0.11;
    private static final double SLANT = 0.12;
    private static final double SLANTS = 0.2;
    private static final double STRETCH = 0.17;
    private static final double TRIM = 0.14;
    private static final double RADIUS = 1.2;
    private static final double RADII = 0.26;
    private static final double THINNEST = 0.65;
    private static final double PRESSURE = 0.3;

    private final Random random;
    private final double jitter;
    private final double[][] waves = new double[2 * WAVES][];
    private final double[] map;
    private final double pressure;
    /** Half the width of the pen in pixels. */
    final double radius;

    /** A random handwriting; all its randomness comes from {@code random}. */
    Handwriting(Random random) {
        this.random = random;
        jitter = JITTER * random.nextDouble();
        double bend = BEND * random.nextDouble();
        for (int i = 0; i < waves.length; i++) {
            waves[i] = new double[] {
                bend * random.nextGaussian(),
                FREQUENCY * random.nextGaussian(),
                FREQUENCY * random.nextGaussian(),
                2 * Math.PI * random.nextDouble()
            };
        }
        map = map(
                TURN * random.nextGaussian(),
                SLANT + SLANTS * random.nextGaussian(),
                StrictMath.exp(STRETCH * random.nextGaussian()));
        radius = Math.max(THINNEST, RADIUS * StrictMath.exp(RADII * random.nextGaussian()));
        pressure = PRESSURE * random.nextDouble();
    }

    /** The lines written for a skeleton, each as points {@code x, y, relative pressure}. */
    List<double[][]> write(double[][][] skeleton) {
        List<double[][]> lines = new ArrayList<>();
        for (double[][] stroke : skeleton) {
            double[][] line = trim(curve(shaken(stroke)));
            double phase = 2 * Math.PI * random.nextDouble();
            double swing = 3 * random.nextDouble();
            for (int i = 0; i < line.length; i++) {
                line[i] = moved(line[i], 1 + pressure * StrictMath.sin(phase + swing * i / PIECES));
            }
            lines.add(line);
        }
        return lines;
    }

    /** Rotation by an angle, after a shear, after a stretch of x against y. */
    private static double[] map(double turn, double slant, double stretch) {
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        return new double[] {cos * stretch, -cos * slant - sin, sin * stretch, cos - sin * slant};
    }

    /** Each point moved a little; a corner, given as two equal points, stays one. */
    private double[][] shaken(double[][] stroke) {
        double[][] points = new double[stroke.length][];
        for (int i = 0; i < points.length; i++) {
            points[i] = i > 0 && Arrays.equals(stroke[i], stroke[i - 1])
                    ? points[i - 1]
                    : new double[] {
                        stroke[i][0] + jitter * random.nextGaussian(), stroke[i][1] + jitter * random.nextGaussian()
                    };
        }
        return points;
    }

    /** The smooth line through the points (Catmull and Rom 1974), with a corner where one is given twice. */
    private static double[][] curve(double[][] points) {
        List<double[]> line = new ArrayList<>(List.of(points[0].clone()));
        for (int i = 1; i < points.length; i++) {
            double[] from = points[i - 1];
            double[] to = points[i];
            if (from == to) {
                continue;
            }
            double[] before = points[Math.max(i - 2, 0)];
            double[] after = points[Math.min(i + 1, points.length - 1)];
            for (int piece = 1; piece <= PIECES; piece++) {
                double t = (double) piece / PIECES;
                line.add(new double[] {
                    between(before[0], from[0], to[0], after[0], t), between(before[1], from[1], to[1], after[1], t)
                });
            }
        }
        return line.toArray(double[][]::new);
    }

    private static double between(double before, double from, double to, double after, double t) {
        double out = (to - before) / 2;
        double in = (after - from) / 2;
        return from + t * (out + t * (3 * (to - from) - 2 * out - in + t * (2 * (from - to) + out + in)));
    }

    /** The line, slightly shortened at its ends, as if the pen touched down late or was lifted early. */
    private double[][] trim(double[][] line) {
        double most = TRIM * line.length;
        int start = (int) (most * random.nextDouble() * random.nextDouble());
        int end = (int) (most * random.nextDouble() * random.nextDouble());
        return Arrays.copyOfRange(line, start, line.length - end);
    }

    /** A point bent by the waves, then mapped. */
    private double[] moved(double[] point, double press) {
        double x = point[0];
        double y = point[1];
        for (int i = 0; i < WAVES; i++) {
            x += wave(waves[i], point);
            y += wave(waves[WAVES + i], point);
        }
        return new double[] {map[0] * x + map[1] * y, map[2] * x + map[3] * y, press};
    }

    private static double wave(double[] wave, double[] point) {
        return wave[0] * StrictMath.sin(wave[1] * point[0] + wave[2] * point[1] + wave[3]);
    }
}
