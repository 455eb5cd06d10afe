package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.testkit.log.AppendFault;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Servers on one event log, step by step: whatever the log does happens at once, on the thread of the test. */
class SharedLogTest {

    private static final StreamRequest OWN = StreamRequest.own();

    private final ScriptedLog log = new ScriptedLog(Runnable::run);

    private SteppedServer on(ScriptedNode node) {
        return on(node, options -> options);
    }

    private static SteppedServer on(ScriptedNode node, UnaryOperator<EventSourceServerBuilder> options) {
        return new SteppedServer(builder -> options.apply(builder).log(node));
    }

    private static String emit(SteppedServer server, String data, String... topics) {
        return server.server.emit(Event.of(data), topics).toCompletableFuture().join();
    }

    private static Client resume(SteppedServer server, StreamRequest request, Resume.Outcome expected) {
        EventStream stream = server.open(request);
        assertEquals(expected, stream.resume().outcome());
        return Client.eager().on(stream.body(), 1);
    }

    @Test
    void allServersHaveTheSameEventsUnderTheSameIds() {
        SteppedServer first = on(log.node());
        SteppedServer second = on(log.node());
        Client here = first.eagerClient();
        Client there = second.eagerClient();
        String one = emit(first, "one");
        String two = emit(second, "two");
        log.append(Emission.of(Event.of("by no server")));
        for (Client client : List.of(here, there)) {
            assertEquals(List.of("one", "two", "by no server"), client.data());
            assertEquals(one, client.events().get(0).lastEventId());
            assertEquals(two, client.events().get(1).lastEventId());
            client.assertNoFault();
        }
    }

    @Test
    void aClientComesBackToAnotherServerOrToTheNextOne() {
        SteppedServer first = on(log.node());
        String one = emit(first, "one");
        emit(first, "two");
        Client elsewhere = resume(on(log.node()), OWN.after(one), Resume.Outcome.RESUMED);
        assertEquals(List.of("two"), elsewhere.data());
        first.server.close();
        SteppedServer next = on(log.node());
        Client back = resume(next, OWN.after(one), Resume.Outcome.RESUMED);
        emit(next, "three");
        assertEquals(List.of("two", "three"), back.data());
        assertEquals(List.of("two", "three"), elsewhere.data());
        back.assertNoFault();
    }

    @Test
    void whatTheServerDoesNotRetainIsReadFromTheLogWhateverItsPages() {
        ScriptedNode node = log.node();
        SteppedServer server = on(node, options -> options.retainPerTopic(1));
        String start = emit(server, "start", "a");
        for (int i = 0; i < 300; i++) {
            emit(server, "a" + i, "a");
            emit(server, "b" + i, "b");
        }
        emit(server, "last", "a", "b");
        Client client = resume(server, StreamRequest.of("b").after(start), Resume.Outcome.RESUMED);
        assertEquals(301, client.data().size());
        assertEquals("b0", client.data().get(0));
        assertEquals("last", client.data().get(300));
        client.assertNoFault();
    }

    @Test
    void outcomesOfAppendsAreThoseOfEmit() {
        ScriptedNode node = log.node();
        SteppedServer server = on(node);
        Client client = server.eagerClient();
        node.fail(AppendFault.REFUSED);
        assertInstanceOf(AppendRefusedException.class, failureOf(server));
        node.fail(AppendFault.ANSWER_LOST);
        assertInstanceOf(AppendUnknownException.class, failureOf(server));
        node.fail(AppendFault.REQUEST_LOST);
        assertInstanceOf(AppendUnknownException.class, failureOf(server));
        emit(server, "next");
        assertEquals(List.of("event", "next"), client.data(), "the one that was stored, although nobody knew");
    }

    private static Throwable failureOf(SteppedServer server) {
        CompletableFuture<String> emitted = server.server.emit("event").toCompletableFuture();
        return assertThrows(CompletionException.class, emitted::join).getCause();
    }

    @Test
    void anIdOfAnotherEpochOrOneThatWasTrimmedIsAGap() {
        SteppedServer server = on(log.node(), options -> options.retainPerTopic(1));
        String one = emit(server, "one");
        String two = emit(server, "two");
        emit(server, "three");
        emit(server, "four");
        List<Entry> entries = log.entries();
        log.trim(entries.get(1).position());
        resume(server, OWN.after(one), Resume.Outcome.GAP);
        assertEquals(
                List.of("three", "four"),
                resume(server, OWN.after(two), Resume.Outcome.RESUMED).data(),
                "nothing after it was trimmed");
        log.recreate();
        emit(server, "new");
        assertEquals(
                List.of("new"),
                resume(server, OWN.after(two), Resume.Outcome.GAP).data());
    }

    @Test
    void anIdBeyondTheNewestIsAGap() {
        SteppedServer server = on(log.node());
        String one = emit(server, "one");
        String never = one.substring(0, one.length() - 1) + "zzz";
        resume(server, OWN.after(never), Resume.Outcome.GAP);
    }

    @Test
    void whatIsLostIsToldBeforeTheNextEvent() {
        ScriptedNode node = log.node();
        SteppedServer server = on(node, options -> options.gapEvent("gap"));
        Client client = server.eagerClient();
        emit(server, "one");
        node.disconnect(new IllegalStateException("cut"));
        assertFalse(server.server.figures().ready());
        for (String data : List.of("two", "three", "four")) {
            log.append(Emission.of(Event.of(data)));
        }
        log.trim(log.entries().get(1).position());
        node.reconnect();
        assertTrue(server.server.figures().ready());
        assertTrue(client.hasEnded(), "a stream that cannot go on without a gap ends, so that its client comes back");
        assertEquals(List.of("one"), client.data());
        Client back = resume(server, OWN.after(client.lastEventId()), Resume.Outcome.GAP);
        assertEquals("gap", back.events().get(0).type());
        assertEquals(List.of("three", "four"), back.data().subList(1, 3));
        back.assertNoFault();
    }

    @Test
    void foreignEntriesAndHolesAreNoGap() {
        SteppedServer server = on(log.node());
        Client client = server.eagerClient();
        String one = emit(server, "one");
        log.addForeign("no emission");
        log.skip(100_000);
        emit(server, "two");
        assertEquals(List.of("one", "two"), client.data());
        Client elsewhere = resume(on(log.node()), OWN.after(one), Resume.Outcome.RESUMED);
        assertEquals(List.of("two"), elsewhere.data());
        client.assertNoFault();
    }
}
