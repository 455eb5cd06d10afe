package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A server stops over some time while streams open and events are emitted. */
@Timeout(300)
class StopRaceTest {

    private static final int STREAMS = 20;

    private final Endings endings = new Endings();
    private final EventSourceServer server =
            EventSourceServer.builder().listener(endings).build();
    private final ConcurrentLinkedQueue<Client> clients = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<EventStream> streams = new ConcurrentLinkedQueue<>();
    private final List<String> accepted = new ArrayList<>();

    private void open(EventSourceServer server) {
        for (int i = 0; i < STREAMS; i++) {
            server.open(StreamRequest.own().fromEarliest()).thenAccept(stream -> {
                streams.add(stream);
                clients.add(Client.eager().on(stream.body(), 1));
            });
        }
    }

    private void emit() {
        for (int i = 0; true; i++) {
            if (server.emit("event " + i).toCompletableFuture().isCompletedExceptionally()) {
                return;
            }
            accepted.add("event " + i);
        }
    }

    @RepeatedTest(30)
    void everyStreamEndsOnceAndInTime() throws Exception {
        TestClock clock = new TestClock(); // so that nobody is late for the deadline
        EventSourceServer server = EventSourceServer.builder()
                .timer(clock, clock::nanoTime)
                .keepalive(Duration.ZERO)
                .retainFor(Duration.ofDays(1))
                .listener(endings)
                .build();
        Duration deadline = Duration.ofHours(10);
        new Together()
                .with(() -> open(server))
                .with(() -> open(server))
                .with(() -> server.stop(deadline))
                .run();
        server.emit("last");
        CompletableFuture<Void> stopped = server.stop(deadline).toCompletableFuture();
        clock.advance(deadline.multipliedBy(3).dividedBy(4)); // until then, all are to end
        for (long start = System.nanoTime(); !stopped.isDone(); LockSupport.parkNanos(1_000_000)) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60), "a stream goes on");
            clock.advance(SteppedServer.RESOLUTION); // whose turn comes only now ends with the next tick
        }
        assertTrue(clock.nanoTime() < deadline.toNanos(), "streams ended at the deadline, and not before");
        assertEquals(streams.size(), endings.opened().size());
        for (EventStream stream : streams) {
            assertEquals(List.of(StreamEnd.STOPPED), endings.of(stream), "nobody had to be aborted");
        }
        for (Client client : clients) {
            assertNull(client.ended.get(60, TimeUnit.SECONDS));
            client.assertNoFault();
        }
        assertEquals(0, server.figures().streams());
    }

    @RepeatedTest(30)
    void emittersAndADeadlineMeetAndEachStreamEndsOnceWithWhatWasEmittedSoFar() throws Exception {
        open(server);
        new Together()
                .with(this::emit)
                .with(() -> open(server))
                .with(() -> streams.stream().limit(STREAMS / 2).forEach(EventStream::end))
                .with(() -> server.stop(Duration.ofMillis(20)))
                .run();
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(streams.size(), endings.opened().size());
        for (EventStream stream : streams) {
            assertEquals(1, endings.of(stream).size(), () -> endings.of(stream).toString());
        }
        for (Client client : clients) {
            client.ended.get(60, TimeUnit.SECONDS);
            client.assertNoFault();
            assertEquals(accepted.subList(0, client.data().size()), client.data());
        }
        assertEquals(0, server.figures().streams());
        assertEquals(0, server.figures().retainedEvents());
    }
}
