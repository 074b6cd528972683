package lowrank.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/**
 * The Java kernel this code runs in, JJava or IJava, reached by reflection, because the library compiles against
 * neither. Both display an object that renders itself into a container of MIME types; a proxy acts as that object.
 */
final class JupyterKernel implements Kernel {
    private static final String JJAVA_PROPERTIES = "/META-INF/maven/org.dflib.jjava/jjava-kernel/pom.properties";

    private final String name;
    private final Class<?> statics;
    private final Class<?> renderable;
    private final Optional<Object> renderer;

    private JupyterKernel(String name, Class<?> statics, Class<?> renderable, Optional<Object> renderer) {
        this.name = name;
        this.statics = statics;
        this.renderable = renderable;
        this.renderer = renderer;
    }

    /** The kernel, if either one is on the class path. */
    static Optional<Kernel> find() {
        return find(
                        "JJava",
                        "org.dflib.jjava.jupyter.kernel.BaseNotebookStatics",
                        "org.dflib.jjava.jupyter.kernel.display.DisplayDataRenderable",
                        "org.dflib.jjava.jupyter.kernel.BaseKernel.notebookKernel")
                .or(() -> find(
                        "IJava",
                        "io.github.spencerpark.ijava.runtime.Display",
                        "io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable",
                        "io.github.spencerpark.ijava.IJava.getKernelInstance"));
    }

    /** @param instance the class and static method that give the running kernel */
    static Optional<Kernel> find(String name, String statics, String renderable, String instance) {
        try {
            int dot = instance.lastIndexOf('.');
            Object kernel = call(load(instance.substring(0, dot)), null, instance.substring(dot + 1), new Class<?>[0]);
            Optional<Object> renderer =
                    Optional.ofNullable(kernel).map(it -> call(it.getClass(), it, "getRenderer", new Class<?>[0]));
            return Optional.of(new JupyterKernel(name, load(statics), load(renderable), renderer));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public <T> void shows(Class<T> type, Function<? super T, MimeBundle> form) {
        renderer.ifPresent(all -> {
            Object registration = call(all.getClass(), all, "createRegistration", new Class<?>[] {Class.class}, type);
            Method register = Arrays.stream(registration.getClass().getMethods())
                    .filter(method -> method.getName().equals("register"))
                    .findFirst()
                    .orElseThrow();
            Class<?> function = register.getParameterTypes()[0];
            Object renders = Proxy.newProxyInstance(
                    function.getClassLoader(), new Class<?>[] {function}, (self, method, arguments) -> {
                        fill(form.apply(type.cast(arguments[0])), arguments[1]);
                        return null;
                    });
            call(registration.getClass(), registration, "register", new Class<?>[] {function}, renders);
        });
    }

    @Override
    public String display(MimeBundle view) {
        return (String) show("display", new Class<?>[] {Object.class}, proxy(view));
    }

    @Override
    public void update(String place, MimeBundle view) {
        show("updateDisplay", new Class<?>[] {String.class, Object.class}, place, proxy(view));
    }

    /**
     * Runs with no interrupt pending: the kernel's sockets treat one as an error, possibly in the middle of a message.
     */
    private synchronized Object show(String method, Class<?>[] types, Object... arguments) {
        boolean interrupted = Thread.interrupted();
        try {
            return call(statics, null, method, types, arguments);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String name() {
        Properties properties = new Properties();
        try (InputStream stream = statics.getResourceAsStream(JJAVA_PROPERTIES)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            // Then only the name is known.
        }
        return (name + " " + properties.getProperty("version", "")).strip();
    }

    private Object proxy(MimeBundle view) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getName().equals("render")) {
                fill(view, arguments[0]);
                return null;
            }
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(self, method, arguments)
                    : ofObject(view, self, method, arguments);
        };
        return Proxy.newProxyInstance(renderable.getClassLoader(), new Class<?>[] {renderable}, handler);
    }

    private static Object ofObject(MimeBundle view, Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> view.text();
        };
    }

    private static void fill(MimeBundle view, Object context) {
        Object container = call(context.getClass(), context, "getOutputContainer", new Class<?>[0]);
        Class<?>[] pair = {String.class, Object.class};
        view.data().forEach((type, data) -> call(container.getClass(), container, "putData", pair, type, data));
        view.metadata().forEach((type, data) -> call(container.getClass(), container, "putMetaData", pair, type, data));
    }

    private static Object call(Class<?> type, Object target, String method, Class<?>[] types, Object... arguments) {
        try {
            return type.getMethod(method, types).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the kernel did not accept an output: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this kernel is not supported: " + type.getName() + " has no usable " + method
                            + "; use JJava 1.0 or IJava 1.3",
                    e);
        }
    }

    private static Class<?> load(String name) throws ClassNotFoundException {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, true, JupyterKernel.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return Class.forName(name, true, context);
        }
    }
}
