package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that wait for what comes before the journal. */
class WaitingTest {

    private final SteppedServer stepped = new SteppedServer(options -> options);
    private final CompletableFuture<List<Event>> snapshot = new CompletableFuture<>();
    private final Client client = Client.eager();

    @BeforeEach
    void opens() {
        client.on(stepped.server, StreamRequest.own().snapshot(resume -> snapshot));
    }

    @Test
    void aStreamThatWaitsHasHeartbeatsAndIsNotTakenForStalled() {
        stepped.server.emit("live");
        stepped.advanceMillis(60_000);
        assertTrue(client.heartbeats() >= 3, "heartbeats: " + client.heartbeats());
        snapshot.complete(List.of(Event.of("state")));
        assertEquals(List.of("state", "live"), client.data());
    }

    @Test
    void theServerStopsThoughASnapshotNeverComes() {
        var stopped = stepped.server.stop().toCompletableFuture();
        assertFalse(stopped.isDone());
        stepped.advanceMillis(11_000);
        stepped.assertEnds(StreamEnd.STALLED);
        assertTrue(stopped.isDone());
        stepped.assertNothingScheduled();
    }

    @Test
    void theServerStopsWhenTheSnapshotHasComeAndWasSent() {
        stepped.server.emit("live");
        var stopped = stepped.server.stop().toCompletableFuture();
        snapshot.complete(List.of(Event.of("state")));
        assertEquals(List.of("state", "live"), client.data());
        stepped.assertEnds(StreamEnd.STOPPED);
        assertTrue(stopped.isDone());
    }
}
