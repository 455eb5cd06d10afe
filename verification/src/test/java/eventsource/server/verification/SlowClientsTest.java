package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients that take little or nothing cost: themselves, and nobody else. */
@Timeout(300)
class SlowClientsTest {

    /** A subscriber that takes the first bytes and nothing after them. */
    private static final class Stalled implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(ByteBuffer bytes) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    /** A server that has streams which stall, and more events than it retains. */
    private static final class FullServer {
        final Map<StreamEnd, Integer> ends = new EnumMap<>(StreamEnd.class);
        final TestClock clock = new TestClock();

        FullServer(int streams, int retained) {
            EventSourceServer server = EventSourceServer.builder()
                    .executor(Runnable::run)
                    .timer(clock, clock::nanoTime)
                    .retainBytes(retained)
                    .stall(Duration.ofSeconds(10))
                    .listener(new StreamListener() {
                        @Override
                        public void closed(EventStream stream, StreamEnd end) {
                            ends.merge(end, 1, Integer::sum);
                        }
                    })
                    .build();
            for (int i = 0; i < streams; i++) {
                server.outSupply(StreamRequest.own()).subscribe(new Stalled());
            }
            for (int i = 0; i < 10_000; i++) {
                server.emit("x".repeat(4_000));
            }
        }
    }

    @Test
    @DisplayName("SC-05: 10,000 stalled streams take what 10,000 cursors and the journal take, and nothing in the end")
    void stalledStreamsTakeABoundedAmountOfMemory() {
        int streams = 10_000;
        int retained = 4 << 20;
        Heap before = Heap.now();
        FullServer[] held = {new FullServer(streams, retained)};
        long bytesWith = Heap.now().bytes();

        held[0].clock.advance(Duration.ofMillis(10_200));
        assertEquals(Map.of(StreamEnd.STALLED, streams), held[0].ends);
        Heap.now().assertNoMoreThan(before, "JournalStream");
        held[0] = null;
        long taken = bytesWith - Heap.now().bytes();
        assertTrue(taken > retained / 2, () -> "nothing was retained: " + taken);
        assertTrue(taken < 3L * retained / 2 + 1_000L * streams, () -> streams + " streams took " + taken + " bytes");
    }

    @Test
    @DisplayName(
            "SC-09: a client that takes all that is pending just before it would lag goes on, as often as it likes")
    void aClientThatCatchesUpJustInTimeGoesOn() {
        int limit = 10;
        SteppedServer stepped = new SteppedServer(options -> options.retainPerTopic(limit));
        Client client = Client.idle().on(stepped.server.outSupply(StreamRequest.own()), 1);
        List<String> all = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < limit; i++) {
                all.add(round + " " + i);
                stepped.server.emit(round + " " + i);
            }
            client.request(1);
            assertEquals(all.size(), client.data().size());
        }
        assertEquals(all, client.data());
        stepped.assertEnds();

        for (int i = 0; i <= limit; i++) {
            stepped.server.emit("one too many");
        }
        client.request(1);
        stepped.assertEnds(StreamEnd.LAGGED);
        assertEquals(all, client.data());
    }

    @Test
    @DisplayName("SC-10: emit returns at once although every client is stalled or blocks its lane")
    void emittersWaitForNobody() throws Exception {
        int threads = 2;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CountDownLatch allBlocked = new CountDownLatch(threads);
        CountDownLatch released = new CountDownLatch(1);
        List<EventSourceServer> servers = new ArrayList<>();
        for (int i = 0; i < threads; i++) { // each with a lane, which holds a thread of the executor
            EventSourceServer server =
                    EventSourceServer.builder().executor(executor).build();
            servers.add(server);
            Client.that(client -> {
                        allBlocked.countDown();
                        awaitUnlessInterrupted(released);
                    })
                    .on(server, StreamRequest.own());
        }
        allBlocked.await();
        EventSourceServer server = servers.get(0);
        for (int i = 0; i < 2_000; i++) {
            server.outSupply(StreamRequest.own()).subscribe(new Stalled());
        }

        new Together()
                .with(() -> emitAll(server))
                .with(() -> emitAll(server))
                .with(() -> emitAll(server))
                .run();

        released.countDown();
        servers.forEach(EventSourceServer::close);
        executor.shutdown();
    }

    private static void emitAll(EventSourceServer server) {
        for (int i = 0; i < 50_000; i++) {
            assertTrue(server.emit("event").toCompletableFuture().isDone(), "emit waits for something");
        }
    }

    private static void awaitUnlessInterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("DC-05: a listener that blocks holds up no emitter and no other server")
    void aListenerThatBlocksHoldsUpItsOwnLaneOnly() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        EventSourceServer held = EventSourceServer.builder()
                .listener(new StreamListener() {
                    @Override
                    public void opened(EventStream stream) {
                        blocked.countDown();
                        awaitUnlessInterrupted(released);
                    }
                })
                .build();
        Client waiting = Client.eager().on(held, StreamRequest.own());
        blocked.await();
        emitAll(held);
        EventSourceServer other = EventSourceServer.create();
        Client served = Client.eager().on(other, StreamRequest.own());
        other.emit("event");
        other.stop().toCompletableFuture().join();
        assertEquals(List.of("event"), served.data());
        assertFalse(waiting.hasEnded());

        released.countDown();
        held.stop().toCompletableFuture().join();
        assertEquals(50_000, waiting.data().size());
    }
}
