package eventsource.server.parser;

import static eventsource.server.parser.EventStreamParserTest.event;
import static eventsource.server.parser.EventStreamParserTest.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The test client, as a reader of streams,")
@Timeout(300)
class TestClientStreamTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String CHUNKED_STREAM = STREAM + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CLOSE_STREAM = STREAM + "\r\n";

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    @Test
    @DisplayName("returns events one by one, several, or all that are left")
    void events() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(CHUNKED_STREAM
                        + chunk("retry: 5\n: c\ndata: 1\nid: 1\n\ndata: ")
                        + chunk("2\nid: 2\n\nevent: e\ndata: 3\n\n")
                        + chunk("data: 4\n\ndata: 5\n\n: d\n")
                        + "0\r\n\r\n");
                TestClient client = server.get().open()) {
            assertEquals(event("message", "1", "1"), client.next());
            assertEquals(List.of(event("message", "2", "2"), event("e", "3", "2")), client.next(2));
            client.awaitComments(2, TIMEOUT);
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(TIMEOUT));
            assertEquals(event("message", "4", "2"), client.next(TIMEOUT));
            assertEquals(List.of(event("message", "5", "2")), client.drain());
            assertEquals(List.of(), client.parser().violations());
            assertEquals(5, client.parser().retryMillis().orElseThrow());
            AssertionError error = assertThrows(AssertionError.class, client::next);
            assertTrue(
                    error.getMessage().startsWith("the body ended, no further event is left; status 200, ended CLEAN"));
            assertThrows(AssertionError.class, () -> client.awaitComments(3, TIMEOUT));
        }
    }

    @Test
    @DisplayName("shows the last 500 bytes, escaped, when an event does not come in time, and can go on waiting")
    void eventTimeout() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection.write(CHUNKED_STREAM).write(chunk(": " + "x".repeat(600) + "\n"));
                    connection.write(chunk("data: \u00C3\u00BC\"\\\t\n")).write("1\r");
                    failed.await();
                    connection.write("\n\n\r\n0\r\n\r\n");
                });
                TestClient client = server.get().open()) {
            client.readExactly(603 + 12);
            AssertionError error = assertThrows(AssertionError.class, () -> client.next(SHORT));
            assertEquals(
                    "no further event within 50 ms; status 200; body so far: 615 bytes, the last of which are \""
                            + "x".repeat(487) + "\\ndata: \\xC3\\xBC\\\"\\\\\\t\\n\"",
                    error.getMessage());
            failed.countDown();
            assertEquals(message("ü\"\\\t"), client.next());
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(TIMEOUT));
        }
    }

    @Test
    @DisplayName("fails when an end or comments do not come in time")
    void otherTimeouts() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection.write(CLOSE_STREAM);
                    failed.await();
                });
                TestClient client = server.get().open()) {
            assertThrows(AssertionError.class, () -> client.awaitEnd(SHORT));
            assertThrows(AssertionError.class, () -> client.awaitComments(1, SHORT));
            failed.countDown();
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(TIMEOUT));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the last chunk after a whole event|a|0~~|CLEAN",
                "no last chunk|a||ABORTED",
                "half of the last chunk|a|0~|ABORTED",
                "the last chunk inside an event|b|0~~|ABORTED"
            })
    @DisplayName("tells the end of a chunked stream:")
    void chunkedEnd(String name, String data, String rest, TestClient.End end) throws Exception {
        String body = data.equals("a") ? chunk("data: x\n\n") : chunk("data: x\n\ndata: y\n");
        String last = rest == null ? "" : rest.replace("~", "\r\n");
        try (ScriptedServer server = ScriptedServer.answering(CHUNKED_STREAM + body + last);
                TestClient client = server.get().open()) {
            assertEquals(end, client.awaitEnd(TIMEOUT));
            assertEquals(end, client.awaitEnd(TIMEOUT));
            assertEquals(List.of(message("x")), client.drain());
        }
    }

    @ParameterizedTest
    @CsvSource({"'data: x\n\n', CLEAN", "': c\n', CLEAN", "'data: x\n', ABORTED", "'data: x\n\n:', ABORTED"})
    @DisplayName("tells the end of a stream delimited by close:")
    void closeDelimitedEnd(String body, TestClient.End end) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(CLOSE_STREAM + body);
                TestClient client = server.get().open()) {
            assertEquals(end, client.awaitEnd(TIMEOUT));
            assertEquals(body.length(), client.bytesRead());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHUNKED_STREAM, CLOSE_STREAM})
    @DisplayName("tells a reset from an orderly end")
    void reset(String head) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        String event = "data: x\n\n";
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection.write(head).write(head.equals(CLOSE_STREAM) ? event : chunk(event));
                    received.await();
                    connection.reset();
                });
                TestClient client = server.get().open()) {
            assertEquals(message("x"), client.next());
            received.countDown();
            assertEquals(TestClient.End.ABORTED, client.awaitEnd(TIMEOUT));
            AssertionError error = assertThrows(AssertionError.class, client::next);
            assertTrue(error.getMessage().contains("ended by a reset"), error.getMessage());
        }
    }

    @Test
    @DisplayName("refuses to look for events in what is no event stream")
    void noEventStream() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(
                        "HTTP/1.1 503 No\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbusy");
                TestClient client = server.get().open()) {
            AssertionError error = assertThrows(AssertionError.class, client::next);
            assertTrue(error.getMessage().startsWith("not an event stream: Content-Type [text/plain]; status 503"));
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(TIMEOUT));
        }
    }

    @Test
    @DisplayName("reads exactly as many bytes as it is asked for")
    void exactBytes() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.answering(CHUNKED_STREAM + chunk("data: x\n") + chunk("\ndata") + "0\r\n\r\n");
                TestClient client = server.get().open()) {
            assertEquals(3, client.read(3));
            assertArrayEquals("a: x\n\nd".getBytes(StandardCharsets.US_ASCII), client.readExactly(7));
            assertEquals(10, client.bytesRead());
            assertEquals(List.of(message("x")), client.drain());
            assertThrows(AssertionError.class, () -> client.readExactly(4));
            assertEquals(-1, client.read(1));
            assertThrows(IllegalArgumentException.class, () -> client.read(0));
        }
    }

    @Test
    @DisplayName("cuts the connection so that the server sees a reset")
    void cut() throws Exception {
        AtomicReference<IOException> seen = new AtomicReference<>();
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection.write(CLOSE_STREAM);
                    try {
                        seen.set(new IOException("read " + connection.readByte()));
                    } catch (IOException e) {
                        seen.set(e);
                    }
                });
                TestClient client = server.get().open()) {
            client.cut();
            server.join();
            assertTrue(seen.get().getMessage().contains("reset"), seen.get().getMessage());
            assertThrows(IllegalStateException.class, client::next);
        }
    }

    @Test
    @DisplayName("closes its sending side alone or the connection as a whole")
    void closing() throws Exception {
        BlockingQueue<Integer> seen = new ArrayBlockingQueue<>(1);
        ScriptedServer.Script script = connection -> {
            connection.readHead();
            connection.write(CLOSE_STREAM);
            seen.add(connection.readByte());
            connection.write("data: bye\n\n");
        };
        try (ScriptedServer server = ScriptedServer.running(script);
                TestClient client = server.get().open()) {
            client.shutdownOutput();
            assertEquals(message("bye"), client.next());
            assertEquals(-1, seen.take());
        }
        try (ScriptedServer server = ScriptedServer.running(script)) {
            TestClient client = server.get().open();
            client.close();
            client.close();
            assertEquals(-1, seen.take());
        }
    }

    @Test
    @DisplayName("takes no more off the socket than it was asked for")
    void takesNoMore() throws Exception {
        try (ScriptedServer server = ScriptedServer.running(connection -> connection.write("0123456789"));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            server.join();
            WireInput input = new WireInput(socket, 0);
            assertTrue(input.fill(3, Deadline.in(TIMEOUT)));
            assertEquals(3, input.buffered());
            assertEquals(7, socket.getInputStream().readAllBytes().length);
        }
    }

    @Test
    @DisplayName("reads slowly with a small receive buffer: the server has to wait for it")
    void slowReader() throws Exception {
        // More than the small buffers of both sides hold, less than a receive buffer of ordinary size.
        int size = 40_000;
        ScriptedServer.Script script = connection -> {
            connection.sendBuffer(4096);
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            connection.write("x".repeat(size));
        };
        try (ScriptedServer server = ScriptedServer.running(script);
                TestClient client = server.get().open()) {
            server.join();
            assertEquals(size, client.body().length);
        }
        try (ScriptedServer server = ScriptedServer.running(script);
                TestClient client = server.get().receiveBuffer(2048).open()) {
            assertThrows(TimeoutException.class, () -> server.join(SHORT));
            assertEquals(size, client.body().length);
            server.join();
        }
    }
}
