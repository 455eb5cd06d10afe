package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class StallTest {

    private final SteppedServer stepped =
            new SteppedServer(options -> options.stall(Duration.ofSeconds(10)).keepalive(Duration.ZERO));

    private final Flow.Publisher<ByteBuffer> streams = stepped.server.outSupply(StreamRequest.own());

    @Test
    void aStreamThatTakesNothingOfWhatIsPendingEndsAfterThatTime() {
        Client client = Client.idle().on(streams, 1);
        stepped.clock.advance(Duration.ofMinutes(3)); // nothing is pending: no reason to end
        stepped.server.emit("pending");

        stepped.advanceMillis(9_999);
        assertFalse(client.hasEnded());
        stepped.advanceMillis(1 + 100);

        assertInstanceOf(TimeoutException.class, client.error());
        stepped.assertEnds(StreamEnd.STALLED);
        stepped.clock.advance(Duration.ofHours(1));
        stepped.assertEnds(StreamEnd.STALLED);
        assertEquals(List.of(), client.data());
        client.assertNoFault();
    }

    @Test
    void aStreamThatTakesSomethingInTimeGoesOn() {
        Client client = Client.idle().on(streams, 1);
        for (int i = 0; i < 20; i++) {
            stepped.server.emit("event " + i);
            stepped.advanceMillis(9_900);
            client.request(1);
        }
        assertEquals(20, client.data().size());
        stepped.assertEnds();
        client.assertNoFault();
    }

    @Test
    void eachElementThatIsTakenBeginsTheTimeAnew() {
        Client client = Client.idle().on(streams, 1);
        stepped.server.emit("x".repeat(40_000));
        stepped.server.emit("y".repeat(40_000));
        stepped.advanceMillis(9_000);
        client.request(1);

        stepped.advanceMillis(9_900);
        stepped.assertEnds();
        stepped.advanceMillis(200);
        stepped.assertEnds(StreamEnd.STALLED);
        assertEquals(1, client.data().size());
    }

    @Test
    void aStreamThatNeverAskedForItsFirstBytesEndsAfterThatTime() {
        Client client = Client.idle().on(streams, 0);

        stepped.advanceMillis(9_999);
        stepped.assertEnds();
        stepped.advanceMillis(1 + 100);

        stepped.assertEnds(StreamEnd.STALLED);
        assertInstanceOf(TimeoutException.class, client.error());
    }

    @Test
    void aStreamToWhoseBodyNobodySubscribesEndsAfterThatTime() {
        EventStream stream = stepped.open(StreamRequest.own());

        stepped.advanceMillis(9_999);
        stepped.assertEnds();
        stepped.advanceMillis(1 + 100);
        stepped.assertEnds(StreamEnd.STALLED);

        Client late = Client.idle();
        stream.body().subscribe(late);
        assertInstanceOf(TimeoutException.class, late.error());
        stepped.assertEnds(StreamEnd.STALLED);
        stepped.assertNothingScheduled();
    }

    @Test
    void aHeartbeatThatCannotBeSentBeginsTheTime() {
        SteppedServer beating = new SteppedServer(
                options -> options.stall(Duration.ofSeconds(10)).keepalive(Duration.ofSeconds(15)));
        Client client = Client.idle().on(beating.server.outSupply(StreamRequest.own()), 1);

        beating.advanceMillis(24_900);
        assertFalse(client.hasEnded());
        beating.advanceMillis(300);

        beating.assertEnds(StreamEnd.STALLED);
        assertInstanceOf(TimeoutException.class, client.error());
    }

    @Test
    void aStalledStreamIsNoneOfTheOthersBusiness() {
        Client.idle().on(streams, 1);
        Client other = stepped.eagerClient();
        for (int i = 0; i < 300; i++) {
            stepped.server.emit("event " + i);
            stepped.advanceMillis(50);
        }
        assertEquals(300, other.data().size());
        stepped.assertEnds(StreamEnd.STALLED);
    }

    @Test
    void stopWaitsForAStalledStreamNoLongerThanThatTime() {
        Client stalled = Client.idle().on(streams, 1);
        Client healthy = stepped.eagerClient();
        stepped.server.emit("last");

        CompletionStage<Void> stopped = stepped.server.stop();

        assertTrue(healthy.hasEnded());
        assertNull(healthy.error());
        assertEquals(List.of("last"), healthy.data());
        stepped.advanceMillis(9_900);
        assertFalse(stopped.toCompletableFuture().isDone());
        stepped.advanceMillis(200);
        assertTrue(stopped.toCompletableFuture().isDone());
        assertInstanceOf(TimeoutException.class, stalled.error());
        stepped.assertEnds(StreamEnd.STALLED, StreamEnd.STOPPED);
    }

    @Test
    void aStreamThatTakesWhatWasEmittedBeforeTheStopEndsCleanly() {
        Client slow = Client.idle().on(streams, 1);
        stepped.server.emit("last");
        CompletionStage<Void> stopped = stepped.server.stop();
        stepped.advanceMillis(9_900);

        slow.request(1);
        assertEquals(List.of("last"), slow.data());
        assertFalse(stopped.toCompletableFuture().isDone(), "the last element is still being written");
        slow.request(1);

        assertTrue(stopped.toCompletableFuture().isDone());
        assertTrue(slow.hasEnded());
        assertNull(slow.error());
        stepped.assertEnds(StreamEnd.STOPPED);
    }
}
