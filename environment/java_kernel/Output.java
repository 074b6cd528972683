import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What cells print, passed on in pieces: after a tenth of a second, at 64 kB, or when asked to. JJava sends a message
 * for every write, four for a printf, and Jupyter drops messages that come faster than they are read.
 */
final class Output {
    private static final int MOST = 1 << 16;
    private static final int MILLISECONDS = 100;

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private PrintStream target;

    Output() {
        var timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "output");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::pass, MILLISECONDS, MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    /** A stream that ends in this one. Streams of one output keep the order in which they were written to. */
    PrintStream to(PrintStream end) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int value) {
                        write(new byte[] {(byte) value}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        add(end, bytes, from, length);
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }

    private synchronized void add(PrintStream end, byte[] bytes, int from, int length) {
        if (end != target) {
            pass();
        }
        target = end;
        pending.write(bytes, from, length);
        if (pending.size() >= MOST) {
            pass();
        }
    }

    /** Passes on what there is, but for the beginning of a character whose end has not come yet. */
    synchronized void pass() {
        byte[] bytes = pending.toByteArray();
        int end = whole(bytes);
        if (end > 0) {
            pending.reset();
            target.write(bytes, 0, end);
            target.flush();
            pending.write(bytes, end, bytes.length - end);
        }
    }

    /** In UTF-8 a byte below 0x80 or from 0xC0 on begins a character, and says how long it is. */
    private static int whole(byte[] bytes) {
        int start = bytes.length - 1;
        while (start > 0 && start > bytes.length - 4 && (bytes[start] & 0xc0) == 0x80) {
            start--;
        }
        if (start < 0) {
            return 0;
        }
        int first = bytes[start] & 0xff;
        int length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        return start + length > bytes.length ? start : bytes.length;
    }
}
