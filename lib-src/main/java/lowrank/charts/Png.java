package lowrank.charts;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * PNG files of at most 256 colours: a chart takes a third of the bytes it takes in full colour, which keeps a notebook
 * of ten below a megabyte. Of colours that differ by less than 4 of 256 levels a channel the most frequent is kept, and
 * rare ones become the nearest of those. An image that this would change visibly, a photograph, keeps its colours.
 */
public final class Png {
    private static final int COLOURS = 256;
    /** No colour of the palette is transparent. */
    private static final int NO_INDEX = -1;
    /** Colours that agree in their upper six bits a channel are one. */
    private static final int ALIKE = 0xFCFCFC;
    /** Share of the pixels that the palette must hold almost exactly. */
    private static final double ENOUGH = 0.97;

    private Png() {}

    /** The image as a PNG file. Transparency is not kept. */
    public static byte[] encode(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam smallest = writer.getDefaultWriteParam();
            smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            smallest.setCompressionQuality(0);
            writer.setOutput(out);
            writer.write(null, new IIOImage(indexed(image), null, null), smallest);
        } catch (IOException e) {
            throw new UncheckedIOException("an image could not be encoded", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage indexed(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        int[] palette = palette(pixels);
        if (palette.length == 0) {
            return image;
        }
        Map<Integer, Byte> nearest = new HashMap<>();
        byte[] indices = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            indices[i] = nearest.computeIfAbsent(pixels[i] & 0xFFFFFF, colour -> (byte) nearest(palette, colour));
        }
        IndexColorModel model =
                new IndexColorModel(8, palette.length, palette, 0, false, NO_INDEX, DataBuffer.TYPE_BYTE);
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        result.getRaster().setDataElements(0, 0, width, height, indices);
        return result;
    }

    /** The most frequent colours, each the most frequent of those alike; none if they are of too few pixels. */
    private static int[] palette(int[] pixels) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel & 0xFFFFFF, 1, Integer::sum);
        }
        if (counts.size() <= COLOURS) {
            return counts.keySet().stream().mapToInt(Integer::intValue).toArray();
        }
        Map<Integer, int[]> alike = new HashMap<>();
        counts.forEach((colour, count) -> {
            int[] best = alike.computeIfAbsent(colour & ALIKE, key -> new int[3]);
            best[0] += count;
            if (count > best[2]) {
                best[1] = colour;
                best[2] = count;
            }
        });
        List<int[]> frequent = alike.values().stream()
                .sorted((a, b) -> Integer.compare(b[0], a[0]))
                .limit(COLOURS)
                .toList();
        int covered = frequent.stream().mapToInt(best -> best[0]).sum();
        boolean enough = covered >= ENOUGH * pixels.length;
        return enough ? frequent.stream().mapToInt(best -> best[1]).toArray() : new int[0];
    }

    private static int nearest(int[] palette, int colour) {
        int[] distances = Arrays.stream(palette)
                .map(candidate -> distance(candidate, colour))
                .toArray();
        int best = 0;
        for (int i = 1; i < distances.length; i++) {
            best = distances[i] < distances[best] ? i : best;
        }
        return best;
    }

    private static int distance(int a, int b) {
        int red = (a >> 16 & 255) - (b >> 16 & 255);
        int green = (a >> 8 & 255) - (b >> 8 & 255);
        int blue = (a & 255) - (b & 255);
        return red * red + green * green + blue * blue;
    }
}
