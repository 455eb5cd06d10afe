package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An application that takes its time to make a snapshot. */
class SlowSnapshotTest {

    private final SteppedServer stepped = new SteppedServer(options -> options.keepalive(Duration.ofSeconds(15)));
    private final CompletableFuture<List<Event>> answer = new CompletableFuture<>();
    private final StreamRequest request = StreamRequest.own().snapshot(resume -> answer);

    @Test
    void theConnectionIsKeptAliveMeanwhile() {
        Client client = Client.eager().on(stepped.server, request);
        stepped.server.emit("during");
        stepped.advanceMillis(60_100);
        assertEquals(4, client.heartbeats());
        assertEquals(List.of(), client.data());
        answer.complete(List.of(Event.of("state")));
        stepped.server.emit("after");
        assertEquals(List.of("state", "during", "after"), client.data());
        stepped.advanceMillis(15_100);
        assertEquals(5, client.heartbeats());
        client.assertNoFault();
    }

    @Test
    void aClientThatTakesNoHeartbeatMeanwhileHasStalled() {
        Client client = Client.idle().on(stepped.server, request);
        stepped.advanceMillis(15_000);
        assertFalse(client.hasEnded());
        stepped.advanceMillis(10_101);
        stepped.assertEnds(StreamEnd.STALLED);
        answer.complete(List.of(Event.of("late")));
        assertEquals(List.of(), client.data());
        assertEquals(0, stepped.server.figures().streams());
    }

    @Test
    void aSnapshotThatIsNotTakenIsAStallToo() {
        Client client = Client.idle().on(stepped.server, request);
        answer.complete(List.of(Event.of("state")));
        stepped.advanceMillis(10_101);
        stepped.assertEnds(StreamEnd.STALLED);
        assertTrue(client.hasEnded());
    }
}
