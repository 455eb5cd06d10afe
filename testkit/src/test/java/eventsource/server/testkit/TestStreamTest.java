package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A test stream")
@Timeout(300)
class TestStreamTest {

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            EventSource-Resume: live\r
            Transfer-Encoding: chunked\r
            \r
            """;
    private static final String END = "0\r\n\r\n";

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private ServerSocket listener;
    private Socket server;
    private String requestHead = "";

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        listener.setSoTimeout(60_000);
        toClose.add(listener);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/events?topic=a");
    }

    private TestStream answering(String head) throws Exception {
        return answering(TestStream.to(uri()), head);
    }

    /** Connects while the server reads the head of the request and writes the beginning of the response. */
    private TestStream answering(TestStream.Request request, String head) throws Exception {
        return answering(CompletableFuture.supplyAsync(request::connect), head);
    }

    private TestStream answering(CompletableFuture<TestStream> connecting, String head) throws Exception {
        server = listener.accept();
        toClose.add(server);
        server.setSoTimeout(60_000);
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            read.append((char) server.getInputStream().read());
        }
        requestHead = read.toString();
        write(head);
        return connecting.get(60, TimeUnit.SECONDS);
    }

    private void write(String bytes) throws IOException {
        server.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    }

    private void chunk(String bytes) throws IOException {
        int length = bytes.getBytes(StandardCharsets.UTF_8).length;
        write(Integer.toHexString(length) + "\r\n" + bytes + "\r\n");
    }

    private void reset() throws IOException {
        server.setSoLinger(true, 0);
        server.close();
    }

    private static void assertShows(String part, AssertionError failure) {
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    @Test
    @DisplayName("connects, and returns the events one by one and several at once")
    void next() throws Exception {
        try (TestStream stream = answering(HEAD)) {
            chunk(":\nretry: 2500\nevent: tick\ndata: \u00FC\nid: 1\n\ndata: b");
            assertEquals(200, stream.status());
            assertEquals(Optional.of("chunked"), stream.header("transfer-encoding"));
            assertEquals(new ParsedEvent("tick", "\u00FC", "1"), stream.next());
            assertEquals("1", stream.lastEventId());
            assertEquals(Duration.ofMillis(2500), stream.retry());
            chunk("\n\ndata: c\nid: 3\n\n");
            assertEquals(
                    List.of(new ParsedEvent("message", "b", "1"), new ParsedEvent("message", "c", "3")),
                    stream.next(2));
            assertEquals("3", stream.lastEventId());
        }
    }

    @Test
    @DisplayName("asks for an event stream over HTTP/1.1, without trying for more, with the headers it was given")
    void request() throws Exception {
        TestStream.Request request =
                TestStream.to(uri()).header("Cookie", "a=b").header("X", "1").header("X", "2");
        try (TestStream stream = answering(request.lastEventId("~k-1"), HEAD)) {
            assertTrue(requestHead.startsWith("GET /events?topic=a HTTP/1.1\r\n"), requestHead);
            List<String> headers = requestHead.toLowerCase(Locale.ROOT).lines().toList();
            for (String header :
                    List.of("accept: text/event-stream", "cookie: a=b", "x: 1", "x: 2", "last-event-id: ~k-1")) {
                assertTrue(headers.contains(header), requestHead);
            }
            assertTrue(headers.stream().noneMatch(header -> header.startsWith("upgrade")), requestHead);
            assertEquals("~k-1", stream.lastEventId());
        }
        try (TestStream stream = answering(TestStream.to(uri()).header("Accept", "*/*"), HEAD)) {
            assertEquals(200, stream.status());
            assertTrue(requestHead.contains("*/*") && !requestHead.contains("text/event-stream"), requestHead);
            assertFalse(requestHead.toLowerCase(Locale.ROOT).contains("last-event-id"), requestHead);
        }
    }

    @Test
    @DisplayName("refuses at once what it cannot send")
    void unsendable() {
        TestStream.Request request = TestStream.to(uri());
        assertThrows(IllegalArgumentException.class, () -> request.header("Host", "x"));
        assertThrows(IllegalArgumentException.class, () -> request.header("X", "a\r\nb"));
        assertThrows(IllegalArgumentException.class, () -> request.header("X", "\u00FC"));
        assertThrows(IllegalArgumentException.class, () -> request.lastEventId("\u00FC"));
        assertThrows(IllegalArgumentException.class, () -> TestStream.to(URI.create("file:///x")));
    }

    @Test
    @DisplayName("shows what has come when an event does not")
    void noEvent() throws Exception {
        try (TestStream stream = answering(TestStream.to(uri()).timeout(MOMENT.multipliedBy(50)), HEAD)) {
            chunk("data: one\n\n: \u00FC \"\n");
            stream.next();
            AssertionError failure = assertThrows(AssertionError.class, () -> stream.next(MOMENT));
            assertEquals(
                    "no event within 100 ms; status 200; body so far: 18 bytes "
                            + "\"data: one\\n\\n: \\xC3\\xBC \\\"\\n\"",
                    failure.getMessage());
            chunk("data: " + "x".repeat(1000) + "y");
            Proxied.await(
                    "all has come",
                    () -> assertThrows(AssertionError.class, () -> stream.next(Duration.ZERO))
                            .getMessage()
                            .endsWith("xxxy\""));
            assertShows(
                    "1025 bytes, the last of which are \"xxxx",
                    assertThrows(AssertionError.class, () -> stream.next(Duration.ZERO)));
        }
    }

    @Test
    @DisplayName("sees that nothing comes, and fails when something does")
    void nothing() throws Exception {
        try (TestStream stream = answering(HEAD)) {
            chunk(":\n");
            long start = System.nanoTime();
            stream.expectNothing(MOMENT);
            assertTrue(System.nanoTime() - start >= MOMENT.toNanos(), "it did not wait");
            chunk("data: something\n\n");
            AssertionError failure =
                    assertThrows(AssertionError.class, () -> stream.expectNothing(Duration.ofSeconds(20)));
            assertShows("something", failure);
            assertEquals("something", stream.next().data());
            write(END);
            assertEquals(TestClient.End.CLEAN, stream.awaitEnd());
            stream.expectNothing(Duration.ofHours(1));
        }
    }

    @Test
    @DisplayName("tells a clean end from an end inside an event, a body that is cut, and a reset")
    void ends() throws Exception {
        try (TestStream stream = answering(HEAD)) {
            chunk("data: last\n\n");
            write(END);
            assertEquals(TestClient.End.CLEAN, stream.awaitEnd());
            assertEquals("last", stream.next().data());
            assertShows("ended CLEAN", assertThrows(AssertionError.class, stream::next));
        }
        server.close();
        try (TestStream stream = answering(HEAD)) {
            chunk("data: half");
            write(END);
            assertEquals(TestClient.End.ABORTED, stream.awaitEnd());
        }
        server.close();
        try (TestStream stream = answering(HEAD)) {
            chunk("data: whole\n\n");
            server.close();
            assertEquals(TestClient.End.ABORTED, stream.awaitEnd(Duration.ofSeconds(20)));
            assertEquals("whole", stream.next().data());
        }
        try (TestStream stream = answering(HEAD.replace("Transfer-Encoding: chunked", "Connection: close"))) {
            write("data: whole\n\n");
            assertEquals("whole", stream.next().data());
            reset();
            assertEquals(TestClient.End.ABORTED, stream.awaitEnd());
            assertShows("ended ABORTED", assertThrows(AssertionError.class, stream::retry));
        }
        try (TestStream stream = answering(HEAD)) {
            assertShows("no end within 100 ms", assertThrows(AssertionError.class, () -> stream.awaitEnd(MOMENT)));
        }
    }

    @Test
    @DisplayName("comes back with the id of the last event that the test has seen, and not of one that came since")
    void resumes() throws Exception {
        TestStream first = answering(TestStream.to(uri()).header("Cookie", "a=b"), HEAD);
        chunk("data: seen\nid: 7\n\ndata: not asked for\nid: 8\n\n");
        assertEquals("seen", first.next().data());
        assertEquals(Resume.Outcome.LIVE, first.resumeOutcome());
        Socket before = server;
        CompletableFuture<TestStream> resuming = CompletableFuture.supplyAsync(first::resume);
        try (TestStream second = answering(resuming, HEAD.replace("live", "resumed"))) {
            assertTrue(requestHead.toLowerCase(Locale.ROOT).contains("last-event-id: 7\r\n"), requestHead);
            assertTrue(requestHead.contains("a=b"), requestHead);
            assertEquals(Resume.Outcome.RESUMED, second.resumeOutcome());
            assertTrue(hasGone(before), "the first connection is closed");
            assertEquals("7", second.lastEventId());
        }
    }

    private static boolean hasGone(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    @DisplayName("closes its connection, once, and can be closed before and after the stream has ended")
    void closes() throws Exception {
        TestStream open = answering(HEAD);
        open.close();
        open.close();
        assertTrue(hasGone(server));
        assertShows("closed", assertThrows(AssertionError.class, open::next));
        TestStream over = answering(HEAD);
        write(END);
        over.awaitEnd();
        over.close();
    }

    @Test
    @DisplayName("fails the event on whose way the rules of the wire were broken, and not the one before")
    void brokenOnTheWay() throws Exception {
        try (TestStream stream = answering(HEAD)) {
            chunk("data: good\n\ndata:no space\n\ndata: good again\n\n");
            write(END);
            assertEquals("good", stream.next().data());
            AssertionError failure = assertThrows(AssertionError.class, stream::next);
            assertShows("broke the rules of the wire: [byte 12: no space after the colon", failure);
            assertEquals("good again", stream.next().data());
            assertEquals(TestClient.End.CLEAN, stream.awaitEnd(), "it was told already");
        }
    }

    @Test
    @DisplayName("fails to close or to end when the rules of the wire were broken where nobody has looked")
    void brokenUnseen() throws Exception {
        TestStream stream = answering(HEAD);
        chunk("data: good\n\n\n");
        write(END);
        assertEquals("good", stream.next().data());
        assertShows("a blank line", assertThrows(AssertionError.class, stream::awaitEnd));
        stream.close();
        TestStream another = answering(HEAD);
        chunk("event: x\n\ndata: seen\n\n");
        assertThrows(AssertionError.class, another::next);
        chunk("\ndata: unseen\n\n");
        Proxied.await("it comes", () -> failsWhenClosed(another));
    }

    /** Whether what has come so far fails it; what comes later is not looked at any more. */
    private static boolean failsWhenClosed(TestStream stream) {
        try {
            stream.expectNothing(MOMENT);
            return false;
        } catch (AssertionError something) {
            assertThrows(AssertionError.class, stream::close);
            return true;
        }
    }

    @Test
    @DisplayName("shows a response that is no stream, and fails only when asked for events")
    void noStream() throws Exception {
        try (TestStream stream = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\nnothing\n")) {
            assertEquals(404, stream.status());
            assertEquals(TestClient.End.CLEAN, stream.awaitEnd());
            assertShows(
                    "this is no event stream; status 404, ended CLEAN; body so far: 8 bytes \"nothing\\n\"",
                    assertThrows(AssertionError.class, stream::next));
            assertThrows(AssertionError.class, () -> stream.expectNothing(Duration.ZERO));
            assertThrows(AssertionError.class, stream::retry);
            assertShows("EventSource-Resume", assertThrows(AssertionError.class, stream::resumeOutcome));
        }
    }

    @Test
    @DisplayName("says why there is no response")
    void noResponse() throws Exception {
        HttpClient warm = HttpClient.newHttpClient(); // and so connects within its time
        answering(TestStream.to(uri()).client(warm), HEAD).close();
        TestStream.Request request = TestStream.to(uri()).client(warm).timeout(MOMENT.multipliedBy(20));
        assertShows("within 2000 ms", assertThrows(AssertionError.class, request::connect));
        server = listener.accept();
        toClose.add(server);
        server.setSoTimeout(60_000);
        while (!hasGone(server)) {
            // what it has asked
        }
        listener.close();
        AssertionError refused = assertThrows(AssertionError.class, () -> TestStream.connect(uri()));
        assertShows("no response from " + uri(), refused);
    }

    @Test
    @DisplayName("leaves a thread that was interrupted so, and says what it was waiting for")
    void interrupted() throws Exception {
        try (TestStream stream = answering(HEAD)) {
            Thread.currentThread().interrupt();
            assertShows("event", assertThrows(AssertionError.class, stream::next));
            assertTrue(Thread.interrupted());
            Thread.currentThread().interrupt();
            assertShows("interrupted", assertThrows(AssertionError.class, () -> TestStream.connect(uri())));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    @DisplayName("connects with the client that it was given, and resumes with it")
    void ownClient() throws Exception {
        HttpClient own =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        TestStream first = answering(TestStream.to(uri()).client(own), HEAD);
        assertTrue(requestHead.contains("Upgrade: h2c"), requestHead);
        CompletableFuture<TestStream> resuming = CompletableFuture.supplyAsync(first::resume);
        try (TestStream second = answering(resuming, HEAD)) {
            assertTrue(requestHead.contains("Upgrade: h2c"), requestHead);
            assertEquals("", second.lastEventId());
        }
    }
}
