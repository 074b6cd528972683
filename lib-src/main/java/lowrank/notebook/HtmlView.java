package lowrank.notebook;

/**
 * HTML and the same content as plain text: the plain text is used where HTML cannot be shown. {@link #toString()} is
 * the plain text.
 */
record HtmlView(String html, String text) {

    /** The text escaped for HTML. */
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
