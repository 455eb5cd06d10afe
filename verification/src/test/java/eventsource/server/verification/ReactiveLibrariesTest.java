package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The snippets of the guides to reactive libraries and to sources, run. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReactiveLibrariesTest {

    private static final int EVENTS = 20;
    private static final String LARGE = "x".repeat(70_000); // so that each event is an element

    private static ActorSystem system;

    @TempDir
    private Path classes;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("snippets");
    }

    @AfterAll
    static void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static List<Snippet> with(String part) throws IOException {
        List<Snippet> found = Snippet.all().stream()
                .filter(snippet -> snippet.place().matches(".*(reactive-libraries|sources)\\.md.*"))
                .filter(snippet -> snippet.code().contains(part))
                .toList();
        assertTrue(!found.isEmpty(), "no snippet has " + part);
        return found;
    }

    static List<Snippet> bodies() throws IOException {
        List<Snippet> bodies = with("connection.abort()");
        assertEquals(4, bodies.size());
        return bodies;
    }

    static List<Snippet> ticks() throws IOException {
        List<Snippet> ticks = with("ticks =");
        assertEquals(4, ticks.size());
        return ticks;
    }

    // --- bytes to a client ---

    @ParameterizedTest
    @MethodSource("bodies")
    @DisplayName("A client that takes nothing is kept two elements at most; it gets all, in order, and the end")
    void twoElementsAtMost(Snippet snippet) throws Exception {
        SteppedServer stepped = new SteppedServer(options -> options.keepalive(Duration.ZERO));
        SlowConnection connection = run(snippet, stepped.server);
        EventStreamParser parser = new EventStreamParser();
        SlowConnection.Write write = connection.next(); // the prelude
        for (int i = 0; i < EVENTS; i++) {
            stepped.server.emit(LARGE + i);
        }
        EventStream stream =
                stepped.server.streams().toCompletableFuture().join().get(0);
        for (int written = 0; written < EVENTS; written++) {
            long handed = EVENTS - stream.lag();
            assertTrue(handed <= written + 1, handed + " handed over when " + written + " were written");
            assertTrue(connection.isIdle(), "one write at a time");
            parser.feed(write.bytes());
            write.done().complete(null);
            write = connection.next();
        }
        parser.feed(write.bytes());
        stepped.server.stop();
        write.done().complete(null);
        assertEquals("ended", connection.ended.get(20, TimeUnit.SECONDS));
        List<String> data = parser.events().stream().map(ParsedEvent::data).toList();
        assertEquals(EVENTS, data.size());
        for (int i = 0; i < EVENTS; i++) {
            assertEquals(LARGE + i, data.get(i));
        }
        assertEquals(List.of(), parser.violations());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    @DisplayName("A stream that fails aborts the connection")
    void aFailureAborts(Snippet snippet) throws Exception {
        SteppedServer stepped = new SteppedServer(options -> options.stall(Duration.ofSeconds(10)));
        SlowConnection connection = run(snippet, stepped.server);
        connection.next(); // and it is never flushed
        stepped.server.emit(LARGE);
        stepped.server.emit(LARGE);
        stepped.advanceMillis(10_100);
        assertEquals("aborted", connection.ended.get(20, TimeUnit.SECONDS));
        stepped.assertEnds(StreamEnd.STALLED);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    @DisplayName("A write that fails cancels the subscription")
    void aFailedWriteCancels(Snippet snippet) throws Exception {
        SteppedServer stepped = new SteppedServer(options -> options);
        SlowConnection connection = run(snippet, stepped.server);
        connection.next().done().completeExceptionally(new IOException("broken pipe"));
        assertEquals("aborted", connection.ended.get(20, TimeUnit.SECONDS));
        while (stepped.endings.inOrder().isEmpty()) {
            Thread.onSpinWait();
        }
        stepped.assertEnds(StreamEnd.CANCELLED);
    }

    private SlowConnection run(Snippet snippet, EventSourceServer server) throws Exception {
        SlowConnection connection = new SlowConnection();
        snippet.run(classes, context -> {
            context.events = server;
            context.connection = connection;
            context.system = system;
        });
        return connection;
    }

    @Test
    @DisplayName("HttpClient posts a stream, which ends properly")
    void aStreamIsPosted() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        EventSourceServer events = EventSourceServer.create();
        HttpServer http = loopback(exchange -> {
            EventStreamParser parser = new EventStreamParser(event -> received.add(event.data()));
            InputStream body = exchange.getRequestBody();
            byte[] bytes = new byte[8192];
            parser.feed(bytes, 0, body.read(bytes));
            received.add("begun");
            for (int n = body.read(bytes); n >= 0; n = body.read(bytes)) {
                parser.feed(bytes, 0, n);
            }
            received.add("the end");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        try {
            with("BodyPublishers.fromPublisher(events").get(0).run(classes, context -> {
                context.events = events;
                context.uri = uri(http.getAddress().getPort());
            });
            assertEquals("begun", received.poll(20, TimeUnit.SECONDS));
            events.emit("one");
            assertEquals("one", received.poll(20, TimeUnit.SECONDS));
            events.emit("two");
            assertEquals("two", received.poll(20, TimeUnit.SECONDS));
            events.stop();
            assertEquals("the end", received.poll(20, TimeUnit.SECONDS));
        } finally {
            close(http);
        }
    }

    // --- events from elsewhere ---

    @ParameterizedTest
    @MethodSource("ticks")
    @DisplayName("A source's events are emitted, until the server is stopped")
    void eventsOfASource(Snippet snippet) throws Exception {
        EventSourceServer events = EventSourceServer.create();
        run(snippet, events);
        while (events.figures().emitted() < 2) {
            Thread.onSpinWait();
        }
        List<ParsedEvent> emitted = retained(events);
        assertEquals("tick", emitted.get(0).type());
        events.stop();
    }

    @Test
    @DisplayName("A publisher of one's own")
    void aSubmissionPublisher() throws Exception {
        EventSourceServer events = EventSourceServer.create();
        run(with("SubmissionPublisher").get(0), events);
        while (events.figures().emitted() < 1) {
            Thread.onSpinWait();
        }
        assertEquals("4711", retained(events).get(0).data());
    }

    @Test
    @DisplayName("HttpClient reads lines, and says when there are no more")
    void linesOfAResponse() throws Exception {
        EventSourceServer events = EventSourceServer.create();
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        HttpServer http = loopback(exchange -> {
            byte[] lines = "{\"n\": 1}\n{\"n\": 2}\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, lines.length);
            exchange.getResponseBody().write(lines);
            exchange.close();
        });
        try {
            read(events, uri(http.getAddress().getPort()), said);
            assertEquals("all was read", said.poll(20, TimeUnit.SECONDS));
            assertEquals(
                    List.of("{\"n\": 1}", "{\"n\": 2}"),
                    retained(events).stream().map(ParsedEvent::data).toList());
        } finally {
            close(http);
        }
    }

    @Test
    @DisplayName("HttpClient says when there is nobody to read from")
    void nobodyToReadFrom() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        read(EventSourceServer.create(), uri(port), said);
        String why = said.poll(20, TimeUnit.SECONDS);
        assertTrue(why != null && why.startsWith("no more lines: "), why);
    }

    private void read(EventSourceServer events, URI uri, BlockingQueue<String> said) throws Exception {
        with("fromLineSubscriber").get(0).run(classes, context -> {
            context.events = events;
            context.uri = uri;
            context.log = said::add;
        });
    }

    private static List<ParsedEvent> retained(EventSourceServer events) {
        Client client = Client.eager().on(events, StreamRequest.own().fromEarliest());
        events.stop();
        client.ended.orTimeout(20, TimeUnit.SECONDS).join();
        client.assertNoFault();
        return client.events();
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private static HttpServer loopback(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext("/", handler);
        http.start();
        return http;
    }

    private static void close(HttpServer http) {
        http.stop(0);
        ((ExecutorService) http.getExecutor()).shutdownNow();
    }
}
