package lowrank.data;

import java.io.IOException;

/** MNIST cannot be had: no network, no mirror that gives the right file, or downloading switched off. */
final class DownloadException extends IOException {
    private static final long serialVersionUID = 1;

    DownloadException(String message) {
        super(message);
    }
}
