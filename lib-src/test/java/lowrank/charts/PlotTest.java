package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PlotTest {
    private final Axis axis = Axis.linear("x", 0, 10);

    @Test
    void errorBarsAreStrokesBetweenWhichThePenIsLifted() {
        Plot plot = new Plot("t", "MNIST", axis, axis)
                .bars("a", new double[] {1, 2}, new double[] {3, 4}, new double[] {1, 2}, new double[] {5, 6});
        assertArrayEquals(
                new double[] {3, 5, Double.NaN, 4, 6, Double.NaN},
                plot.series().get(0).y());
    }

    @Test
    void refusesASeriesOfUnequalLengths() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> new Plot("t", "MNIST", axis, axis).line("a", new double[2], new double[3]));
        assertEquals("series \"a\" has 2 x and 3 y values", error.getMessage());
    }

    @Test
    void marksLieWhereTheGridSaysTheyDo() {
        Plot plot = new Plot("t", "MNIST", axis, axis).points("dense", new double[] {0, 5}, new double[] {0, 5});
        BufferedImage image = plot.image();
        PlotPainter painter = new PlotPainter(plot);
        for (double at : new double[] {0, 5}) {
            Color colour = new Color(image.getRGB((int) (2 * painter.x(at)), (int) (2 * painter.y(at))));
            assertEquals(ChartStyle.INK, colour, "at " + at);
        }
    }

    @Test
    void labelsAreMovedApartAndStayInRange() {
        assertArrayEquals(new double[] {10, 26, 42}, PlotLabels.spread(new double[] {10, 11, 12}, 0, 100));
        assertArrayEquals(new double[] {68, 84, 100}, PlotLabels.spread(new double[] {90, 95, 99}, 0, 100));
        assertArrayEquals(new double[] {10, 50}, PlotLabels.spread(new double[] {10, 50}, 0, 100));
    }

    @Test
    void linesAreNamedAtTheirEndsAndLevelsToo() {
        Plot plot = new Plot("t", "MNIST", axis, axis)
                .line("a", new double[] {0, 10}, new double[] {1, 2})
                .line("short", new double[] {0, 3}, new double[] {1, 2})
                .level("dense", 9);
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        var metrics = image.createGraphics().getFontMetrics();
        assertEquals(List.of("a", "dense", "short"), new PlotLabels(plot, metrics).texts());
    }

    @Test
    void aLongTitleTakesMoreLinesInPlaceOfBeingCut() {
        String claim = "more words than fit ".repeat(10).strip();
        assertTrue(new PlotPainter(new Plot(claim, "MNIST", axis, axis)).top()
                > new PlotPainter(new Plot("short", "MNIST", axis, axis)).top());
    }

    @Test
    void aPngKeepsTheSizeAndTheColoursOfTheImage() throws IOException {
        BufferedImage image = ChartStyle.canvas(20, 10);
        ChartStyle.pen(image).dispose();
        image.setRGB(3, 4, ChartStyle.GRID.getRGB());
        image.setRGB(5, 4, Color.BLUE.getRGB());
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image)));
        assertEquals(40, read.getWidth());
        for (int x = 0; x < 8; x++) {
            assertEquals(image.getRGB(x, 4), read.getRGB(x, 4), "opaque, and of the same colour");
        }
    }

    @Test
    void aPngOfManyColoursKeepsThemAll() throws IOException {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, i * 4 % 256 << 16 | i / 16);
        }
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image)));
        for (int i = 0; i < 64 * 64; i++) {
            assertEquals(image.getRGB(i % 64, i / 64), read.getRGB(i % 64, i / 64));
        }
    }
}
