package lowrank.charts;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * PNG files of at most 256 colours: a chart takes half the bytes that it takes in full colour, which keeps a notebook
 * with ten charts below a megabyte. The most frequent colours stay; a rare colour becomes the nearest of those. An
 * image that would change visibly, such as a photograph, keeps all its colours.
 */
public final class Png {
    private static final int COLOURS = 256;
    /** No colour of the palette is transparent. */
    private static final int NO_INDEX = -1;
    /** Share of the pixels that the palette must hold exactly. */
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
        Map<Integer, Long> counts = Arrays.stream(pixels)
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        int[] palette = counts.keySet().stream()
                .sorted(Comparator.comparing(counts::get).reversed())
                .limit(COLOURS)
                .mapToInt(Integer::intValue)
                .toArray();
        if (Arrays.stream(palette).mapToLong(counts::get).sum() < ENOUGH * pixels.length) {
            return image;
        }
        var colours = new IndexColorModel(8, palette.length, palette, 0, false, NO_INDEX, DataBuffer.TYPE_BYTE);
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
        result.setRGB(0, 0, width, height, pixels, 0, width);
        return result;
    }
}
