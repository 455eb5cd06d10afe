package eventsource.server.parser;

import static eventsource.server.parser.EventStreamParserTest.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The test client, as a client of HTTP,")
@Timeout(300)
class TestClientHttpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String CHUNKED_STREAM = STREAM + "Transfer-Encoding: chunked\r\n\r\n";

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    @Test
    @DisplayName("shows status, reason and headers as they were on the wire")
    void head() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(
                        "HTTP/1.1 404 Not quite\r\nA: 1\r\nb:\t x \u0085\r\na: 2\r\nContent-Length: 0\r\n\r\n");
                TestClient client = server.get().open()) {
            assertEquals(404, client.status());
            assertEquals("Not quite", client.reason());
            assertEquals(List.of("1", "2"), client.headers("a"));
            assertEquals(Optional.of("x \u0085"), client.header("B"));
            assertEquals(Optional.empty(), client.header("c"));
            assertEquals(List.of("0"), client.headers().get("content-length"));
            assertThrows(AssertionError.class, () -> client.header("A"));
            assertEquals("", client.bodyText());
        }
    }

    @Test
    @DisplayName("sends method, target, headers in order and body byte for byte")
    void request() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    seen.add(connection.readHead() + connection.readBytes(2));
                    connection.write("HTTP/1.1 204 No Content\r\n\r\n");
                });
                TestClient client = TestClient.get(URI.create("http://localhost:" + server.port() + "/a%20b?c=d"))
                        .method("POST")
                        .header("X-A", "\u00FF")
                        .headerUtf8("Last-Event-ID", "ü")
                        .header("X-B", new byte[] {1, -2})
                        .body(new byte[] {'h', 'i'})
                        .open()) {
            assertEquals(204, client.status());
            assertEquals(
                    "POST /a%20b?c=d HTTP/1.1\r\nHost: localhost:" + server.port()
                            + "\r\nX-A: \u00FF\r\nLast-Event-ID: \u00C3\u00BC\r\nX-B: \u0001\u00FE\r\n"
                            + "Content-Length: 2\r\n\r\nhi",
                    seen.take());
            assertEquals("", client.bodyText());
        }
        assertThrows(
                IllegalArgumentException.class, () -> TestClient.get(1, "/").header("X", "\u0100"));
    }

    @Test
    @DisplayName("speaks HTTP/1.0, without a host or with one of the test")
    void http10() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    seen.add(connection.readHead());
                    connection.write("HTTP/1.0 200 OK\r\n\r\nbody");
                });
                TestClient client = server.get().http10().withoutHost().open()) {
            assertEquals("GET / HTTP/1.0\r\n\r\n", seen.take());
            assertEquals("body", client.bodyText());
        }
        byte[] own = TestClient.get(1, "/").header("host", "other").toBytes();
        assertEquals("GET / HTTP/1.1\r\nhost: other\r\n\r\n", new String(own, StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("reads a body with Content-Length to its end and no further")
    void contentLength() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhe")
                            .write("ll\u00C3\u00B6");
                    read.await();
                });
                TestClient client = server.get().open()) {
            assertEquals("hellö", client.bodyText());
            assertEquals("hellö", client.bodyText());
            assertEquals(6, client.bytesRead());
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(TIMEOUT));
            read.countDown();
        }
    }

    @Test
    @DisplayName("says so when a body with Content-Length is cut")
    void contentLengthCut() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel");
                TestClient client = server.get().open()) {
            AssertionError error = assertThrows(AssertionError.class, client::body);
            assertEquals(
                    "the body was cut; status 200, ended ABORTED; body so far: 3 bytes \"hel\"", error.getMessage());
        }
    }

    @Test
    @DisplayName("reads a chunked body, with extensions and trailers, however it arrives")
    void chunked() throws Exception {
        String body = "5\r\nhello\r\n00A;x=\"y\"\r\n0123456789\r\n1\r\n\r\r\n0\r\nX: y\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < body.length(); i++) {
                        connection.write(body.substring(i, i + 1));
                    }
                });
                TestClient client = server.get().open()) {
            assertEquals("hello0123456789\r", client.bodyText());
            assertEquals(16, client.bytesRead());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x|expected a chunk size but got 'x'",
                ";|expected a chunk size but got ';'",
                "~5~|expected a chunk size but got byte 0x0D",
                "5x|expected CR after the chunk size but got 'x'",
                "5^|expected CR after the chunk size but got byte 0x20",
                "5;a_|a bare LF in a chunk extension",
                "5_|expected CR after the chunk size but got byte 0x0A",
                "2~hey|expected CR after the chunk data but got 'y'",
                "2~he_|expected CR after the chunk data but got byte 0x0A",
                "0~_|a bare LF after the last chunk",
                "0~a_|a bare LF in a trailer",
                "0000000000000005|the chunk size is too long"
            })
    @DisplayName("refuses malformed chunk framing (~ for CRLF, _ for LF, ^ for a space) again and again:")
    void malformedChunks(String body, String message) throws Exception {
        String sent = (body + "~").replace("~", "\r\n").replace('_', '\n').replace('^', ' ');
        try (ScriptedServer server = ScriptedServer.answering(CHUNKED_STREAM + sent);
                TestClient client = server.get().open()) {
            for (int i = 0; i < 2; i++) {
                MalformedResponseException e =
                        assertThrows(MalformedResponseException.class, () -> client.awaitEnd(TIMEOUT));
                assertEquals("malformed chunk framing: " + message, e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "\r\n\r\n"
            })
    @DisplayName("refuses the malformed head")
    void malformedHead(String head) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(head)) {
            assertThrows(MalformedResponseException.class, () -> server.get().open());
        }
    }

    @Test
    @DisplayName("skips interim responses")
    void interim() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx");
                TestClient client = server.get().open()) {
            assertEquals(200, client.status());
            assertEquals("x", client.bodyText());
        }
    }

    @Test
    @DisplayName("shows what was received when the head is not complete in time")
    void headTimeout() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nX");
            failed.await();
        })) {
            TestRequest request = server.get().timeout(Duration.ofSeconds(3)); // enough for what does come
            AssertionError error = assertThrows(AssertionError.class, request::open);
            assertEquals(
                    "no response head within 3000 ms; received 18 bytes \"HTTP/1.1 200 OK\\r\\nX\"",
                    error.getMessage());
            failed.countDown();
        }
    }

    @Test
    @DisplayName("says so when the connection ends before the head")
    void headMissing() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 2")) {
            AssertionError error =
                    assertThrows(AssertionError.class, () -> server.get().open());
            assertEquals(
                    "no response head before the end of the connection; received 10 bytes \"HTTP/1.1 2\"",
                    error.getMessage());
        }
    }

    @Test
    @DisplayName("sends further requests on the same connection")
    void keepAlive() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(4);
        try (ScriptedServer server = ScriptedServer.running(connection -> {
                    seen.add(connection.readHead());
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
                    seen.add(connection.readHead());
                    connection.write("HTTP/1.1 405 No\r\nContent-Length: 2\r\n\r\nno");
                    seen.add(connection.readHead());
                    connection.write(CHUNKED_STREAM + chunk("data: x\n\n") + "0\r\n\r\n");
                    seen.add(connection.readHead());
                    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                TestClient client = server.get().method("HEAD").open()) {
            assertEquals("100", client.header("Content-Length").orElseThrow());
            assertEquals(405, client.send(server.get().method("POST")).status());
            assertEquals(message("x"), client.send(server.get()).next());
            assertEquals(200, client.send(server.get()).status());
            assertEquals(0, client.bytesRead());
            assertEquals(List.of(), client.drain());
            assertThrows(IllegalStateException.class, () -> client.send(server.get()));
            server.join();
            assertTrue(seen.take().startsWith("HEAD / "));
            assertTrue(seen.take().startsWith("POST / "));
        }
    }

    @Test
    @DisplayName("notices a body where there must be none when the connection is used again")
    void bodyAfterHead() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
                TestClient client = server.get().method("HEAD").open()) {
            server.join();
            assertThrows(MalformedResponseException.class, () -> client.send(server.get()));
        }
    }
}
