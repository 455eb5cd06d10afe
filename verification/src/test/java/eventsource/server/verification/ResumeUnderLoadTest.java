package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are cut at random bytes miss nothing, or are told exactly what. Over sockets, while events are emitted. */
@Timeout(300)
class ResumeUnderLoadTest {

    private static final int SECONDS = 5;
    private static final int OFTEN_CUT = 16;
    private static final int CUT_FIFTY_TIMES = 20;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final List<ReturningClient> clients = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000})
    void whatIsRetainedReachesEveryClientOnceAndInOrder(int perSecond) throws Exception {
        int events = perSecond * SECONDS;
        int bytes = events * Emitter.bytesPerEvent();
        try (Host host = new Host(EventSourceServer.builder().retainBytes(1 << 30))) {
            for (int i = 1; i <= OFTEN_CUT; i++) {
                add(host, 10 * i, bytes, 0);
            }
            for (int i = 0; i < CUT_FIFTY_TIMES; i++) {
                add(host, 50, bytes, 0);
            }
            Continuity continuity = run(host, events, perSecond);

            assertAll(clients.stream()
                    .map(client -> () -> assertEquals(
                            List.of(),
                            continuity.faults(client.received, startOf(client)),
                            () -> "client " + clients.indexOf(client) + ", seed " + seed)));
            for (ReturningClient client : clients) {
                assertEquals(client.cuts(), client.returns(), () -> "seed " + seed);
                assertEquals(List.of(), client.received.gaps());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000})
    void whatIsNotRetainedAnyMoreIsToldExactly(int perSecond) throws Exception {
        int events = perSecond * SECONDS;
        int bytes = events * Emitter.bytesPerEvent();
        long milliseconds = 12; // less than the clients may stay away
        try (Host host = new Host(EventSourceServer.builder()
                .gapEvent(Received.GAP)
                .retainBytes(milliseconds * perSecond / 1000 * (Emitter.bytesPerEvent() + 96)))) {
            for (int i = 0; i < OFTEN_CUT; i++) {
                add(host, 50, bytes, 20);
            }
            Continuity continuity = run(host, events, perSecond);

            assertAll(clients.stream()
                    .map(client -> () -> assertEquals(
                            List.of(),
                            continuity.faults(client.received, Continuity.Start.ANYWHERE),
                            () -> "client " + clients.indexOf(client) + ", seed " + seed)));
            long told = clients.stream()
                    .mapToLong(client -> client.received.gaps().size())
                    .sum();
            long returns = clients.stream().mapToLong(ReturningClient::returns).sum();
            System.out.printf("  %,d returns were told of %,d gaps%n", returns, told);
            assertTrue(told > 0, "there was no gap to tell of");
            for (ReturningClient client :
                    clients) { // on a busy machine, everybody may have been away for too long before
                assertEquals("resumed", client.outcomeOfReturn());
            }
        }
    }

    /** A client that is cut so often that its last connection still has a fifth of the events to come. */
    private void add(Host host, int cuts, int bytes, int longestAwayMillis) {
        boolean live = clients.size() % 2 == 1;
        ReturningClient.Habits habits = new ReturningClient.Habits(
                live ? Host.LIVE : Host.FROM_EARLIEST, cuts, bytes / cuts / 2, longestAwayMillis);
        clients.add(new ReturningClient(host.port(), habits, seed + clients.size()));
    }

    private static Continuity.Start startOf(ReturningClient client) {
        return client.isLive() ? Continuity.Start.ANYWHERE : Continuity.Start.FIRST;
    }

    /** Has the clients receive while events are emitted, until each of them has had the last one. */
    private Continuity run(Host host, int events, int perSecond) throws Exception {
        CountDownLatch connected = new CountDownLatch(clients.size());
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            CompletableFuture<?>[] receiving = clients.stream()
                    .map(client -> CompletableFuture.runAsync(() -> client.receive(events - 1, connected), threads))
                    .toArray(CompletableFuture[]::new);
            connected.await();
            Emitter emitter = new Emitter(host.server());
            emitter.emit(events, perSecond);
            CompletableFuture.allOf(receiving).join();
            System.out.printf(
                    "%,d events a second wanted, %,.0f achieved; %d clients; seed %d%n",
                    perSecond, emitter.achievedRate(), clients.size(), seed);
            clients.forEach(client -> assertEquals(List.of(), client.faults));
            return new Continuity(emitter.ids());
        } finally {
            threads.shutdownNow();
        }
    }
}
