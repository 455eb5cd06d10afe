package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A last event id")
class LastEventIdTest {

    private final EventSourceServer server =
            EventSourceServer.builder().gapEvent("gap").executor(Runnable::run).build();
    private final HttpManners manners = HttpManners.of(server);

    @AfterEach
    void stop() {
        server.close();
    }

    private String emit(String data) {
        return server.emit(data).toCompletableFuture().join();
    }

    private static void assertResumes(EventStream stream, String... data) {
        assertEquals(Outcome.RESUMED, stream.resume().outcome());
        assertEquals("resumed", stream.headers().get("EventSource-Resume"));
        assertEquals(
                List.of(data), ReadStream.of(stream).data(), "the client gets every event after its last one, once");
    }

    private static void assertStartsLive(EventStream stream) {
        assertEquals(Outcome.LIVE, stream.resume().outcome());
        assertEquals("live", stream.headers().get("EventSource-Resume"));
        assertEquals(
                List.of(), ReadStream.of(stream).data(), "a client that has had nothing starts with the next event");
    }

    static Stream<String> foreignCursors() {
        String other;
        try (var otherServer = EventSourceServer.create()) {
            other = otherServer.emit("x").toCompletableFuture().join();
        }
        return Stream.of(
                other,
                "~",
                "~-",
                "~x-",
                "~x-zzzzzzzzzzzzzzzzzzzzzzzz",
                "no such id",
                "1",
                "-1",
                "\"}\\",
                "x".repeat(10 * 1024),
                "~" + "-".repeat(10 * 1024),
                "\u0000\u0001\u007F\u0080\u00FF\u00FE",
                "\u00C3",
                "\t",
                "<script>",
                "\uD83D\uDE00");
    }

    @ParameterizedTest
    @DisplayName("RS-04 that is none of this server's makes a gap that is told, and the oldest retained events")
    @MethodSource("foreignCursors")
    void foreignCursorsMakeGaps(String id) {
        assertGap(id);
    }

    @Test
    @DisplayName("RS-04 that is cut, extended or changed in one character makes a gap")
    void mutilatedCursorsMakeGaps() {
        String id = emit("before");
        String epoch = id.substring(0, id.lastIndexOf('-') + 1);
        for (int end = 1; end < id.length(); end++) {
            assertGap(id.substring(0, end));
        }
        for (String number : new String[] {"zzzzzz", "-1", "+1", "1 ", "1.0", "0x1", "1\u0660", "A", "zzzzzzzzzzzzz"}) {
            assertGap(epoch + number);
        }
        assertGap(id.toUpperCase(Locale.ROOT).equals(id) ? id.toLowerCase(Locale.ROOT) : "X" + id);
        assertGap(" " + id);
    }

    private void assertGap(String id) {
        String from = emit("retained");
        EventStream stream = assertTimeout(
                Duration.ofSeconds(30),
                () -> Ask.get().with("Last-Event-ID", id).streamOf(manners));
        assertEquals(Outcome.GAP, stream.resume().outcome(), () -> "nothing proves what came after " + id);
        assertEquals("gap", stream.headers().get("EventSource-Resume"));
        var events = ReadStream.of(stream).events();
        assertEquals("gap", events.get(0).type(), "the client is told before anything else");
        assertTrue(events.get(0).data().startsWith("{\"after\":\""), events.get(0)::data);
        assertTrue(events.get(0).data().length() < 2_000, "what a client sent is not sent back at any length");
        assertEquals("retained", events.get(events.size() - 1).data());
        assertEquals(from, events.get(events.size() - 1).lastEventId());
        stream.end();
    }

    @Test
    @DisplayName("RS-05 that is empty counts as absent, in the header and in the query")
    void emptyCountsAsAbsent() {
        emit("before");
        assertStartsLive(Ask.get().with("Last-Event-ID", "").streamOf(manners));
        assertStartsLive(Ask.get("/?last_event_id=").streamOf(manners));
        assertStartsLive(Ask.get("/?last_event_id").streamOf(manners));
        assertStartsLive(Ask.get().streamOf(manners));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("RS-06 may come in the query")
    @ValueSource(strings = {"last_event_id", "lastEventId", "lastEventID"})
    void queryAlone(String name) {
        String first = emit("one");
        emit("two");
        assertResumes(Ask.get("/?a=b&" + name + "=" + first).streamOf(manners), "two");
        assertResumes(
                Ask.get("/?" + name + "=" + first).with("Last-Event-ID", "").streamOf(manners), "two");
    }

    @Test
    @DisplayName("RS-06 counts as the header has it if the query has one as well")
    void headerBeforeQuery() {
        String first = emit("one");
        String second = emit("two");
        emit("three");
        assertResumes(
                Ask.get("/?last_event_id=" + first)
                        .with("Last-Event-ID", second)
                        .streamOf(manners),
                "three");
        assertResumes(
                Ask.get("/?lastEventId=" + first + "&last_event_id=" + second).streamOf(manners), "three");
    }

    @Test
    @DisplayName("RS-07 is read as UTF-8")
    void utf8() {
        for (String id : new String[] {"\u00FC", "\u65E5\u672C", "\uD83D\uDE00", "a b", "\u00C3\u00BC", "%C3%BC"}) {
            server.emit(Event.of("marked").withId(id));
            emit("after " + id);
            String onTheWire = new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            EventStream stream = Ask.get().with("Last-Event-ID", onTheWire).streamOf(manners);
            assertResumes(stream, "after " + id);
            stream.end();
            String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
            EventStream byQuery = Ask.get("/?last_event_id=" + encoded).streamOf(manners);
            assertResumes(byQuery, "after " + id);
            byQuery.end();
        }
    }

    @Test
    @DisplayName("that the application has chosen itself is left alone")
    void applicationsChoice() {
        String first = emit("one");
        String second = emit("two");
        emit("three");
        HttpManners own = HttpManners.builder(server)
                .requests(request ->
                        CompletableFuture.completedStage(StreamRequest.own().after(second)))
                .build();
        assertResumes(Ask.get().with("Last-Event-ID", first).streamOf(own), "three");
    }
}
