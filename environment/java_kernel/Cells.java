import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.magic.MagicsResolver;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.kernel.JavaKernel;
import org.dflib.jjava.kernel.JavaKernelBuilder;
import org.dflib.jjava.kernel.execution.CodeEvaluator;
import org.dflib.jjava.kernel.execution.EvaluationInterruptedException;

/**
 * JJava's kernel with what cells print passed on in pieces ({@link Output}), magics at the top of a cell alone
 * ({@link Magics}), and errors without what lies below the reader's own lines. LOWRANK_TRACES=whole keeps that.
 */
final class Cells extends JavaKernel {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern BELOW =
            Pattern.compile("at (?:[\\w.]+/)?(?:java|javax|jdk|sun|com\\.sun|org\\.dflib)\\..*|at .*\\bdo_it\\$.*");
    private static final boolean WHOLE = "whole".equals(System.getenv("LOWRANK_TRACES"));

    private final Output output = new Output();
    private volatile boolean failed;

    private Cells(
            String name,
            String version,
            LanguageInfo language,
            HistoryManager history,
            JupyterIO io,
            CommManager comm,
            Renderer renderer,
            MagicsResolver resolver,
            MagicsRegistry magics,
            boolean extensions,
            StringStyler styler,
            JShell shell,
            CodeEvaluator evaluator) {
        super(
                name,
                version,
                language,
                List.of(),
                history,
                io,
                comm,
                renderer,
                resolver,
                magics,
                extensions,
                styler,
                shell,
                evaluator);
    }

    /** Whether an error was shown since the last call. */
    boolean hasFailed() {
        boolean answer = failed;
        failed = false;
        return answer;
    }

    @Override
    protected void replaceOutputStreams(ShellReplyEnvironment environment) {
        super.replaceOutputStreams(environment);
        System.setOut(output.to(System.out));
        System.setErr(output.to(System.err));
    }

    @Override
    protected Object doEval(String code) {
        try {
            return super.doEval(code);
        } finally {
            output.pass();
        }
    }

    @Override
    public void display(DisplayData data) {
        output.pass();
        super.display(data);
    }

    @Override
    protected List<String> formatError(Throwable error) {
        failed = true;
        List<String> lines = super.formatError(error);
        if (error instanceof EvaluationInterruptedException) {
            return List.of(
                    lines.get(0),
                    "What it was doing goes on behind: it does not answer an interrupt. Restart the kernel to"
                            + " end it.");
        }
        if (WHOLE || lines.isEmpty()) {
            return lines;
        }
        if (lines.get(0).contains(CancellationException.class.getName())) {
            return lines.subList(0, 1);
        }
        List<String> shown = new ArrayList<>(lines);
        shown.removeIf(line ->
                BELOW.matcher(COLOUR.matcher(line).replaceAll("").strip()).matches());
        return shown;
    }

    static final class Builder extends JavaKernelBuilder<Builder, Cells> {
        @Override
        public Cells build() {
            CodeEvaluator evaluator = buildCodeEvaluator(buildName());
            return new Cells(
                    buildName(),
                    buildVersion(),
                    buildLanguageInfo(),
                    buildHistoryManager(),
                    buildJupyterIO(buildJupyterIOEncoding()),
                    buildCommManager(),
                    buildRenderer(),
                    buildMagicsResolver(buildMagicTranspiler()),
                    buildMagicsRegistry(),
                    buildExtensionsEnabled(),
                    buildErrorStyler(),
                    buildJShell(evaluator),
                    evaluator);
        }

        @Override
        protected MagicsResolver buildMagicsResolver(MagicTranspiler transpiler) {
            return new Magics(transpiler);
        }
    }
}
