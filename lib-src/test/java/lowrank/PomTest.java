package lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What comes along for a program that depends on the library, and on which platforms the notebooks find native code.
 */
class PomTest {
    private final Document pom;

    PomTest() throws Exception {
        pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
    }

    /** Neither charts nor tables, nor one platform's native code, nor a logger that silences the program's own. */
    @Test
    void onlyDl4jAndTheInterfacesToNativeCodeComeAlong() {
        Set<String> along = new TreeSet<>();
        List<String> left = new ArrayList<>();
        Element dependencies = (Element) pom.getElementsByTagName("dependencies")
                .item(pom.getElementsByTagName("dependencies").getLength() - 1);
        for (Element dependency : elements(dependencies.getElementsByTagName("dependency"))) {
            boolean optional = text(dependency, "optional").equals("true")
                    || text(dependency, "scope").equals("test");
            (optional ? left : along).add(text(dependency, "artifactId"));
        }
        assertEquals(Set.of("deeplearning4j-nn", "javacpp", "openblas"), along);
        assertEquals(
                List.of(
                        "nd4j-native",
                        "nd4j-native",
                        "nd4j-native-preset",
                        "nd4j-native-preset",
                        "javacpp",
                        "openblas",
                        "tablesaw-core",
                        "fastutil",
                        "xchart",
                        "slf4j-nop",
                        "junit-jupiter"),
                left);
    }

    @Test
    void nativeCodeIsChosenForLinuxAndMacOsOnBothProcessors() {
        assertEquals(
                List.of("linux-x86_64", "linux-arm64", "macosx-x86_64", "macosx-arm64"),
                elements(pom.getElementsByTagName("javacpp.platform")).stream()
                        .map(Element::getTextContent)
                        .toList());
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
