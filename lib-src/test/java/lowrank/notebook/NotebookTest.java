package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import lowrank.charts.Pictures;
import org.junit.jupiter.api.Test;

class NotebookTest {
    private final MemoryKernel kernel = new MemoryKernel();
    private final Notebook notebook = new Notebook(kernel);

    /** The methods and types of a kernel, as JJava and IJava have them. */
    public static final class FakeKernel {
        static final Map<String, Object> DATA = new HashMap<>();
        static final Map<String, Object> METADATA = new HashMap<>();

        public static String display(Object output) {
            assertFalse(Thread.currentThread().isInterrupted(), "a socket would refuse to send");
            ((Renderable) output).render(new Context());
            return "id 1";
        }

        public static void updateDisplay(String id, Object output) {
            assertEquals("id 1", id);
            display(output);
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

    @Test
    void aKernelIsReachedByTheNamesOfItsTypes() {
        Kernel fake = JupyterKernel.find("Fake", FakeKernel.class.getName(), FakeKernel.Renderable.class.getName())
                .orElseThrow();
        fake.update(fake.display(MimeBundle.of("first")), MimeBundle.of("second"));
        assertEquals("second", FakeKernel.DATA.get("text/plain"));
        assertEquals("<div>second</div>", FakeKernel.DATA.get("text/html"));
        var blank = new lowrank.data.DigitSet(new byte[784], new byte[1]);
        fake.display(MimeBundle.of(Pictures.grid("", "", blank, 1, 1), "a digit"));
        assertEquals(Map.of("width", 64), FakeKernel.METADATA.get("image/png"));
    }

    @Test
    void anInterruptIsKeptFromTheKernelsSocketsAndNotLost() {
        Kernel fake = JupyterKernel.find("Fake", FakeKernel.class.getName(), FakeKernel.Renderable.class.getName())
                .orElseThrow();
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
