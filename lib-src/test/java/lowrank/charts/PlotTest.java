package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PlotTest {
    private final Axis axis = Axis.linear("x", 0, 10);

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
        PlotArea area = new PlotPainter(plot).area();
        for (double at : new double[] {0, 5}) {
            Color colour = new Color(image.getRGB((int) (2 * area.x(at)), (int) (2 * area.y(at))));
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
    void aLineThatEndsAtTheRightIsNamedThereAndAShortOneBesideItsEnd() {
        assertTrue(
                areaOf(line("a long name", 10)).right() < areaOf(line("a", 10)).right(), "room for the name");
        assertEquals(
                areaOf(line("a", 3)).right(), areaOf(line("a long name", 3)).right());
        assertTrue(ChartsTest.inked(line("a long name", 3).image())
                > ChartsTest.inked(line("a", 3).image()));
    }

    private Plot line(String name, double end) {
        return new Plot("t", "MNIST", axis, axis).line(name, new double[] {0, end}, new double[] {1, 2});
    }

    private static PlotArea areaOf(Plot plot) {
        return new PlotPainter(plot).area();
    }

    @Test
    void aLongTitleTakesMoreLinesInPlaceOfBeingCut() {
        String claim = "more words than fit ".repeat(10).strip();
        assertTrue(areaOf(new Plot(claim, "MNIST", axis, axis)).top()
                > areaOf(new Plot("short", "MNIST", axis, axis)).top());
    }

    @Test
    void aPngKeepsTheSizeAndTheColoursOfTheImage() throws IOException {
        BufferedImage image = new Canvas(20, 10).image;
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
