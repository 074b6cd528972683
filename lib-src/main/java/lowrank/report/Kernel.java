package lowrank.report;

/** Where outputs go. */
interface Kernel {
    /** Shows a view and returns the name of its place. */
    String display(View view);

    /** Shows another view in the same place. */
    void update(String place, View view);

    /** Name and version, for the provenance. */
    String name();
}
