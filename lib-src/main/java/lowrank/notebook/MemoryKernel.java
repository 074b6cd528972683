package lowrank.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Keeps the last view of each output: for plain Java, where nothing displays outputs. */
class MemoryKernel implements Kernel {
    private final Map<String, MimeBundle> places = new LinkedHashMap<>();
    private int updates;

    @Override
    public synchronized String display(MimeBundle view) {
        String place = "place " + (places.size() + 1);
        places.put(place, view);
        return place;
    }

    @Override
    public synchronized void update(String place, MimeBundle view) {
        places.put(place, view);
        updates++;
    }

    @Override
    public <T> void shows(Class<T> type, Function<? super T, MimeBundle> form) {
        // Plain Java has no cells.
    }

    @Override
    public String name() {
        return "none";
    }

    List<MimeBundle> views() {
        return new ArrayList<>(places.values());
    }

    int updates() {
        return updates;
    }
}
