package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is emitted reaches every stream that has asked, without anything else having to happen: no later event, no
 * heartbeat and no stop, all of which would also wake a stream that was forgotten.
 */
@Timeout(300)
class NothingLeftBehindTest {

    private static final int ROUNDS = 1_500;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final EventSourceServer server = EventSourceServer.builder()
            .keepalive(Duration.ZERO)
            .stall(Duration.ofDays(1))
            .build();
    private final List<EventStream> streams = new ArrayList<>();
    private final Semaphore taken = new Semaphore(0);

    private EventStream open(String... topics) {
        return server.open(StreamRequest.of(topics)).toCompletableFuture().join();
    }

    private Client follow(Client client, long first, String... topics) {
        EventStream stream = open(topics);
        streams.add(stream);
        return client.on(stream.body(), first);
    }

    private void emit(String... topics) {
        for (int i = 0; i < 3; i++) {
            server.emit(Event.of("event"), topics);
        }
    }

    private void awaitNothingPending(int round) {
        long start = System.nanoTime();
        for (EventStream stream : streams) {
            while (stream.lag() > 0) {
                assertTrue(
                        System.nanoTime() - start < PATIENCE,
                        () -> "left behind by " + stream.lag() + " in round " + round + ": " + stream.request());
                LockSupport.parkNanos(1_000);
            }
        }
    }

    @Test
    void emittersOfSeveralTopicsLeaveNoStreamBehind() throws Exception {
        follow(Client.eager(), 1, "a");
        follow(Client.eager(), 1, "b");
        follow(Client.eager(), 1, "b", "a");
        follow(Client.idle(), Long.MAX_VALUE, "a", "b", "c");
        for (int round = 0; round < ROUNDS; round++) {
            new Together()
                    .with(() -> emit("a", "b"))
                    .with(() -> emit("b"))
                    .with(() -> emit("c", "a"))
                    .run();
            awaitNothingPending(round);
        }
    }

    @Test
    void anEventAndTheDemandForItDoNotMissEachOther() throws Exception {
        Client client = follow(Client.that(any -> taken.release()), 1, "a");
        taken.acquire(); // the prelude
        for (int round = 0; round < ROUNDS; round++) {
            new Together()
                    .with(() -> server.emit(Event.of("event"), "a"))
                    .with(() -> client.request(1))
                    .run();
            assertTrue(taken.tryAcquire(PATIENCE, TimeUnit.NANOSECONDS), "round " + round);
        }
        client.assertNoFault();
    }

    @Test
    void aStreamThatOpensWhileEventsAreEmittedIsNotLeftBehind() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Client client = Client.eager();
            EventStream before = open("a");
            streams.add(before);
            new Together()
                    .with(() -> emit("a"))
                    .with(() -> follow(client, 1, "a"))
                    .with(() -> Client.eager().on(before.body(), 1))
                    .run();
            awaitNothingPending(round);
            client.cancel();
            before.end();
            streams.clear();
        }
    }

    @Test
    void aStreamThatStaysWhileOthersOfItsTopicComeAndGoIsNotLeftBehind() throws Exception {
        follow(Client.eager(), 1, "a");
        for (int round = 0; round < ROUNDS; round++) {
            Client passing = Client.eager();
            new Together()
                    .with(() -> emit("a"))
                    .with(() -> {
                        passing.on(open("a").body(), 1);
                        passing.cancel();
                    })
                    .run();
            awaitNothingPending(round);
        }
    }

    @Test
    void anEmptyAudienceThatIsJoinedAnewIsWoken() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Client leaving = Client.eager();
            leaving.on(open("a").body(), 1);
            Client coming = Client.eager();
            new Together()
                    .with(leaving::cancel)
                    .with(() -> follow(coming, 1, "a"))
                    .with(() -> emit("a"))
                    .run();
            awaitNothingPending(round);
            assertEquals(false, coming.hasEnded());
            coming.cancel();
            streams.clear();
        }
    }
}
