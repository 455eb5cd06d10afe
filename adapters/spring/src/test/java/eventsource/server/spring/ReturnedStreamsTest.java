package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import eventsource.server.spring.StreamsApplication.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a controller method may return, the same on both stacks. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReturnedStreamsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Stack stack;
    private RunningApplication application;

    ReturnedStreamsTest(Stack stack) {
        this.stack = stack;
    }

    @DisplayName("A controller of MVC")
    static final class OfMvcTest extends ReturnedStreamsTest {
        OfMvcTest() {
            super(Stack.MVC);
        }
    }

    @DisplayName("A controller of WebFlux")
    static final class OfWebFluxTest extends ReturnedStreamsTest {
        OfWebFluxTest() {
            super(Stack.WEBFLUX);
        }
    }

    @BeforeAll
    void start() {
        application = RunningApplication.start(
                stack,
                context -> {},
                StreamsApplication.class,
                RunningApplication.OPEN,
                "eventsource.stall=1s",
                "eventsource.keepalive=200ms",
                "eventsource.allowed-origins=https://a.example");
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private TestClient open(String path, String... headers) {
        var request = TestClient.get(application.port(), path).timeout(SOON);
        for (int i = 0; i < headers.length; i += 2) {
            request = request.header(headers[i], headers[i + 1]);
        }
        return request.open();
    }

    private static void until(BooleanSupplier reached) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "what was waited for did not happen");
            LockSupport.parkNanos(10_000_000);
        }
    }

    private EventSourceServer events() {
        return application.bean(EventSourceServer.class);
    }

    @Test
    @DisplayName("may return a request for a stream, which is opened on the application's server")
    void streamRequest() {
        try (TestClient client = open("/topics/a")) {
            assertEquals(200, client.status());
            assertEquals(Optional.of("text/event-stream"), client.header("Content-Type"));
            String first =
                    events().emit(Event.of("first"), "a").toCompletableFuture().join();
            events().emit(Event.of("none of its own"), "b");
            events().emit(Event.of("second"), "a");
            assertEquals(List.of("first", "second"), data(client.next(2)));
            try (TestClient again = open("/topics/a", "Last-Event-ID", first)) {
                assertEquals(Optional.of("resumed"), again.header("EventSource-Resume"));
                assertEquals("second", again.next().data());
            }
        }
    }

    private static List<String> data(List<ParsedEvent> events) {
        return events.stream().map(ParsedEvent::data).toList();
    }

    @Test
    @DisplayName("may return a server, or a request or a stream that comes later")
    void serverOrLater() {
        try (TestClient server = open("/server");
                TestClient later = open("/later");
                TestClient opened = open("/opened")) {
            assertEquals("before", opened.next().data(), "of another server than the application's");
            events().emit("to all");
            assertEquals("to all", server.next().data());
            events().emit(Event.of("to a"), "a");
            assertEquals("to a", later.next().data());
        }
    }

    @Test
    @DisplayName("may return null, or what comes to nothing, which is answered 404; a refusal has its own status")
    void nothing() {
        for (String path : List.of("/absent", "/absent-later")) {
            try (TestClient client = open(path)) {
                assertEquals(404, client.status(), path);
            }
        }
        try (TestClient client = open("/refused")) {
            assertEquals(410, client.status());
        }
        try (TestClient client = open("/failed-later")) {
            assertEquals(500, client.status());
            assertFalse(client.bodyText().contains("application"), "that is nobody else's business");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/flux", "/flow", "/publisher"})
    @DisplayName("may return a publisher of events, whose end is that of the stream")
    void publisher(String path) {
        try (TestClient client = open(path)) {
            assertEquals(200, client.status());
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
            List<ParsedEvent> received = client.drain();
            assertEquals(
                    IntStream.rangeClosed(1, 100).mapToObj(i -> "event " + i).toList(), data(received));
            assertEquals(new ParsedEvent("tick", "event 7", "id7"), received.get(6));
            assertTrue(client.parser().retryMillis().isPresent(), "as every stream has");
        }
    }

    @Test
    @DisplayName("may return a publisher that fails: its stream is cut off, after what was published")
    void failingPublisher() {
        try (TestClient client = open("/failing")) {
            assertEquals(200, client.status());
            assertEquals(TestClient.End.ABORTED, client.awaitEnd(SOON));
        }
    }

    @Test
    @DisplayName("is asked for no more than a client takes, and cancelled when that has gone")
    void backPressure() {
        Asked asked = application.bean(Asked.class);
        try (TestClient client = TestClient.get(application.port(), "/endless")
                .receiveBuffer(4096)
                .timeout(SOON)
                .open()) {
            assertEquals(200, client.status());
            until(() -> asked.cancellations().get() == asked.subscriptions().get()); // stalled, after a second
            long bytes = asked.events().get() * 60_000;
            assertTrue(bytes < 24 << 20, () -> "asked for " + bytes + " bytes for a client that takes nothing");
        }
        int cancellations = asked.cancellations().get();
        try (TestClient client = open("/silent")) {
            assertEquals(200, client.status());
            client.parser();
        }
        until(() -> asked.cancellations().get() == cancellations + 1);
    }

    @Test
    @DisplayName("is not called for HEAD to subscribe to anything, nor for pages that may not read")
    void nothingIsSubscribed() {
        Asked asked = application.bean(Asked.class);
        int before = asked.subscriptions().get();
        try (TestClient head = TestClient.get(application.port(), "/silent")
                        .method("HEAD")
                        .open();
                TestClient foreign = open("/silent", "Origin", "https://evil.example")) {
            assertEquals(200, head.status());
            assertEquals(403, foreign.status());
        }
        assertEquals(before, asked.subscriptions().get());
    }

    @Test
    @DisplayName("has preflights answered by the properties, and pages let in by Spring's own annotations, too")
    void origins() {
        try (TestClient preflight = TestClient.get(application.port(), "/topics/a")
                .method("OPTIONS")
                .header("Origin", "https://a.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .open()) {
            assertEquals(204, preflight.status());
            assertEquals(Optional.of("https://a.example"), preflight.header("Access-Control-Allow-Origin"));
        }
        try (TestClient client = open("/cross", "Origin", "https://spring.example")) {
            assertEquals(200, client.status());
            assertEquals(Optional.of("https://spring.example"), client.header("Access-Control-Allow-Origin"));
            assertEquals(Optional.of("EventSource-Resume"), client.header("Access-Control-Expose-Headers"));
        }
        try (TestClient client = open("/cross", "Origin", "https://evil.example")) {
            assertEquals(403, client.status());
        }
    }

    @Test
    @DisplayName("may make events of objects, with the application's own mapper")
    void json() {
        try (TestClient client = open("/json")) {
            ParsedEvent event = client.next();
            assertEquals("price", event.type());
            assertEquals("{\"name\":\"ACME\",\"price\":12.5}", event.data());
        }
    }

    @Test
    @DisplayName("keeps its other return types")
    void others() {
        try (TestClient client = open("/plain")) {
            assertEquals("{\"a\":\"b\"}", client.bodyText());
            assertFalse(client.header("EventSource-Resume").isPresent());
        }
    }
}
