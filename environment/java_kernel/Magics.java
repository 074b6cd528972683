import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsResolver;

/**
 * Magics where a statement may begin, and nowhere else. JJava takes every line that begins with % for one, in texts, in
 * comments, and where it goes on with a remainder.
 */
final class Magics extends MagicsResolver {
    private static final Pattern ASSIGNED = Pattern.compile("[^\"'/%]*=\\s*%[A-Za-z].*");

    /** With the forms of JJava's own. */
    Magics(MagicTranspiler transpiler) {
        super("(?<=(?:^|=))\\s*%", "%%", transpiler);
    }

    @Override
    public String resolve(String cell) {
        if (cell.startsWith("%%")) {
            return super.resolve(cell);
        }
        List<String> lines = new ArrayList<>();
        var java = new Position();
        for (String line : cell.split("\n", -1)) {
            boolean magic = java.statementMayBegin()
                    && (line.stripLeading().startsWith("%")
                            || ASSIGNED.matcher(line).matches());
            lines.add(magic ? super.resolve(line) : line);
            if (!magic) {
                java.pass(line);
            }
        }
        return String.join("\n", lines);
    }

    /** Where in Java a line ends. */
    private static final class Position {
        private int depth;
        private boolean inText;
        private boolean inComment;
        private char last = ';';

        boolean statementMayBegin() {
            return depth == 0 && !inText && !inComment && (last == ';' || last == '}');
        }

        void pass(String line) {
            for (int i = 0; i < line.length(); ) {
                i += pass(line, i);
            }
        }

        /** Goes past what begins at a place; returns how many characters that are. */
        private int pass(String line, int at) {
            if (inComment || inText) {
                String end = inComment ? "*/" : "\"\"\"";
                int found = line.indexOf(end, at);
                if (found >= 0 && inText && found > at && line.charAt(found - 1) == '\\') {
                    return found + 1 - at;
                }
                inComment &= found < 0;
                inText &= found < 0;
                return (found < 0 ? line.length() : found + end.length()) - at;
            }
            if (line.startsWith("//", at)) {
                return line.length() - at;
            }
            if (line.startsWith("/*", at)) {
                inComment = true;
                return 2;
            }
            if (line.startsWith("\"\"\"", at)) {
                inText = true;
                last = '"';
                return 3;
            }
            char character = line.charAt(at);
            if (character == '"' || character == '\'') {
                last = character;
                return literal(line, at, character);
            }
            depth += "([{".indexOf(character) >= 0 ? 1 : ")]}".indexOf(character) >= 0 ? -1 : 0;
            last = Character.isWhitespace(character) ? last : character;
            return 1;
        }

        private static int literal(String line, int at, char quote) {
            int i = at + 1;
            while (i < line.length() && line.charAt(i) != quote) {
                i += line.charAt(i) == '\\' ? 2 : 1;
            }
            return Math.min(line.length(), i + 1) - at;
        }
    }
}
