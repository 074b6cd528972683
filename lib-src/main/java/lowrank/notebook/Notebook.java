package lowrank.notebook;

import java.awt.image.BufferedImage;
import lowrank.charts.Pictures;
import lowrank.charts.Plot;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * The notebook this code runs in: it shows tables, charts and pictures as outputs of the cell. In plain Java it shows
 * nothing and keeps the last state in memory.
 *
 * <p>All methods for notebooks return nothing, so that a cell that ends with a call to one prints nothing else.
 */
final class Notebook {
    private final Kernel kernel;

    Notebook(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * The running JJava or IJava kernel, or memory if there is none. From now on a table, or a chart of XChart or this
     * library, is displayed when it is the last expression of a cell.
     */
    static Notebook current() {
        Kernel kernel = JupyterKernel.find().orElseGet(MemoryKernel::new);
        showValues(kernel);
        return new Notebook(kernel);
    }

    static void showValues(Kernel kernel) {
        kernel.shows(Table.class, MimeBundle::of);
        kernel.shows(Chart.class, MimeBundle::of);
        kernel.shows(Plot.class, MimeBundle::of);
        kernel.shows(HtmlView.class, MimeBundle::of);
    }

    /** Shows HTML; its plain text is stored as well. */
    void show(HtmlView view) {
        kernel.display(MimeBundle.of(view));
    }

    /** Shows a chart. */
    void show(Plot plot) {
        kernel.display(MimeBundle.of(plot));
    }

    /** Shows a picture with two pixels for each pixel shown, like those of {@link Pictures} and {@link Plot}. */
    void show(BufferedImage image) {
        kernel.display(MimeBundle.of(image, "Picture of " + image.getWidth() + " x " + image.getHeight() + " pixels"));
    }

    /** Shows a sentence. */
    void show(String sentence) {
        kernel.display(MimeBundle.of(sentence));
    }

    /** An output whose content can change, empty until it is first set. */
    Place place() {
        return new Place();
    }

    /** Name and version of the kernel. */
    String kernelName() {
        return kernel.name();
    }

    /** An output that can be replaced repeatedly; the last state stays in the notebook. */
    final class Place {
        private String id;

        void set(MimeBundle view) {
            if (id == null) {
                id = kernel.display(view);
            } else {
                kernel.update(id, view);
            }
        }
    }
}
