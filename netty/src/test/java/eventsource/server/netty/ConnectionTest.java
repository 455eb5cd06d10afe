package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamListener;
import eventsource.server.parser.TestClient;
import eventsource.server.spi.HttpAnswer;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection of the Netty server")
class ConnectionTest extends Served {

    private static final String HOST = "Host: localhost\r\n";

    private static CompletionStage<HttpAnswer.Whole> number(String path) {
        return CompletableFuture.completedStage(new HttpAnswer.Whole(200, Map.of(), path.substring(1)));
    }

    private EventSourceNettyBuilder numbers() {
        return EventSourceNetty.builder()
                .route("/events", events)
                .handle("/*", "GET", (request, body) -> number(request.path()))
                .handle(
                        "/later/*",
                        "GET",
                        (request, body) -> CompletableFuture.supplyAsync(() -> null, ForkJoinPool.commonPool())
                                .thenCompose(any -> number(request.path())));
    }

    @Test
    @DisplayName("requests that are sent before the answers came are answered in their order, at once or later")
    void pipelined() throws Exception {
        serve(numbers());
        for (String prefix : new String[] {"/", "/later/"}) {
            Socket socket = connect();
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                requests.append("GET ")
                        .append(i % 7 == 0 ? prefix : "/")
                        .append(i)
                        .append(" HTTP/1.1\r\n")
                        .append(HOST)
                        .append("\r\n");
            }
            requests.append("GET /last HTTP/1.1\r\nConnection: close\r\n")
                    .append(HOST)
                    .append("\r\n");
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    write(socket, requests.toString());
                } catch (java.io.IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            String answers = readAll(socket);
            sent.get();
            int at = 0;
            for (int i = 0; i < 3000; i++) {
                at = answers.indexOf("\r\n\r\n" + (i % 7 == 0 ? prefix.substring(1) : "") + i + "HTTP/1.1 200", at);
                assertTrue(at >= 0, "the answer to request " + i + " is missing, or not in its place");
            }
            assertTrue(answers.endsWith("\r\n\r\nlast"), answers.substring(answers.length() - 100));
        }
    }

    @Test
    @DisplayName("a stream that is asked for behind other requests begins after their answers")
    void streamAfterOthers() throws Exception {
        serve(numbers());
        Socket socket = connect();
        write(socket, "GET /later/1 HTTP/1.1\r\n" + HOST + "\r\nGET /events HTTP/1.1\r\n" + HOST + "\r\n");
        String head = readUntil(socket, "\r\n\r\nlater/1");
        assertTrue(head.startsWith("HTTP/1.1 200"), head);
        readUntil(socket, "\n:\nretry: ");
        events.emit("one");
        readUntil(socket, "data: one\n");
    }

    @Test
    @DisplayName("DC-06 a client that closes only its sending side keeps its stream")
    void halfClosed() throws Exception {
        for (Transport transport : new Transport[] {Transport.EPOLL, Transport.NIO}) {
            EventSourceNetty http =
                    serve(EventSourceNetty.builder().transport(transport).route("/*", events));
            TestClient client = openStream("/");
            client.shutdownOutput();
            client.awaitComments(4, SOON);
            events.emit("one");
            assertEquals("one", client.next().data());
            client.close();
            await("the stream of a client that has gone is let go", () -> http.streams() == 0);
        }
    }

    @Test
    @DisplayName("a client that closes its sending side after a request gets the answer")
    void halfClosedRequest() throws Exception {
        serve(numbers());
        Socket socket = connect();
        write(socket, "GET /later/7 HTTP/1.1\r\n" + HOST + "\r\n");
        socket.shutdownOutput();
        assertTrue(readAll(socket).endsWith("\r\n\r\nlater/7"));
    }

    @Test
    @DisplayName("HTTP/1.0 is answered with a connection that ends")
    void http10() throws Exception {
        serve(numbers());
        Socket socket = connect();
        write(socket, "GET /1 HTTP/1.0\r\n\r\n");
        String answer = readAll(socket);
        assertTrue(answer.contains("Content-Length: 1\r\n") && answer.endsWith("\r\n\r\n1"), answer);
    }

    @Test
    @DisplayName("requests whose end somebody else could see elsewhere are refused, and the connection closed")
    void ambiguousRequests() throws Exception {
        serve(numbers());
        for (String headers : new String[] {
            HOST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            HOST + "Content-Length: 3\r\nContent-Length: 4\r\n",
            HOST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            HOST + "Transfer-Encoding: chunked, gzip\r\n",
            HOST + "Transfer-Encoding: identity\r\n",
            HOST + "Content-Length: -1\r\n",
            HOST + "Content-Length : 3\r\n",
            HOST + HOST,
            "X: y\r\n",
        }) {
            Socket socket = connect();
            write(socket, "GET /1 HTTP/1.1\r\n" + headers + "\r\n");
            socket.shutdownOutput();
            String answer = readAll(socket);
            assertTrue(answer.startsWith("HTTP/1.1 400") || answer.startsWith("HTTP/1.1 501"), headers + answer);
            assertEquals(answer.indexOf("HTTP/1.1"), answer.lastIndexOf("HTTP/1.1"), "answered twice: " + answer);
        }
        for (String line : new String[] {"GET /", "GET", "PRI * HTTP/2.0", "GET / HTTP/9.9"}) {
            Socket socket = connect();
            write(socket, line + "\r\n" + HOST + "\r\n");
            socket.shutdownOutput();
            String answer = readAll(socket);
            assertTrue(answer.startsWith("HTTP/1.1 400") || answer.startsWith("HTTP/1.1 505"), line + ": " + answer);
        }
    }

    @Test
    @DisplayName("a client that goes on sending on its stream is let go")
    void chatter() throws Exception {
        EventSourceNetty http = serve(Limits.defaults());
        Socket socket = connect();
        write(socket, "GET / HTTP/1.1\r\n" + HOST + "\r\n");
        readUntil(socket, "\n:\nretry: ");
        write(socket, "x".repeat(1000));
        events.emit("one");
        readUntil(socket, "data: one\n");
        try {
            write(socket, "x".repeat(1 << 20));
        } catch (java.io.IOException closed) {
            // which is what this is about
        }
        await("the stream is let go", () -> http.streams() == 0);
    }

    @Test
    @DisplayName("the body of a request for a stream is let go, and a client that waits for 100 is told to go on")
    void expectation() throws Exception {
        serve(numbers());
        Socket socket = connect();
        write(socket, "GET /events HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", readUntil(socket, "\r\n\r\n"));
        write(socket, "abc");
        assertTrue(readUntil(socket, "\r\n\r\n").startsWith("HTTP/1.1 200"));
    }

    @Test
    @DisplayName("SD-02 stop ends streams evenly, tells whoever comes to come back later, and cuts none that can end")
    void stopOverTime() throws Exception {
        EventSourceNetty http = serve(Limits.defaults());
        TestClient[] clients = new TestClient[20];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = openStream("/");
        }
        CompletionStage<Integer> stopped = http.stop(Duration.ofSeconds(4)); // over three seconds
        await("the first end", () -> http.streams() < clients.length);
        long first = System.nanoTime();
        TestClient late = open(get("/"));
        assertEquals(200, late.status());
        assertEquals(TestClient.End.CLEAN, late.awaitEnd(SOON));
        assertTrue(late.header("EventSource-Resume").isEmpty()
                && late.parser().retryMillis().isPresent());
        for (TestClient client : clients) {
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
        }
        long last = System.nanoTime();
        assertTrue(last - first > 50_000_000, "they should not all have ended at once");
        assertEquals(0, stopped.toCompletableFuture().get());
        assertEquals(0, http.streams());
    }

    @Test
    @DisplayName("SD-02 stop cuts what takes nothing at the deadline, and counts it")
    void stopCuts() throws Exception {
        EventSourceNetty http = serve(Limits.defaults());
        TestClient healthy = openStream("/");
        TestClient stalled = open(get("/").receiveBuffer(4096));
        for (int i = 0; i < 128; i++) {
            events.emit("x".repeat(64 << 10));
            healthy.next();
        }
        CompletionStage<Integer> stopped = http.stop(Duration.ofSeconds(4));
        assertEquals(TestClient.End.CLEAN, healthy.awaitEnd(SOON));
        assertEquals(1, stopped.toCompletableFuture().get());
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(SOON));
        assertFalse(stopped.toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    @DisplayName("a close in the middle of an event loop's tasks leaves no connection open")
    void closeAmongTasks() throws Exception {
        AtomicReference<EventSourceNetty> http = new AtomicReference<>();
        EventSourceServer closing = EventSourceServer.builder()
                .listener(new StreamListener() {
                    @Override
                    public void opened(EventStream stream) {
                        http.get().close();
                    }
                })
                .build();
        http.set(serve(EventSourceNetty.builder().eventLoops(1).route("/*", closing)));
        Socket silent = connect();
        Socket asking = connect();
        write(asking, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTrue(readAll(asking).startsWith("HTTP/1.1 200"), "it was let in, and cut");
        assertEquals("", readAll(silent));
        closing.close();
    }
}
