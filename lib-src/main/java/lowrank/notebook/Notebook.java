package lowrank.notebook;

import java.awt.image.BufferedImage;
import lowrank.charts.Pictures;
import lowrank.charts.Plot;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * The notebook this code runs in: shows tables, charts and pictures as outputs of the cell. In plain Java it shows
 * nothing and keeps the last state in memory.
 *
 * <p>All methods for notebooks return nothing, so that a cell that ends with one prints nothing else.
 */
final class Notebook {
    private final Kernel kernel;

    Notebook(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * The running JJava or IJava kernel, or memory where there is none. From now on a table, a chart of XChart or of
     * this library as the last expression of a cell shows itself.
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

    /** Shows HTML; its plain text is kept beside it. */
    void show(HtmlView view) {
        kernel.display(MimeBundle.of(view));
    }

    /** Shows a chart. */
    void show(Plot plot) {
        kernel.display(MimeBundle.of(plot));
    }

    /** Shows a picture that has two pixels to one shown, as those of {@link Pictures} and {@link Plot} have. */
    void show(BufferedImage image) {
        kernel.display(MimeBundle.of(image, "Picture of " + image.getWidth() + " x " + image.getHeight() + " pixels"));
    }

    /** Shows a sentence. */
    void show(String sentence) {
        kernel.display(MimeBundle.of(sentence));
    }

    /** A place whose content changes, empty until it is first set. */
    Place place() {
        return new Place();
    }

    /** Name and version of the kernel. */
    String kernelName() {
        return kernel.name();
    }

    /** One output that is replaced again and again; the last state stays in the notebook. */
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
