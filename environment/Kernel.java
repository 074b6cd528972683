import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.locks.LockSupport;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
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
import org.dflib.jjava.kernel.JavaKernel;
import org.dflib.jjava.kernel.magics.ClasspathMagic;
import org.dflib.jjava.kernel.magics.LoadMagic;
import org.dflib.jjava.kernel.magics.TimeMagic;
import org.dflib.jjava.maven.MavenDependencyResolver;
import org.dflib.jjava.maven.magics.MavenMagic;

/**
 * The kernel JJava, in two things closer to Jupyter's protocol.
 *
 * <p>After a cell that failed or was interrupted, the cells that "Run All" had already sent behind it are not run;
 * JJava runs each of them into an error of its own. And an interrupt lets the running code end by itself and say what
 * it has to say; JJava drops it at once, while it goes on in the background. Code that does not end is dropped here
 * too, after {@link #PATIENCE}.
 */
final class Kernel {
    /** Milliseconds for interrupted code to end by itself. */
    private static final long PATIENCE = 1_500;
    /** Milliseconds between two requests above which the second was not waiting, whatever its sender's clock says. */
    private static final long GAP = 2_000;

    private static final String WORKERS = "jjava-exec-";

    private final ShellHandler<ExecuteRequest> execute;
    private final ShellHandler<InterruptRequest> drop;
    private volatile boolean running;
    private boolean failed;
    private boolean stopping;
    private long stoppedAt;
    private long handledAt;
    private long ahead = Long.MAX_VALUE;

    private Kernel(JupyterConnection connection) {
        execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
        drop = connection.getHandler(MessageType.INTERRUPT_REQUEST);
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("java.util.logging.SimpleFormatter.format", "[%4$.1s %1$tF %1$tT %3$s] %5$s%n");
        String properties = Files.readString(Path.of(arguments[0]));
        var connection = new JupyterConnection(KernelConnectionProperties.parse(properties));
        var time = new TimeMagic();
        var kernel = JavaKernel.builder()
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
        var own = new Kernel(connection);
        kernel.getJShell().onSnippetEvent(own::see);
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
            failed = false;
            running = true;
            try {
                execute.handle(environment, message);
            } finally {
                running = false;
            }
            stopping = failed && message.getContent().shouldStopOnError();
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
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(WORKERS)) {
                thread.interrupt();
            }
        }
        long end = System.currentTimeMillis() + PATIENCE;
        while (running && System.currentTimeMillis() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        if (running) {
            drop.handle(environment, message);
        } else {
            environment.setBusyDeferIdle();
            environment.defer();
            environment.reply(new InterruptReply());
        }
    }

    private void see(SnippetEvent event) {
        failed |= event.exception() != null || event.status() == Snippet.Status.REJECTED;
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
