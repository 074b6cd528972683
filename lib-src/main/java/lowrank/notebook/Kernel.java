package lowrank.notebook;

/** Where outputs go. */
interface Kernel {
    /** Shows a view and returns the name of its place. */
    String display(MimeBundle view);

    /** Shows another view in the same place. */
    void update(String place, MimeBundle view);

    /** Name and version, for the provenance. */
    String name();
}
