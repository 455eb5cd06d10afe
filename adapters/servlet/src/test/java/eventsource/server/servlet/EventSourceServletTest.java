package eventsource.server.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.servlet.Containers.Options;
import eventsource.server.servlet.Containers.Running;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The servlet")
@Timeout(120)
class EventSourceServletTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SMALL_BUFFER = 4096;

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();
    private final EventSourceServer server = EventSourceServer.builder()
            .keepalive(Duration.ofMillis(200))
            .stall(Duration.ofSeconds(1))
            .listener(new StreamListener() {
                @Override
                public void opened(EventStream stream) {
                    opened.add(stream);
                }

                @Override
                public void closed(EventStream stream, StreamEnd end) {
                    ends.add(end);
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

    private Running start(Containers container, HttpServlet servlet, Options options) throws Exception {
        Running running = container.start(servlet, options);
        toClose.add(running);
        return running;
    }

    private Running start(Containers container) throws Exception {
        return start(container, EventSourceServlet.of(server), new Options(true, false, true));
    }

    private TestClient open(TestRequest request) {
        TestClient client = request.timeout(SOON).open();
        toClose.add(client);
        return client;
    }

    private StreamEnd nextEnd() throws InterruptedException {
        StreamEnd end = ends.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertTrue(end != null, "no stream has ended");
        return end;
    }

    private static void until(BooleanSupplier reached, String otherwise) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, otherwise);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void emitMoreThanIsHidden() {
        for (int i = 0; i < 256; i++) {
            server.emit("x".repeat(64 << 10));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("SC-02 closes the connection of a client that takes nothing: it need not read first")
    void stalledConnectionsAreClosed(Containers container) throws Exception {
        Running running = start(container);
        open(TestClient.get(running.port(), "/").receiveBuffer(SMALL_BUFFER));
        until(() -> running.connections() == 1, "the container does not count its connections");
        emitMoreThanIsHidden();
        assertEquals(StreamEnd.STALLED, nextEnd());
        until(() -> running.connections() == 0, "the connection is kept for a client that takes nothing");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("SC-02 cuts a client of HTTP/1.0 off, too, at the latest when it reads again")
    void stalledOldClients(Containers container) throws Exception {
        Running running = start(container);
        TestClient stalled = open(TestClient.get(running.port(), "/").http10().receiveBuffer(SMALL_BUFFER));
        emitMoreThanIsHidden();
        assertEquals(StreamEnd.STALLED, nextEnd());
        stalled.awaitEnd(SOON);
        until(() -> running.connections() == 0, "the connection is kept");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("serves stream after stream on one connection, with what the application refuses between them")
    void connectionsAreUsedAgain(Containers container) throws Exception {
        Running running = start(container);
        TestRequest get = TestClient.get(running.port(), "/").timeout(SOON);
        TestClient client = open(get);
        byte[] body = "a=b".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            assertEquals(200, client.status());
            server.emit("event " + i);
            assertEquals("event " + i, client.next().data(), "and nothing of the stream before");
            opened.take().end();
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
            assertEquals(405, client.send(get.method("POST").body(body)).status());
            assertEquals(200, client.send(get.method("HEAD")).status());
            client.send(get);
        }
        assertEquals(1, running.connections());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("says which setting is missing where requests cannot be asynchronous")
    void notAsynchronous(Containers container) throws Exception {
        Running running = start(container, EventSourceServlet.of(server), new Options(false, false, true));
        TestClient client = open(TestClient.get(running.port(), "/"));
        assertEquals(500, client.status());
        assertTrue(client.bodyText().contains("async-supported"), client.bodyText());
        assertTrue(opened.isEmpty(), "no stream is opened for it");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("HT-06 cuts streams off that the container compresses")
    void compressed(Containers container) throws Exception {
        Running running = start(container, EventSourceServlet.of(server), new Options(true, true, true));
        TestClient client = open(TestClient.get(running.port(), "/").header("Accept-Encoding", "gzip"));
        assertEquals(StreamEnd.CANCELLED, nextEnd());
        assertEquals(TestClient.End.ABORTED, client.awaitEnd(SOON));
        TestClient plain = open(TestClient.get(running.port(), "/"));
        server.emit("next");
        assertEquals("next", plain.next().data());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("ends a stream that is given when its client has gone, and the request has been answered otherwise")
    void answersThatComeLate(Containers container) throws Exception {
        CompletableFuture<StreamRequest> thinking = new CompletableFuture<>();
        HttpManners manners =
                HttpManners.builder(server).requests(request -> thinking).build();
        Running running = start(container, EventSourceServlet.of(manners), new Options(true, false, true));
        TestClient gone = open(TestClient.get(running.port(), "/").timeout(SOON), thinking);
        assertEquals(200, gone.status());
        server.emit("next");
        assertEquals("next", gone.next().data(), "an answer may come later, on another thread");
        gone.cut();
        assertEquals(StreamEnd.CANCELLED, nextEnd());
    }

    /** Opening waits for the head, so that the application has to answer meanwhile. */
    private TestClient open(TestRequest request, CompletableFuture<StreamRequest> thinking) {
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                .execute(() -> thinking.complete(StreamRequest.own()));
        return open(request);
    }

    /** A servlet that answers as it likes. */
    private static final class Answering extends HttpServlet {

        private static final long serialVersionUID = 1;

        private final transient CompletionStage<HttpAnswer> answer;

        Answering(CompletionStage<HttpAnswer> answer) {
            this.answer = answer;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            EventSourceServlet.answer(request, response, answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("sends what another servlet answers, and 500 where it fails to")
    void otherServlets(Containers container) throws Exception {
        Running whole = start(
                container,
                new Answering(CompletableFuture.completedStage(
                        new HttpAnswer.Whole(202, Map.of("X-Mine", "yes"), "w\u00FC\n".repeat(100_000)))),
                new Options(true, false, true));
        TestClient client = open(TestClient.get(whole.port(), "/"));
        assertEquals(202, client.status());
        assertEquals("yes", client.header("X-Mine").orElseThrow());
        assertEquals("w\u00FC\n".repeat(100_000), client.bodyText());
        Running failing = start(
                container,
                new Answering(CompletableFuture.failedStage(new IllegalStateException("of the test"))),
                new Options(true, false, true));
        assertEquals(500, open(TestClient.get(failing.port(), "/")).status());
    }

    /** Answers at once, and then says something to the response, as filters do. */
    private static final class Filtered extends HttpServlet {

        private static final long serialVersionUID = 1;

        private final transient HttpManners manners;
        private final AtomicBoolean returned = new AtomicBoolean();
        private final AtomicBoolean tooEarly = new AtomicBoolean();

        Filtered(HttpManners manners) {
            this.manners = manners;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpServletResponse watched = new HttpServletResponseWrapper(response) {
                @Override
                public void setStatus(int status) {
                    tooEarly.set(!returned.get());
                    super.setStatus(status);
                }
            };
            EventSourceServlet.answer(request, watched, manners.answer(EventSourceServlet.request(request)));
            response.setHeader("X-Filter", "was here");
            returned.set(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("says nothing to a response as long as filters may, which are on another thread")
    void filters(Containers container) throws Exception {
        Filtered filtered = new Filtered(HttpManners.of(server));
        Running running = start(container, filtered, new Options(true, false, true));
        TestClient client = open(TestClient.get(running.port(), "/"));
        assertEquals(200, client.status());
        assertEquals("was here", client.header("X-Filter").orElseThrow());
        assertFalse(filtered.tooEarly.get());
    }
}
