package lowrank.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Fetches files from mirrors that hold the same bytes. A file gets its name only when it is whole and verified; until
 * then it is {@code name.gz.part}, and what is there of it is not fetched again.
 */
final class Downloader {
    static final List<URI> MIRRORS = List.of(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

    /** How long a mirror may take to answer a connection: no network is known after one of these a mirror. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private static final int ROUNDS = 3;
    private static final int OK = 200;
    private static final int PARTIAL = 206;

    private final List<URI> mirrors;
    private final Duration stall;
    private final Consumer<String> notices;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * @param mirrors folders, each ending in a slash, tried in order
     * @param stall a transfer without a new byte for so long is given up
     * @param notices takes sentences on progress and on what went wrong
     */
    Downloader(List<URI> mirrors, Duration stall, Consumer<String> notices) {
        this.mirrors = mirrors;
        this.stall = stall;
        this.notices = notices;
    }

    static Downloader of(Consumer<String> notices) {
        return new Downloader(MIRRORS, Duration.ofSeconds(20), notices);
    }

    /**
     * Fetches one file, verifies it, and puts it in place in one step. A transfer that broke off goes on where it was,
     * up to three rounds over all mirrors.
     *
     * @throws DownloadException if no mirror gives the file; what each one did is in the message
     * @throws CacheFolderException if the folder is full or cannot be written
     */
    IdxFile fetch(MnistFile file, Path folder) throws IOException {
        Path part = folder.resolve(file.packedName() + ".part");
        List<String> failures = new ArrayList<>();
        boolean again = true;
        for (int round = 0; round < ROUNDS && again; round++) {
            again = false;
            for (URI mirror : mirrors) {
                try {
                    transfer(mirror.resolve(file.packedName()), file, part);
                    return settle(file, part);
                } catch (CacheFolderException | InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    again |= !isFinal(e);
                    failures.add(mirror.getHost() + ": " + reason(e));
                    notices.accept(
                            "%s did not come from %s: %s.".formatted(file.packedName(), mirror.getHost(), reason(e)));
                }
            }
        }
        throw new DownloadException("no mirror gave %s (%s)".formatted(file.packedName(), String.join("; ", failures)));
    }

    /** Whether asking again is of no use: nobody there, or a clear answer that is not the file. */
    private static boolean isFinal(IOException e) {
        return e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof DataFileException;
    }

    private static String reason(IOException e) {
        boolean nobody = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
        return nobody ? "no connection" : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Appends to the part file what it lacks. */
    private void transfer(URI uri, MnistFile file, Path part) throws IOException {
        long have = sizeOf(part);
        if (have >= file.packedSize()) {
            return;
        }
        requireSpace(part.getParent(), freeBeside(part), file.packedSize() - have);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(stall);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        var answer = client.sendAsync(request.build(), info -> {
            StandardOpenOption mode =
                    info.statusCode() == PARTIAL ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
            long announced = info.headers().firstValueAsLong("Content-Length").orElse(-1);
            boolean wanted = (info.statusCode() == OK || info.statusCode() == PARTIAL)
                    && (announced < 0 || announced == file.packedSize() - (info.statusCode() == PARTIAL ? have : 0));
            return wanted
                    ? BodySubscribers.ofFile(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)
                    : BodySubscribers.replacing(null);
        });
        HttpResponse<Path> response = await(answer, file, part);
        if (response.body() == null) {
            throw new DataFileException(
                    "status %d and %s bytes in place of the file",
                    response.statusCode(),
                    response.headers().firstValue("Content-Length").orElse("an unknown number of"));
        }
    }

    /** Waits for the end of a transfer, tells its progress, and gives it up when it stalls or runs over. */
    private HttpResponse<Path> await(CompletableFuture<HttpResponse<Path>> answer, MnistFile file, Path part)
            throws IOException {
        long seen = sizeOf(part);
        long deadline = System.nanoTime() + stall.toNanos();
        while (true) {
            try {
                return answer.get(Math.min(500, stall.toMillis()), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = sizeOf(part);
                if (now != seen) {
                    notices.accept(
                            "Downloading %s: %,d of %,d bytes.".formatted(file.packedName(), now, file.packedSize()));
                    deadline = System.nanoTime() + stall.toNanos();
                    seen = now;
                }
                if (System.nanoTime() > deadline || now > file.packedSize()) {
                    answer.cancel(true);
                    throw new IOException(
                            now > file.packedSize()
                                    ? "more than the %,d bytes of the file".formatted(file.packedSize())
                                    : "no new byte for %,d ms".formatted(stall.toMillis()));
                }
            } catch (ExecutionException e) {
                requireSpace(part.getParent(), freeBeside(part), 1);
                throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            } catch (InterruptedException e) {
                answer.cancel(true);
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(
                        "the download of %s was interrupted: run again to go on".formatted(file.packedName()));
            }
        }
    }

    /** Verifies the part file and gives it its name, or removes it if it is whole but wrong. */
    private IdxFile settle(MnistFile file, Path part) throws IOException {
        long size = sizeOf(part);
        if (size < file.packedSize()) {
            throw new IOException("the transfer ended at %,d of %,d bytes".formatted(size, file.packedSize()));
        }
        String found = size > file.packedSize()
                ? "of a longer file"
                : HexFormat.of().formatHex(IdxFile.newDigest().digest(Files.readAllBytes(part)));
        if (!found.equals(file.packedSha256())) {
            Files.delete(part);
            throw new IOException("wrong content, SHA-256 " + found);
        }
        Path whole = part.resolveSibling(file.packedName());
        IdxFile read = file.read(part);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        notices.accept("%s: %,d bytes, verified.".formatted(file.packedName(), size));
        return read;
    }

    static void requireSpace(Path folder, long free, long needed) throws CacheFolderException {
        if (free < needed) {
            throw CacheFolderException.full(folder, free, needed);
        }
    }

    private static long freeBeside(Path file) throws IOException {
        return Files.getFileStore(file.getParent()).getUsableSpace();
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
