package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A server stops over some time while streams open and events are emitted. */
@Timeout(60)
class StopRaceTest {

    private static final int STREAMS = 20;

    private final Endings endings = new Endings();
    private final EventSourceServer server =
            EventSourceServer.builder().listener(endings).build();
    private final ConcurrentLinkedQueue<Client> clients = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<EventStream> streams = new ConcurrentLinkedQueue<>();
    private final List<String> accepted = new ArrayList<>();

    private void open() {
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

    @RepeatedTest(4)
    void everyStreamEndsOnceAndInTime() throws Exception {
        long began = System.nanoTime();
        new Together()
                .with(this::open)
                .with(this::open)
                .with(() -> server.stop(Duration.ofSeconds(2)))
                .run();
        server.emit("last");
        server.stop(Duration.ofSeconds(2)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(8).toNanos());
        assertEquals(streams.size(), endings.opened().size());
        for (EventStream stream : streams) {
            assertEquals(List.of(StreamEnd.STOPPED), endings.of(stream), "nobody had to be aborted");
        }
        for (Client client : clients) {
            assertNull(client.ended.get(5, TimeUnit.SECONDS));
            client.assertNoFault();
        }
        assertEquals(0, server.figures().streams());
    }

    @RepeatedTest(30)
    void emittersAndADeadlineMeetAndEachStreamEndsOnceWithWhatWasEmittedSoFar() throws Exception {
        open();
        new Together()
                .with(this::emit)
                .with(this::open)
                .with(() -> streams.stream().limit(STREAMS / 2).forEach(EventStream::end))
                .with(() -> server.stop(Duration.ofMillis(20)))
                .run();
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(streams.size(), endings.opened().size());
        for (EventStream stream : streams) {
            assertEquals(1, endings.of(stream).size(), () -> endings.of(stream).toString());
        }
        for (Client client : clients) {
            client.ended.get(5, TimeUnit.SECONDS);
            client.assertNoFault();
            assertEquals(accepted.subList(0, client.data().size()), client.data());
        }
        assertEquals(0, server.figures().streams());
        assertEquals(0, server.figures().retainedEvents());
    }
}
