package lowrank.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import org.knowm.xchart.style.markers.Marker;

/** A ring, for values that others measured. */
final class HollowMarker extends Marker {
    @Override
    public void paint(Graphics2D pen, double x, double y, int size) {
        Color colour = pen.getColor();
        Shape ring = new Ellipse2D.Double(x - size / 2.0, y - size / 2.0, size, size);
        pen.setColor(Color.WHITE);
        pen.fill(ring);
        pen.setColor(colour);
        pen.setStroke(ChartStyle.BAR);
        pen.draw(ring);
    }
}
