package lowrank.data;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;

/**
 * Draws lines the way MNIST's images are made: fitted into 20 × 20 pixels, with the centre of mass in the middle of 28
 * × 28.
 */
final class Rasterizer {
    private static final int BOX = 20;
    /** Width in pixels of the edge of a line, from full ink to none. */
    private static final double EDGE = 1.2;

    private Rasterizer() {}

    /**
     * Draws an image.
     *
     * @param lines points {@code x, y, relative width}; moved and scaled to fit; the widths are not scaled
     * @param radius half the width of a line in pixels
     * @param pixels where the image is written, from {@code offset} on; must be zeros before
     */
    static void draw(List<double[][]> lines, double radius, byte[] pixels, int offset) {
        fit(lines, BOX - 2 * radius);
        double[] ink = new double[BOX * BOX];
        for (double[][] line : lines) {
            for (int i = 1; i < line.length; i++) {
                segment(ink, line[i - 1], line[i], radius);
            }
        }
        center(ink, pixels, offset);
    }

    /** Scales and moves the points, in place, so that they fill the middle {@code size} pixels of the box. */
    private static void fit(List<double[][]> lines, double size) {
        List<double[]> points = lines.stream().flatMap(Stream::of).toList();
        DoubleSummaryStatistics x =
                points.stream().mapToDouble(point -> point[0]).summaryStatistics();
        DoubleSummaryStatistics y =
                points.stream().mapToDouble(point -> point[1]).summaryStatistics();
        double scale = size / Math.max(x.getMax() - x.getMin(), y.getMax() - y.getMin());
        for (double[] point : points) {
            point[0] = BOX / 2.0 + scale * (point[0] - (x.getMin() + x.getMax()) / 2);
            point[1] = BOX / 2.0 + scale * (point[1] - (y.getMin() + y.getMax()) / 2);
        }
    }

    /** Draws ink, 0 to 1, along a straight piece; where there is ink already, the darker value stays. */
    private static void segment(double[] ink, double[] from, double[] to, double radius) {
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double length2 = Math.max(dx * dx + dy * dy, 1e-9);
        double width = radius * (from[2] + to[2]) / 2;
        double reach = width + EDGE;
        int top = (int) Math.max(0, Math.min(from[1], to[1]) - reach);
        int bottom = (int) Math.min(BOX - 1, Math.max(from[1], to[1]) + reach);
        int left = (int) Math.max(0, Math.min(from[0], to[0]) - reach);
        int right = (int) Math.min(BOX - 1, Math.max(from[0], to[0]) + reach);
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double x = column + 0.5 - from[0];
                double y = row + 0.5 - from[1];
                double along = Math.max(0, Math.min(1, (x * dx + y * dy) / length2));
                double distance = Math.sqrt(square(x - along * dx) + square(y - along * dy));
                int pixel = row * BOX + column;
                ink[pixel] = Math.max(ink[pixel], Math.min(1, 0.5 + (width - distance) / EDGE));
            }
        }
    }

    /** Copies the box so that its centre of mass is within a pixel of the middle of the image. */
    private static void center(double[] ink, byte[] pixels, int offset) {
        double mass = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < ink.length; i++) {
            mass += ink[i];
            x += ink[i] * (i % BOX + 0.5);
            y += ink[i] * (i / BOX + 0.5);
        }
        int left = margin(x / mass);
        int top = margin(y / mass);
        for (int i = 0; i < ink.length; i++) {
            int target = (top + i / BOX) * DigitSet.SIDE + left + i % BOX;
            pixels[offset + target] = (byte) Math.round(255 * ink[i]);
        }
    }

    private static int margin(double middle) {
        long margin = Math.round(DigitSet.SIDE / 2.0 - middle);
        return (int) Math.max(0, Math.min(DigitSet.SIDE - BOX, margin));
    }

    private static double square(double value) {
        return value * value;
    }
}
