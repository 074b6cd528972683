package lowrank.data;

import java.io.IOException;

/** A data file that is damaged, of the wrong kind, or not the one expected; the message names it. */
final class DataFileException extends IOException {
    private static final long serialVersionUID = 1;

    DataFileException(String message) {
        super(message);
    }
}
