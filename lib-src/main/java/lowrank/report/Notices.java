package lowrank.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sentences said while data is looked for, in one place of a notebook. A sentence that begins as the last one does, up
 * to the first digit, replaces it: the progress of a download stays one line.
 */
final class Notices implements Consumer<String> {
    private final Notebook.Place place;
    private final List<String> lines = new ArrayList<>();

    Notices(Notebook notebook) {
        place = notebook.place();
    }

    @Override
    public synchronized void accept(String sentence) {
        int last = lines.size() - 1;
        if (last >= 0 && beginning(lines.get(last)).equals(beginning(sentence))) {
            lines.remove(last);
        }
        lines.add(sentence);
        String html = String.join("<br>", lines.stream().map(HtmlView::escape).toList());
        place.set(View.of(new HtmlView("<div>" + html + "</div>", String.join("\n", lines))));
    }

    private static String beginning(String sentence) {
        return sentence.split("[0-9]", 2)[0];
    }
}
