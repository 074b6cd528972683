package lowrank.data;

import java.io.IOException;
import java.nio.file.Path;

/** The cache folder cannot be written, or is full; the message names it. */
public final class CacheFolderException extends IOException {
    private static final long serialVersionUID = 1;

    private CacheFolderException(String message, Throwable cause) {
        super(message, cause);
    }

    static CacheFolderException unwritable(Path folder, IOException cause) {
        return new CacheFolderException(
                "the cache folder %s cannot be written (%s): make it writable or "
                                .formatted(folder, cause.getClass().getSimpleName())
                        + "name another",
                cause);
    }

    static CacheFolderException full(Path folder, long free, long needed) {
        return new CacheFolderException(
                "the cache folder %s has %,d bytes free and %,d are needed: free some or "
                                .formatted(folder, free, needed)
                        + "name another folder",
                null);
    }
}
