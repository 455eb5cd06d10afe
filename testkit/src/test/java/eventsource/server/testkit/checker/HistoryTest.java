package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.checker.Finding.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A history that a test makes up. The id of an event is its data after a tilde, unless the test says otherwise. */
abstract class HistoryTest {

    final Checker checker = new Checker();

    /** Emits, and is told the id. */
    static void emit(EmitterRecorder emitter, String payload, String... topics) {
        emitter.announce();
        emitter.record(payload, List.of(topics), CompletableFuture.completedFuture(id(payload)));
    }

    /** Emits, and is told that it failed. */
    static void emitInVain(EmitterRecorder emitter, Throwable failure, String payload, String... topics) {
        emitter.announce();
        emitter.record(payload, List.of(topics), CompletableFuture.failedFuture(failure));
    }

    static String id(String payload) {
        return "~" + payload;
    }

    ClientRecorder client(String name, String... topics) {
        return checker.client(name, topics.length == 0 ? StreamRequest.own() : StreamRequest.of(topics));
    }

    /** A client that has just connected for the first time. */
    ClientRecorder live(String name, String... topics) {
        ClientRecorder client = client(name, topics);
        client.connected(Outcome.LIVE, "");
        return client;
    }

    static void receive(ClientRecorder client, String... payloads) {
        for (String payload : payloads) {
            client.received(id(payload), payload);
        }
    }

    /** A client that comes back with what it had last. */
    static void comeBack(ClientRecorder client, Outcome told) {
        client.connected(told, client.lastEventId());
    }

    /** Asserts that there is one finding, and returns what it says. */
    String only(Kind kind, String client) {
        List<Finding> findings = checker.findings();
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(kind, findings.get(0).kind(), findings::toString);
        assertEquals(client, findings.get(0).client(), findings::toString);
        return findings.get(0).text();
    }

    void assertNothing() {
        assertEquals(List.of(), checker.findings());
    }
}
