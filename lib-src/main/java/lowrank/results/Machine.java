package lowrank.results;

import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lowrank.linalg.Blas;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.Table;

/** The machine and software that a run used, as far as they can be found out. */
final class Machine {
    private static final Pattern VERSION = Pattern.compile("-(\\d[\\w.-]*)\\.jar$");
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    public static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", Blas.processor());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return machine;
    }

    public static Map<String, Object> java() {
        Map<String, Object> java = new LinkedHashMap<>();
        java.put("version", System.getProperty("java.version"));
        java.put("vendor", System.getProperty("java.vendor"));
        return java;
    }

    /** Versions of the libraries, taken from the names of their jars. */
    public static Map<String, Object> libraries() {
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("deeplearning4j", version(MultiLayerNetwork.class));
        versions.put("nd4j", version(Nd4j.class));
        versions.put("openblas", version(org.bytedeco.openblas.global.openblas.class));
        versions.put("tablesaw", version(Table.class));
        versions.put("xchart", version(XYChart.class));
        return versions;
    }

    /** The vendor of the BLAS that ND4J loaded; loads ND4J if that has not happened yet. */
    public static Map<String, Object> blas() {
        Map<String, Object> blas = new LinkedHashMap<>();
        Object vendor = Nd4j.getExecutioner().getEnvironmentInformation().get("blas.vendor");
        blas.put("vendor", vendor == null ? UNKNOWN : vendor.toString());
        blas.put("computer", Blas.computer());
        return blas;
    }

    private static String version(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        Matcher version =
                VERSION.matcher(source == null ? "" : source.getLocation().getPath());
        return version.find() ? version.group(1) : UNKNOWN;
    }
}
