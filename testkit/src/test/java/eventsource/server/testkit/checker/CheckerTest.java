package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.testkit.checker.Finding.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checker")
class CheckerTest extends HistoryTest {

    private final EmitterRecorder emitter = checker.emitter("node 1");

    @Test
    @DisplayName("fails with the kinds, how often there is which, and the first twenty in full")
    void report() {
        ClientRecorder client = live("c", "t");
        for (int i = 0; i < 100; i++) {
            emit(emitter, "e" + i, "t");
            if (i % 4 != 1) {
                receive(client, "e" + i);
            }
        }
        receive(client, "e98");
        String report = assertThrows(AssertionError.class, checker::check).getMessage();
        List<String> lines = report.lines().toList();
        assertEquals(
                "The history is not as promised: {HOLE=25, DUPLICATE=1} in a history of 1 emitters with 100 emissions,"
                        + " and 1 clients that received 76 events",
                lines.get(0));
        assertEquals(22, lines.size());
        assertTrue(
                lines.contains(
                        "- HOLE (promise 3, told), client c, topic t:"
                                + " 'e1' (id ~e1), which nobody has received, is missing after 'e0' (id ~e0) and before 'e2' (id ~e2)"));
        assertEquals("- and 6 more", lines.get(21));
    }

    @Test
    @DisplayName("proves nothing by a history in which nobody has received anything")
    void nothing() {
        live("c");
        emit(emitter, "a");
        assertTrue(
                assertThrows(AssertionError.class, checker::check).getMessage().contains("proves nothing"));
    }

    @Test
    @DisplayName("takes over the server's emissions, and what a parser has read")
    void conveniences() {
        checker.gapEvent("gap").openingEvent("opened");
        EventSourceServer server = EventSourceServer.create();
        ClientRecorder client = client("c", "t");
        client.connected("live", "");
        client.received(new ParsedEvent("opened", "{}", "place"));
        assertEquals("place", client.lastEventId());
        String id =
                emitter.emit(server, Event.of("a"), "t").toCompletableFuture().join();
        client.received(new ParsedEvent("message", "a", id));
        assertEquals(id, client.lastEventId());
        client.connected("gap", id);
        client.received(new ParsedEvent("gap", "{}", "place"));
        client.caughtUp();
        checker.check();
        server.close();
        assertTrue(
                emitter.emit(server, Event.of("b"), "t").toCompletableFuture().isCompletedExceptionally());
        checker.check();
    }

    @Test
    @DisplayName("does not take what cannot be emitted for emitted")
    void invalid() {
        EventSourceServer server = EventSourceServer.create();
        assertThrows(IllegalArgumentException.class, () -> emitter.emit(server, Event.of("a"), "\n"));
        ClientRecorder client = live("c");
        emitter.emit(server, Event.of("b"));
        client.received("id", "a");
        only(Kind.NEVER_EMITTED, "c");
        server.close();
    }

    @Test
    @DisplayName("asks for data that tell emissions apart, names that tell recorders apart, and connections")
    void misuse() {
        emit(emitter, "a");
        emit(checker.emitter("node 2"), "a");
        String message =
                assertThrows(IllegalStateException.class, checker::findings).getMessage();
        assertEquals("'a' was emitted by node 1 and again by node 2: give each emission data of its own", message);
        assertThrows(IllegalArgumentException.class, () -> checker.emitter("node 1"));
        ClientRecorder client = client("c");
        assertThrows(IllegalArgumentException.class, () -> checker.client("c", StreamRequest.own()));
        assertThrows(IllegalStateException.class, () -> client.received("id", "a"));
        assertThrows(IllegalArgumentException.class, () -> client.connected("", ""));
    }

    @Test
    @DisplayName("can be asked again while the history goes on")
    void again() {
        ClientRecorder client = live("c");
        CompletableFuture<String> outcome = new CompletableFuture<>();
        emitter.announce();
        emitter.record("a", List.of(), outcome);
        client.caughtUp();
        assertNothing();
        outcome.complete("id");
        only(Kind.MISSING_AT_END, "c");
        client.received("id", "a");
        client.connected(Outcome.RESUMED, "id");
        assertNothing();
    }
}
