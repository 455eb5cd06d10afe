package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one client does is none of the others' business, nor the emitter's. */
@Timeout(300)
class IsolationTest {

    private final Endings endings = new Endings();
    private final EventSourceServer server =
            EventSourceServer.builder().listener(endings).build();

    private List<String> emit(int events) {
        return IntStream.range(0, events)
                .mapToObj(number -> "event " + number)
                .peek(server::emit)
                .toList();
    }

    private void stop() throws Exception {
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aSubscriberThatBlocksInItsCallHoldsUpNoEmitterAndLosesNobodysEvents() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Client blocking = Client.that(client -> {
            blocked.countDown();
            awaitUnlessInterrupted(released);
            client.request(1);
        });
        blocking.on(server, StreamRequest.own());
        Client other = Client.eager().on(server, StreamRequest.own());
        blocked.await();

        List<String> all = emit(1_000); // returns although the only lane is stuck
        released.countDown();
        stop();

        assertEquals(all, other.data());
        assertEquals(all, blocking.data());
    }

    private static void awaitUnlessInterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSubscriberThatThrowsEndsItsOwnStreamOnly() throws Exception {
        Client before = Client.eager().on(server, StreamRequest.own());
        Client throwing = Client.that(client -> {
            client.request(1);
            if (client.elements() > 1) {
                throw new IllegalStateException("thrown by a test");
            }
        });
        throwing.on(server, StreamRequest.own());
        Client after = Client.eager().on(server, StreamRequest.own());

        List<String> all = emit(100);
        stop();

        assertEquals(all, before.data());
        assertEquals(all, after.data());
        assertEquals(List.of(StreamEnd.STOPPED, StreamEnd.FAILED, StreamEnd.STOPPED), endings.inOrder());
    }

    @Test
    void aStreamThatTakesNothingKeepsNoMoreThanTheJournalKeeps() {
        EventSourceServer small = EventSourceServer.builder()
                .executor(Runnable::run)
                .retainBytes(10_000)
                .listener(endings)
                .build();
        Client stuck = Client.idle().on(small.outSupply(StreamRequest.own()), 1);
        Client other = Client.eager().on(small, StreamRequest.own());
        for (int i = 0; i < 1_000; i++) {
            small.emit("x".repeat(100));
        }
        assertEquals(1_000, other.data().size());
        stuck.request(1);
        assertTrue(stuck.hasEnded());
        assertEquals(List.of(StreamEnd.LAGGED), endings.inOrder());
        assertEquals(List.of(), stuck.data());
    }
}
