package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.testkit.log.ScriptedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is on the wire of a stream: bytes, events and heartbeats. */
@Proves(Proves.WIRE)
abstract class WireContract extends TransportFixture {

    private static final String OTHER_BYTES =
            "the bytes of an event were changed on the way, or the stream was sent others than on other transports";

    @Test
    @DisplayName("WF-10 the head and the first bytes of a stream come without any event, and without a byte order mark")
    void firstBytesComeAtOnce() {
        serve();
        TestClient client = openStream();
        assertEquals(PRELUDE, readText(client, PRELUDE.length()), "every hop has to pass the response on at once");
    }

    @Test
    @DisplayName("WF-08 an event is, byte for byte, what the wire format says")
    void goldenBytes() {
        EventSourceServer server = serve();
        TestClient client = openStream();
        server.emit(Event.of("tick", "a\nb\u00FC").withId("7").withRetry(Duration.ofMillis(2500)));
        String golden = PRELUDE + "event: tick\ndata: a\ndata: b\u00FC\nretry: 2500\nid: 7\n\n";
        expect(client, golden);
        assertEquals(List.of(new ParsedEvent("tick", "a\nb\u00FC", "7")), client.drain());
    }

    @Test
    @DisplayName(
            "WF-08 what a stream is sent is the same on every transport, byte for byte, from the first to the last")
    void goldenBody() throws Exception {
        TestClock clock = new TestClock(); // stands still, so that there are no heartbeats
        EventSourceServer server = serve(options -> options.log(new ScriptedLog(Runnable::run, "golden").node())
                .timer(clock, clock::nanoTime)
                .openingEvent("opening")
                .gapEvent("gap"));
        TestClient client = openStream();
        expect(client, PRELUDE + "event: opening\ndata: {\"from\":\"~golden-0\"}\nid: ~golden-0\n\n");
        String one = "data: one\nid: ~golden-1\n\n";
        String two = "event: tick\ndata: two\ndata:  lines\ndata: \nretry: 3000\nid: ~golden-2\n\n";
        String three = "data: \nid: of the caller\n\n";
        String four = "data: \u00FC\u2028\uD83D\uDE00\nid: \n\n";
        server.emit("one");
        server.emit(Event.of("tick", "two\n lines\r\n").withRetry(Duration.ofSeconds(3)));
        server.emit(Event.of("").withId("of the caller"));
        expect(client, one + two + three);
        server.emit(Event.of("\u00FC\u2028\uD83D\uDE00").withEmptyId());

        TestClient resumed = resume("~golden-2");
        TestClient lost = resume("~another-7");
        stopAndWait(server);
        String gap = "event: gap\ndata: {\"after\":\"~another-7\",\"from\":\"~golden-0\"}\nid: ~golden-0\n\n";
        expectRest(client, four);
        expectRest(resumed, PRELUDE + three + four);
        expectRest(lost, PRELUDE + gap + one + two + three + four);
    }

    private static void expectRest(TestClient client, String golden) {
        assertEquals(golden, client.bodyText(), OTHER_BYTES);
    }

    private static void expect(TestClient client, String golden) {
        String received = readText(client, golden.getBytes(StandardCharsets.UTF_8).length);
        assertEquals(golden, received, OTHER_BYTES);
    }

    @Test
    @Proves(Proves.INJECTION)
    @DisplayName("WF-05 IN-03 one event that is emitted is one event that is received, whatever is in it")
    void nothingCanBeInjected() {
        EventSourceServer server = serve();
        TestClient client = openStream();
        List<String> hostile = List.of(
                "x\rdata: evil\r\r",
                "x\n\nevent: admin\ndata: y",
                "x\r\n\r\nid: 1\r\n\r\n",
                ":\n:\n\n",
                ": comment",
                "data: x\nid: 9\nevent: y\nretry: 1",
                "",
                "\n",
                "\n\n\n",
                "a\n",
                "  two spaces",
                "\ttab",
                "0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                "\u0000\u2028\u2029\u0085\u000B\u000C\u007F\uFEFF",
                "\uD83D\uDE00 \u65E5\u672C");
        List<ParsedEvent> emitted = new ArrayList<>();
        for (int i = 0; i < hostile.size(); i++) {
            server.emit(Event.of(hostile.get(i)).withId("e" + i));
            String received = hostile.get(i).replace("\r\n", "\n").replace('\r', '\n');
            emitted.add(new ParsedEvent("message", received, "e" + i));
        }
        assertEquals(emitted, client.next(hostile.size()), "promise 6, injection-proof: the client saw other events");
        assertThrows(IllegalArgumentException.class, () -> Event.of("x").withId("1\ndata: evil"));
        assertThrows(IllegalArgumentException.class, () -> Event.of("t\r\rdata: evil", "x"));
        server.emit(Event.of("next"));
        assertEquals("next", client.next().data());
    }

    @Test
    @Proves(Proves.BOUNDED)
    @DisplayName("WF-18 events of any size up to the limit arrive unchanged, and larger ones hurt only their emitter")
    void largeEvents() {
        EventSourceServer server = serve();
        TestClient client = openStream();
        int largest = (1 << 20) - "data: \n".length();
        for (int size : new int[] {1, 63 << 10, 65 << 10, largest}) {
            String data = "x".repeat(size - 1) + "y";
            server.emit(data);
            assertTrue(data.equals(client.next().data()), () -> "an event of " + size + " bytes arrived changed");
        }
        String tooLarge = "x".repeat(largest + 1);
        assertThrows(IllegalArgumentException.class, () -> server.emit(tooLarge), "the emitter is told of the limit");
        server.emit("next");
        assertEquals("next", client.next().data(), "an event that was refused must not disturb a stream");
    }

    @Test
    @DisplayName("WF-21 a client of HTTP/1.0 gets the same events in a body that ends with the connection")
    void http10() throws Exception {
        EventSourceServer server = serve();
        TestClient client = openStream(get("/").http10());
        assertEquals(List.of(), client.headers("Transfer-Encoding"), "HTTP/1.0 knows no chunks");
        assertEquals(List.of(), client.headers("Content-Length"));
        server.emit("one");
        server.emit("two\nlines");
        assertEquals(List.of("one", "two\nlines"), dataOf(client, 2));
        server.emit("three");
        stopAndWait(server);
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(soon()));
        assertEquals(List.of("three"), dataOf(client.drain()));
    }

    @Test
    @DisplayName("WF-11 a silent stream is sent comment lines and nothing else, and goes on with events")
    void heartbeats() {
        EventSourceServer server = serve(options -> options.keepalive(Duration.ofMillis(300)));
        TestClient client = openStream();
        String silence = PRELUDE + ":\n:\n:\n";
        assertEquals(silence, readText(client, silence.length()), "a blank line would be an event to many clients");
        server.emit("next");
        assertEquals("next", client.next().data());
        client.awaitComments(client.parser().comments() + 2, soon());
        assertEquals(List.of(), client.drain());
    }

    @Test
    @DisplayName("WF-12 no heartbeat gets into an event, however large")
    void heartbeatsBesideLargeEvents() {
        EventSourceServer server = serve(options -> options.keepalive(Duration.ofMillis(100)));
        TestClient client = openStream();
        String padding = "x".repeat((1 << 20) - 32);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 10; i++) {
                server.emit(i + padding);
            }
            for (int i = 0; i < 10; i++) {
                assertTrue(client.next().data().equals(i + padding), "a large event arrived changed");
            }
            client.awaitComments(client.parser().comments() + 1, soon());
        }
        assertEquals(List.of(), client.parser().violations(), "rule 3: a heartbeat landed inside an event");
    }
}
