package lowrank.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two mirrors on the loopback interface: /first/ does as a test wants, /second/ has the file or nothing. */
class DownloaderTest {
    private static final MnistFile FILE = TinyMnist.FILES.get(0);
    private static final byte[] CONTENT = TinyMnist.PACKED.get(0);
    private static final int HALF = CONTENT.length / 2;

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notices = new ArrayList<>();
    private HttpServer server;

    @TempDir
    Path folder;

    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(null);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetchesAndVerifiesAFile() throws IOException {
        serve("/first/", DownloaderTest::good);
        IdxFile read = fetch();
        assertEquals(24, read.count());
        assertInPlace();
        assertEquals(List.of("/first/ null"), requests);
    }

    @Test
    void asksTheOtherMirrorWhereTheFirstHasNoSuchFile() throws IOException {
        serve("/first/", exchange -> send(exchange, 404, new byte[5]));
        serve("/second/", DownloaderTest::good);
        fetch();
        assertInPlace();
        assertEquals(List.of("/first/ null", "/second/ null"), requests);
        assertTrue(notices.get(0).contains("status 404"), notices.get(0));
    }

    @Test
    void goesOnAtTheOtherMirrorWhereATransferBrokeOff() throws IOException {
        serve("/first/", DownloaderTest::cut);
        serve("/second/", DownloaderTest::good);
        fetch();
        assertInPlace();
        assertEquals("/second/ bytes=", requests.get(1).replaceAll("\\d+-$", ""));
    }

    @Test
    void goesOnWithThePartOfAnEarlierRun() throws IOException {
        Files.write(part(), Arrays.copyOf(CONTENT, HALF));
        serve("/first/", DownloaderTest::good);
        fetch();
        assertInPlace();
        assertEquals(List.of("/first/ bytes=" + HALF + "-"), requests);
    }

    @Test
    void beginsAgainWhereAMirrorCannotResume() throws IOException {
        Files.write(part(), Arrays.copyOf(CONTENT, HALF));
        serve("/first/", exchange -> send(exchange, 200, CONTENT));
        fetch();
        assertInPlace();
    }

    @Test
    void throwsAwayAPartThatWasOfSomethingElse() throws IOException {
        Files.write(part(), new byte[HALF]);
        serve("/first/", DownloaderTest::good);
        fetch();
        assertInPlace();
        assertTrue(notices.get(0).contains("wrong content"), notices.get(0));
    }

    @Test
    void refusesWrongContentOfTheRightSize() {
        serve("/first/", exchange -> send(exchange, 200, new byte[CONTENT.length]));
        serve("/second/", exchange -> send(exchange, 200, new byte[CONTENT.length]));
        assertFails("wrong content, SHA-256");
        assertFalse(Files.exists(part()));
    }

    @Test
    void refusesAnotherSizeUnread() {
        serve("/first/", exchange -> send(exchange, 200, "log in to this network".getBytes()));
        assertFails("status 200 and 22 bytes in place of the file");
        assertFalse(Files.exists(part()));
    }

    @Test
    void givesUpAfterThreeRoundsOfBrokenTransfersAndKeepsThePart() {
        serve("/first/", exchange -> send(exchange, 200, CONTENT.length, new byte[0]));
        serve("/second/", exchange -> send(exchange, 200, CONTENT.length, new byte[0]));
        assertFails("no mirror gave " + FILE.packedName());
        assertEquals(6, requests.size());
    }

    @Test
    void knowsInOneRoundThatNobodyIsThere() {
        server.stop(0);
        assertFails("127.0.0.1: no connection");
        assertEquals(2, notices.size());
    }

    @Test
    void fetchesADamagedFileOfTheCacheAnewAndOnlyThat() throws IOException {
        TinyMnist.writePacked(folder);
        Files.write(folder.resolve(FILE.packedName()), new byte[] {1, 2, 3, 4});
        serve("/first/", DownloaderTest::good);
        DigitData data = MnistFiles.cached(TinyMnist.FILES, folder, true, downloader(), notices::add);
        assertEquals(22, data.train().size());
        assertInPlace();
        assertEquals(1, requests.size());
        assertTrue(notices.get(0).startsWith("Damaged file in the cache"), notices.get(0));
    }

    @Test
    void refusesAFolderWithTooLittleSpace() {
        var error = assertThrows(CacheFolderException.class, () -> Downloader.requireSpace(folder, 9, 10));
        assertEquals(
                "the cache folder " + folder + " has 9 bytes free and 10 are needed: free some or name "
                        + "another folder",
                error.getMessage());
    }

    private Path part() {
        return folder.resolve(FILE.packedName() + ".part");
    }

    private Downloader downloader() {
        URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Downloader(
                List.of(root.resolve("/first/"), root.resolve("/second/")), Duration.ofSeconds(10), notices::add);
    }

    private IdxFile fetch() throws IOException {
        return downloader().fetch(FILE, folder);
    }

    private void assertInPlace() throws IOException {
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve(FILE.packedName())));
        assertFalse(Files.exists(part()));
    }

    private void assertFails(String reason) {
        var error = assertThrows(DownloadException.class, this::fetch);
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertFalse(Files.exists(folder.resolve(FILE.packedName())));
    }

    private void serve(String mirror, Answer answer) {
        server.createContext(mirror, exchange -> {
            try (exchange) {
                requests.add(mirror + " " + exchange.getRequestHeaders().getFirst("Range"));
                answer.to(exchange);
            }
        });
    }

    private static void good(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        send(exchange, from == 0 ? 200 : 206, Arrays.copyOfRange(CONTENT, from, CONTENT.length));
    }

    private static void cut(HttpExchange exchange) throws IOException {
        send(exchange, 200, CONTENT.length, Arrays.copyOf(CONTENT, HALF));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        send(exchange, status, body.length, body);
    }

    /** Announces a length and sends a body, which may be shorter: then the connection ends early. */
    private static void send(HttpExchange exchange, int status, int length, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
    }
}
