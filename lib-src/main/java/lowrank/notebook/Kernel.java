package lowrank.notebook;

import java.util.function.Function;

/** Where outputs go, from any thread. */
interface Kernel {
    /** Shows a view and returns the id of its output. */
    String display(MimeBundle view);

    /** Replaces the view in that output. */
    void update(String place, MimeBundle view);

    /** Sets how objects of a type are shown when they are the value of a cell. */
    <T> void shows(Class<T> type, Function<? super T, MimeBundle> form);

    /** Name and version, for the provenance. */
    String name();
}
