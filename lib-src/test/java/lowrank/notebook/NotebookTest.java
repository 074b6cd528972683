package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import lowrank.charts.Pictures;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

class NotebookTest {
    private final MemoryKernel kernel = new MemoryKernel();
    private final Notebook notebook = new Notebook(kernel);

    /** The methods and types of a kernel, as JJava and IJava have them. */
    public static final class FakeKernel {
        static final Map<String, Object> DATA = new HashMap<>();
        static final Map<String, Object> METADATA = new HashMap<>();
        static final Map<Class<?>, Function> FUNCTIONS = new HashMap<>();

        public static String display(Object output) {
            assertFalse(Thread.currentThread().isInterrupted(), "a socket would refuse to send");
            ((Renderable) output).render(new Context());
            return "id 1";
        }

        public static void updateDisplay(String id, Object output) {
            assertEquals("id 1", id);
            display(output);
        }

        /** The running kernel. */
        public static FakeKernel running() {
            return new FakeKernel();
        }

        public FakeKernel getRenderer() {
            return this;
        }

        public Registration createRegistration(Class<?> type) {
            return new Registration(type);
        }

        /** How a type is shown. */
        public record Registration(Class<?> type) {
            public void register(Function function) {
                FUNCTIONS.put(type, function);
            }
        }

        /** What shows an object. */
        public interface Function {
            void render(Object value, Context context);
        }

        /** An object that fills a container. */
        public interface Renderable {
            default String preferred() {
                return "any";
            }

            void render(Context context);
        }

        /** What the container is reached by. */
        public static final class Context {
            public Container getOutputContainer() {
                return new Container();
            }
        }

        /** Content by MIME type. */
        public static final class Container {
            public void putData(String type, Object data) {
                DATA.put(type, data);
            }

            public void putMetaData(String type, Object data) {
                METADATA.put(type, data);
            }
        }
    }

    private static Kernel fake() {
        String name = FakeKernel.class.getName();
        return JupyterKernel.find("Fake", name, FakeKernel.Renderable.class.getName(), name + ".running")
                .orElseThrow();
    }

    @Test
    void tablesAndChartsShowThemselvesAsValuesOfCells() {
        Notebook.showValues(fake());
        Table table = Table.create("Counts", IntColumn.create("rank", 10, 20));
        FakeKernel.FUNCTIONS.get(Table.class).render(table, new FakeKernel.Context());
        assertEquals(Tables.html(table, "Counts").html(), FakeKernel.DATA.get("text/html"));
        XYChart chart =
                new XYChartBuilder().width(200).height(100).title("Falls").build();
        chart.addSeries("layer 1", new double[] {3, 2, 1});
        FakeKernel.FUNCTIONS.get(Chart.class).render(chart, new FakeKernel.Context());
        assertEquals("Falls", FakeKernel.DATA.get("text/plain"));
        assertEquals(Map.of("width", 200, "alt", "Falls: layer 1"), FakeKernel.METADATA.get("image/png"));
    }

    @Test
    void aKernelIsReachedByTheNamesOfItsTypes() {
        Kernel fake = fake();
        fake.update(fake.display(MimeBundle.of("first")), MimeBundle.of("second"));
        assertEquals("second", FakeKernel.DATA.get("text/plain"));
        assertEquals("<div>second</div>", FakeKernel.DATA.get("text/html"));
        var blank = new lowrank.data.DigitSet(new byte[784], new byte[1]);
        fake.display(MimeBundle.of(Pictures.grid("", "", blank, 1, 1), "a digit"));
        assertEquals(Map.of("width", 64, "alt", "a digit"), FakeKernel.METADATA.get("image/png"));
    }

    @Test
    void anInterruptIsKeptFromTheKernelsSocketsAndNotLost() {
        Kernel fake = fake();
        Thread.currentThread().interrupt();
        fake.display(MimeBundle.of("shown"));
        assertEquals("shown", FakeKernel.DATA.get("text/plain"));
        assertTrue(Thread.interrupted(), "the interrupt is lost");
    }

    @Test
    void plainJavaHasNoKernel() {
        assertTrue(JupyterKernel.find().isEmpty());
        assertEquals("none", Notebook.current().kernelName());
    }

    @Test
    void htmlIsKeptWithItsPlainText() {
        notebook.show(new HtmlView("<b>a</b>", "a"));
        assertEquals(
                Map.of("text/html", "<b>a</b>", "text/plain", "a"),
                kernel.views().get(0).data());
    }
}
