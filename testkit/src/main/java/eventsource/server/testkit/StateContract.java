package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.spi.HttpManners;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client is sent besides the events: where it stands, the state it starts with, and that there is no more. */
@Proves(Proves.RESUME)
abstract class StateContract extends ResumeContract {

    @Test
    @DisplayName("RS-01 a client that was sent nothing yet resumes by the id of the opening event")
    void openingEvent() {
        EventSourceServer server = serve(options -> options.openingEvent("opened"));
        TestClient client = openStream();
        ParsedEvent opening = client.next();
        assertEquals("opened", opening.type(), "the opening event comes first");
        client.cut();
        emit(server, "missed");
        TestClient back = resume(opening.lastEventId());
        assertEquals(Optional.of("resumed"), back.header("EventSource-Resume"));
        assertEquals("missed", back.next().data(), "the client was there when the event was emitted");
    }

    @Test
    @DisplayName("RS-02 between a snapshot and the events that follow nothing is missing, and nothing comes twice")
    void snapshotThenLive() throws Exception {
        AtomicInteger state = new AtomicInteger();
        EventSourceServer server = serve(options -> options, manners -> stateFirst(manners, state));
        try (Emitting emitting = new Emitting(server, state)) {
            emitting.start();
            for (int round = 0; round < 20; round++) {
                TestClient client = openStream();
                ParsedEvent snapshot = client.next();
                assertEquals("state", snapshot.type(), "the snapshot comes before any other event");
                int known = Integer.parseInt(snapshot.data());
                int first = Integer.parseInt(client.next().data());
                assertTrue(first <= known + 1, () -> "after the state " + known + " came " + first);
                for (int next = first + 1; next < first + 20; next++) {
                    assertEquals(Integer.toString(next), client.next().data(), "each event once, in order");
                }
                client.cut();
            }
        }
    }

    private static HttpManners.Builder stateFirst(HttpManners.Builder manners, AtomicInteger state) {
        return manners.requests(request -> CompletableFuture.completedStage(StreamRequest.own()
                .snapshot(resume -> CompletableFuture.supplyAsync(
                        () -> List.of(Event.of("state", Integer.toString(state.get())))))));
    }

    @Test
    @DisplayName(
            "RS-02 clients that come back at any moment, while events are emitted, miss nothing and get nothing twice")
    void resumesAtAnyMoment() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        EventSourceServer server = serve();
        try (Emitting emitting = new Emitting(server, new AtomicInteger())) {
            emitting.start();
            TestClient client = openStream();
            ParsedEvent last = client.next();
            for (int round = 0; round < 50; round++) {
                int events = random.nextInt(40);
                for (int i = 0; i < events; i++) {
                    String expected = Integer.toString(Integer.parseInt(last.data()) + 1);
                    last = client.next();
                    assertEquals(expected, last.data(), "in round " + round + " with -Dseed=" + seed);
                }
                client.cut();
                client = resume(last.lastEventId());
                assertEquals(Optional.of("resumed"), client.header("EventSource-Resume"));
            }
        }
    }

    @Test
    @Proves(Proves.ENDINGS)
    @DisplayName("HT-08 when the story is over, a client is given the rest and then 204, after which it stays away")
    void finishedServer() throws Exception {
        EventSourceServer server = serve();
        String first = emit(server, "one");
        TestClient client = resume(first);
        String last = emit(server, "two");
        server.finish();
        assertEquals(List.of("two"), dataOf(client, 1), "promise 7: after what was emitted");
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(soon()), "promise 7: the end is a clean one");
        assertEquals(StreamEnd.FINISHED, heard.nextEnd());
        TestClient late = resume(first);
        assertEquals(List.of("two"), dataOf(late, 1), "what is retained can still be had");
        assertEquals(TestClient.End.CLEAN, late.awaitEnd(soon()));
        TestClient done = open(get("/").headerUtf8("Last-Event-ID", last));
        assertEquals(204, done.status(), "no other answer keeps a browser away");
        done.send(get("/").headerUtf8("Last-Event-ID", last));
        assertEquals(204, done.status(), "the connection should be usable after the answer before");
    }

    @Test
    @Proves(Proves.ENDINGS)
    @DisplayName(
            "HB-04 a stream that has lived for as long as it may ends cleanly, and its client goes on where it was")
    void lifetime() throws Exception {
        Duration life = Duration.ofSeconds(2);
        EventSourceServer server = serve(options -> options.lifetime(life, life));
        String before = emit(server, "before");
        String id = emit(server, "one");
        TestClient client = resume(before); // so that it is given something, however short its life
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(soon()), "promise 7: the end is a clean one");
        assertEquals(List.of("one"), dataOf(client.drain()));
        assertEquals(StreamEnd.EXPIRED, heard.nextEnd());
        emit(server, "two");
        assertEquals(List.of("two"), dataOf(resume(id), 1));
    }

    /** Emits 1, 2, 3 and so on all the time, on a thread of its own, not faster than a client can follow. */
    private static final class Emitting implements AutoCloseable {

        private static final long PAUSE_NANOS = 100_000;

        private final EventSourceServer server;
        private final AtomicInteger state;
        private volatile boolean over;
        private final Thread thread = new Thread(this::emit, "emitting");

        /** Keeps the last number that was emitted in the state. */
        Emitting(EventSourceServer server, AtomicInteger state) {
            this.server = server;
            this.state = state;
        }

        void start() {
            thread.start();
        }

        private void emit() {
            while (!over) {
                // In this order: a snapshot of the state then has what was emitted before it was asked for.
                server.emit(Integer.toString(state.incrementAndGet()));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        @Override
        public void close() {
            over = true;
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt(); // it ends by itself
            }
        }
    }
}
