import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.reply.InterruptReply;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.jupyter.messages.request.InterruptRequest;
import org.dflib.jjava.kernel.magics.ClasspathMagic;
import org.dflib.jjava.kernel.magics.LoadMagic;
import org.dflib.jjava.kernel.magics.TimeMagic;
import org.dflib.jjava.maven.MavenDependencyResolver;
import org.dflib.jjava.maven.magics.MavenMagic;

/**
 * The kernel JJava ({@link Cells}), in two things closer to Jupyter's protocol.
 *
 * <p>After a cell that failed or was interrupted, the cells that "Run All" had already sent behind it are not run;
 * JJava runs each of them into an error of its own. And an interrupt lets the running code end by itself and say what
 * it has to say; JJava drops it at once, while it goes on in the background. Code that does not end is dropped here
 * too, after {@link #PATIENCE}; cells after it say so as long as it goes on.
 */
final class Kernel {
    /** Milliseconds for interrupted code to end by itself. */
    private static final long PATIENCE = 1_500;
    /** Milliseconds between two requests above which the second was not waiting, whatever its sender's clock says. */
    private static final long GAP = 2_000;

    private static final String WORKERS = "jjava-exec-";

    private final Cells cells;
    private final ShellHandler<ExecuteRequest> execute;
    private final ShellHandler<InterruptRequest> drop;
    /** Threads of cells that were dropped; all is of this thread or the one of the control channel. */
    private final Set<Thread> behind = ConcurrentHashMap.newKeySet();

    private volatile boolean running;
    private boolean stopping;
    private long stoppedAt;
    private long handledAt;
    private long ahead = Long.MAX_VALUE;

    private Kernel(Cells cells, JupyterConnection connection) {
        this.cells = cells;
        execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
        drop = connection.getHandler(MessageType.INTERRUPT_REQUEST);
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("java.util.logging.SimpleFormatter.format", "[%4$.1s %1$tF %1$tT %3$s] %5$s%n");
        String properties = Files.readString(Path.of(arguments[0]));
        var connection = new JupyterConnection(KernelConnectionProperties.parse(properties));
        var time = new TimeMagic();
        var kernel = new Cells.Builder()
                .name("JJava")
                .version("1.0")
                .lineMagic("classpath", new ClasspathMagic())
                .lineMagic("load", new LoadMagic())
                .lineMagic("maven", new MavenMagic(new MavenDependencyResolver()))
                .lineMagic("time", time)
                .cellMagic("time", time)
                .build();
        kernel.onStartup();
        kernel.becomeHandlerForConnection(connection);
        var own = new Kernel(kernel, connection);
        connection.setHandler(MessageType.EXECUTE_REQUEST, own::execute);
        connection.setHandler(MessageType.INTERRUPT_REQUEST, own::interrupt);
        connection.connect();
        connection.waitUntilClose();
    }

    private synchronized void execute(ShellReplyEnvironment environment, Message<ExecuteRequest> message) {
        if (wasWaiting(message) && stopping) {
            environment.setBusyDeferIdle();
            environment.defer();
            environment.reply(new Message<>(environment.getContext(), reply(), new Aborted()));
        } else {
            sayWhatGoesOn(environment);
            cells.hasFailed();
            running = true;
            try {
                execute.handle(environment, message);
            } finally {
                running = false;
            }
            stopping = cells.hasFailed() && message.getContent().shouldStopOnError();
            stoppedAt = System.currentTimeMillis();
        }
        handledAt = System.currentTimeMillis();
    }

    /** Whether a request was sent before the last cell that was run had ended. */
    private boolean wasWaiting(Message<ExecuteRequest> message) {
        long now = System.currentTimeMillis();
        long there;
        try {
            there = OffsetDateTime.parse(message.getHeader().getTimestamp().getDateString())
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeParseException notOfTheProtocol) {
            return false;
        }
        // The sender's clock may be another one: the quickest request so far says how far apart the two are.
        ahead = Math.min(ahead, now - there);
        return there + ahead < stoppedAt && now - handledAt < GAP;
    }

    private void interrupt(ShellReplyEnvironment environment, Message<InterruptRequest> message) {
        workers().filter(thread -> !behind.contains(thread)).forEach(Thread::interrupt);
        long end = System.currentTimeMillis() + PATIENCE;
        while (running && System.currentTimeMillis() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        if (running) {
            workers().filter(Kernel::computes).forEach(behind::add);
            drop.handle(environment, message);
        } else {
            environment.setBusyDeferIdle();
            environment.defer();
            environment.reply(new InterruptReply());
        }
    }

    private static Stream<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(WORKERS));
    }

    /** Whether a worker is in the reader's code, which JShell calls by this name. */
    private static boolean computes(Thread worker) {
        return Stream.of(worker.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().startsWith("do_it$"));
    }

    /** Java ends no thread that does not end itself. */
    private void sayWhatGoesOn(ShellReplyEnvironment environment) {
        behind.removeIf(thread -> !computes(thread));
        if (!behind.isEmpty()) {
            environment.writeToStdErr(
                    "A cell that was interrupted before still computes behind this one, which makes it slower:"
                            + " restart the kernel to end it.\n");
        }
    }

    /** The reply to a request to execute, whatever its content. */
    @SuppressWarnings("unchecked")
    private static MessageType<Object> reply() {
        return (MessageType<Object>) (MessageType<?>) ExecuteReply.MESSAGE_TYPE;
    }

    /** What the protocol answers for a cell that was not run. */
    private static final class Aborted {
        final String status = "aborted";
    }
}
