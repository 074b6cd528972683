package lowrank.notebook;

/**
 * HTML beside the same content as plain text: what a notebook shows, and what it keeps where HTML cannot be shown.
 * {@link #toString()} is the plain text.
 */
record HtmlView(String html, String text) {

    /** Text that HTML shows as it stands. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return text;
    }
}
