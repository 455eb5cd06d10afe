package eventsource.server.jdkhttpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpManners.Overload;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The handler for the JDK's web server")
@Timeout(300)
class EventSourceHandlerTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final EventSourceServer server = EventSourceServer.builder()
            .keepalive(Duration.ofMillis(200))
            .stall(Duration.ofSeconds(3))
            .listener(new StreamListener() {
                @Override
                public void opened(EventStream stream) {
                    opened.add(stream);
                }
            })
            .build();
    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        server.close();
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private LoopbackServer serving(EventSourceHandler handler) throws IOException {
        LoopbackServer http = LoopbackServer.serving(handler);
        toClose.add(http);
        return http;
    }

    private TestRequest serve(EventSourceHandler handler) throws IOException {
        return TestClient.get(serving(handler).port(), "/").timeout(SOON);
    }

    private TestClient open(TestRequest request) {
        TestClient client = request.open();
        toClose.add(client);
        return client;
    }

    private TestClient openStream(TestRequest request) {
        TestClient client = open(request);
        assertEquals(Optional.of("live"), client.header("EventSource-Resume"), "the client should be given a stream");
        return client;
    }

    private EventSourceHandler handler(Overload overload, Writers writers) {
        return new EventSourceHandler(
                HttpManners.builder(server).overload(overload).build(), writers);
    }

    @Test
    @DisplayName("OV-01 answers as a full server does when all threads write that may")
    void threadsHaveALimit() throws Exception {
        TestRequest get = serve(handler(Overload.STREAM, Writers.here(2)));
        List<TestClient> served = List.of(openStream(get), openStream(get));
        TestClient third = open(get);
        assertEquals(200, third.status());
        assertEquals(Optional.empty(), third.header("EventSource-Resume"));
        assertEquals(TestClient.End.CLEAN, third.awaitEnd(SOON));
        assertTrue(third.parser().retryMillis().isPresent(), "it is told when to come back");
        server.emit("next");
        for (TestClient client : served) {
            assertEquals("next", client.next().data(), "whoever has a stream must not notice");
        }
    }

    @Test
    @DisplayName(
            "OV-01 gives a thread that has become free to the next client, on a connection that was refused before")
    void threadsAreGivenBack() throws Exception {
        TestRequest get = serve(handler(Overload.STATUS, Writers.here(1)));
        TestClient first = openStream(get);
        TestClient second = open(get);
        assertEquals(503, second.status());
        first.cut();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (second.status() != 200) {
            assertTrue(System.nanoTime() < deadline, "the thread of a client that has gone never became free");
            second.send(get);
        }
        server.emit("next");
        assertEquals("next", second.next().data());
    }

    @Test
    @DisplayName("DC-01 writes no longer than the stream lasts, however it ends, on threads of its own")
    void writersEndWithTheirStreams() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        toClose.add(threads::shutdown);
        assertWritersEnd(WatchedWriters.on(threads));
    }

    @Test
    @DisplayName("DC-01 writes no longer than the stream lasts, however it ends, on the web server's threads")
    void writersHereEndWithTheirStreams() throws Exception {
        assertWritersEnd(WatchedWriters.here());
    }

    @Test
    @DisplayName("says what is missing where streams need the web server's threads, and it has none but one")
    void noExecutor() throws Exception {
        LoopbackServer http = LoopbackServer.withoutExecutor(handler(Overload.STREAM, Writers.here(2)));
        toClose.add(http);
        TestClient client = open(TestClient.get(http.port(), "/"));
        assertEquals(500, client.status());
        assertEquals("The web server has no threads for streams.\n", client.bodyText());
    }

    private void assertWritersEnd(WatchedWriters writers) throws Exception {
        TestRequest get = serve(handler(Overload.STREAM, writers));
        openStream(get).cut();
        writers.awaitEnd(); // CANCELLED
        openStream(get).close();
        writers.awaitEnd(); // CANCELLED
        opened.clear();
        TestClient ended = openStream(get);
        opened.take().end();
        writers.awaitEnd(); // ENDED
        assertEquals(TestClient.End.CLEAN, ended.awaitEnd(SOON));
        TestClient stalled = openStream(get.receiveBuffer(4096));
        for (int i = 0; i < 128; i++) {
            server.emit("x".repeat(64 << 10));
        }
        writers.awaitEnd(); // STALLED
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(SOON));
        TestClient last = openStream(get);
        server.stop();
        writers.awaitEnd(); // STOPPED
        assertEquals(TestClient.End.CLEAN, last.awaitEnd(SOON));
    }

    @Test
    @DisplayName(
            "does not keep the web server's only thread where it has others: neither with streams nor while the application thinks")
    void otherRequestsAreServed() throws Exception {
        CompletableFuture<StreamRequest> thinking = new CompletableFuture<>();
        HttpManners manners = HttpManners.builder(server)
                .requests(request -> request.parameters("slow").isEmpty()
                        ? CompletableFuture.completedStage(StreamRequest.own())
                        : thinking)
                .build();
        ExecutorService threads = Executors.newCachedThreadPool();
        toClose.add(threads::shutdown);
        LoopbackServer http = LoopbackServer.withoutExecutor(new EventSourceHandler(manners, Writers.on(threads)));
        toClose.add(http);
        int port = http.port();
        TestRequest get = TestClient.get(port, "/").timeout(SOON);
        openStream(get);
        CompletableFuture<TestClient> slow =
                CompletableFuture.supplyAsync(() -> open(TestClient.get(port, "/?slow=1")));
        for (int i = 0; i < 10; i++) {
            openStream(get);
            assertEquals(405, open(get.method("POST")).status());
        }
        assertFalse(slow.isDone(), "the application has not decided yet");
        thinking.complete(StreamRequest.own());
        TestClient client = slow.get(60, TimeUnit.SECONDS);
        server.emit("next");
        assertEquals("next", client.next().data());
    }

    @Test
    @DisplayName("has one thread at least")
    void atLeastOneThread() {
        HttpManners manners = HttpManners.of(server);
        assertThrows(IllegalArgumentException.class, () -> EventSourceHandler.of(manners, 0));
    }
}
