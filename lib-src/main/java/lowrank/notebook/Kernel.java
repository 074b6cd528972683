package lowrank.notebook;

import java.util.function.Function;

/** Where outputs go. */
interface Kernel {
    /** Shows a view and returns the name of its place. */
    String display(MimeBundle view);

    /** Shows another view in the same place. */
    void update(String place, MimeBundle view);

    /** Has objects of a type shown so where they are the value of a cell. */
    <T> void shows(Class<T> type, Function<? super T, MimeBundle> form);

    /** Name and version, for the provenance. */
    String name();
}
