package eventsource.server.testkit;

import static eventsource.server.testkit.FaultProxy.Direction.TO_CLIENT;
import static eventsource.server.testkit.FaultProxy.Direction.TO_SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.testkit.Proxied.Pair;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A fault")
@Timeout(300)
class FaultsTest {

    private static final Duration FOR_EVER = Duration.ofHours(1);
    /** With it, the first five delays are all long ones. */
    private static final long SEED = 9931;

    private final Proxied ends = new Proxied(options -> options.seed(SEED));
    private final FaultProxy proxy = ends.proxy;
    private Pair pair;

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    @DisplayName("of latency delays bytes in its direction, and what is delayed comes at once when it is taken back")
    void latency() throws Exception {
        pair = ends.connect();
        proxy.latency(Duration.ofMillis(300), TO_CLIENT);
        long start = System.nanoTime();
        pair.server().send("late");
        assertEquals("late", pair.client().read(4));
        assertTrue(millisSince(start) >= 300, "it came too early");
        proxy.latency(FOR_EVER, TO_CLIENT);
        pair.server().send("never");
        pair.client().send("other way");
        assertEquals("other way", pair.server().read(9));
        assertTrue(pair.client().readsNothing());
        proxy.latency(Duration.ZERO, TO_CLIENT);
        assertEquals("never", pair.client().read(5));
    }

    @Test
    @DisplayName("of latency delays an end too, and both directions where none is named")
    void latencyOfEnds() throws Exception {
        pair = ends.connect();
        proxy.latency(Duration.ofMillis(300));
        long start = System.nanoTime();
        pair.client().finish();
        assertTrue(pair.server().readsEnd());
        assertTrue(millisSince(start) >= 300, "the server was told too early");
        start = System.nanoTime();
        pair.server().reset();
        assertTrue(pair.client().readsReset());
        assertTrue(millisSince(start) >= 300, "the client was told too early");
    }

    @Test
    @DisplayName("of latency costs no throughput: what was sent together arrives together")
    void latencyIsNoLimit() throws Exception {
        pair = ends.connect();
        proxy.latency(Duration.ofSeconds(2), TO_CLIENT);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            pair.server().send("x");
            pair.client().send("y");
            pair.server().read(1);
        }
        pair.client().read(20);
        assertTrue(millisSince(start) < 20_000, "20 bytes were delayed one after the other");
    }

    @Test
    @DisplayName("of jitter delays by what its seed says, in order, until it is taken back")
    void jitter() throws Exception {
        Random random = new Random(SEED);
        pair = ends.connect();
        proxy.jitter(Duration.ofMillis(200), TO_CLIENT);
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            pair.server().send("x");
            pair.client().read(1);
            assertTrue(millisSince(start) >= (long) (200 * random.nextDouble()), "it came too early");
        }
        proxy.jitter(Duration.ofMillis(5), TO_CLIENT);
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            sent.append((char) ('a' + i % 26));
            pair.server().send(sent.substring(i));
        }
        assertEquals(sent.toString(), pair.client().read(200));
        proxy.jitter(FOR_EVER, TO_CLIENT);
        pair.server().send("never");
        assertTrue(pair.client().readsNothing());
        proxy.jitter(Duration.ZERO);
        assertEquals("never", pair.client().read(5));
    }

    @Test
    @DisplayName("of bandwidth takes its time, and no more when it is taken back")
    void bandwidth() throws Exception {
        pair = ends.connect();
        proxy.bandwidth(2000, TO_CLIENT);
        long start = System.nanoTime();
        pair.server().send("x".repeat(1000));
        pair.client().read(1000);
        assertTrue(millisSince(start) >= 400, "1000 bytes, 2000 a second");
        proxy.bandwidth(1, TO_CLIENT);
        pair.server().send("x".repeat(100_000));
        pair.client().read(1);
        proxy.bandwidth(0);
        pair.client().read(99_999);
    }

    @Test
    @DisplayName("of slicing passes small pieces on, with a pause after each, until it is taken back")
    void slice() throws Exception {
        pair = ends.connect();
        proxy.slice(3, FOR_EVER, TO_CLIENT);
        pair.server().send("slices of three");
        assertEquals("sli", pair.client().read(3));
        assertTrue(pair.client().readsNothing());
        assertEquals(3, proxy.bytes(TO_CLIENT));
        proxy.slice(1, Duration.ofMillis(20), TO_CLIENT);
        long start = System.nanoTime();
        assertEquals("ces of three", pair.client().read(12));
        assertTrue(millisSince(start) >= 11 * 20, "12 pieces have 11 pauses between them");
        proxy.slice(2);
        pair.server().send("many");
        assertEquals("many", pair.client().read(4));
        proxy.slice(1, FOR_EVER);
        pair.server().send("whole");
        assertEquals("w", pair.client().read(1));
        proxy.slice(0);
        assertEquals("hole", pair.client().read(4));
    }

    @Test
    @DisplayName("of one direction holds what is sent there, loses nothing, and leaves the other alone")
    void hold() throws Exception {
        pair = ends.connect();
        pair.server().send("before");
        assertEquals("before", pair.client().read(6));
        proxy.hold(TO_CLIENT);
        pair.server().send("held").finish();
        pair.client().send("not held");
        assertEquals("not held", pair.server().read(8));
        assertTrue(pair.client().readsNothing());
        assertEquals(6, proxy.bytes(TO_CLIENT));
        proxy.pass(TO_CLIENT);
        assertEquals("held", pair.client().read(4));
        assertTrue(pair.client().readsEnd());
    }

    @Test
    @DisplayName("that holds makes a sender wait, and keeps bytes that are in the proxy already")
    void holdingMakesSendersWait() throws Exception {
        pair = ends.connect();
        proxy.latency(FOR_EVER, TO_CLIENT);
        pair.server().send("early");
        for (int i = 0; i < 3; i++) {
            pair.client().send("by now it is in the proxy");
            pair.server().read(25);
        }
        proxy.hold();
        proxy.latency(Duration.ZERO);
        assertTrue(pair.client().readsNothing());
        int bytes = 32 << 20;
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Proxied.End> sent = thread.submit(() -> pair.server().send(new byte[bytes]));
            assertTrue(pair.client().readsNothing());
            assertFalse(sent.isDone());
            proxy.heal();
            assertEquals("early", pair.client().read(5));
            assertEquals(bytes, pair.client().socket.getInputStream().readNBytes(bytes).length);
            sent.get(60, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    @DisplayName("that holds both directions hides that a client has gone, as a dead machine does")
    void holdHidesEnds() throws Exception {
        pair = ends.connect();
        proxy.hold();
        pair.client().reset();
        pair.server().send("to nobody");
        assertTrue(pair.server().readsNothing());
        assertEquals(1, proxy.open());
        proxy.heal();
        assertTrue(pair.server().readsReset());
    }

    @Test
    @DisplayName("that is a black hole swallows bytes and ends while the connection stays open")
    void blackHole() throws Exception {
        pair = ends.connect();
        proxy.latency(FOR_EVER, TO_CLIENT);
        pair.server().send("on its way");
        proxy.blackHole(TO_CLIENT);
        proxy.latency(Duration.ZERO);
        pair.server().send(new byte[1 << 20]);
        Proxied.await("all is swallowed", () -> proxy.lost(TO_CLIENT) == (1 << 20) + 10);
        assertTrue(pair.client().readsNothing());
        assertEquals(0, proxy.bytes(TO_CLIENT));
        pair.client().send("still open");
        assertEquals("still open", pair.server().read(10));
        proxy.pass(TO_CLIENT);
        pair.server().send("back");
        assertEquals("back", pair.client().read(4));
        proxy.blackHole(TO_SERVER);
        pair.client().finish();
        assertTrue(pair.server().readsNothing());
        proxy.pass();
        assertTrue(pair.server().readsEnd());
    }

    @Test
    @DisplayName("that leaves a connection half open does not tell a server that its client has left")
    void halfOpenAfterFin() throws Exception {
        pair = ends.connect();
        proxy.halfOpen(TO_SERVER);
        pair.client().send("last words");
        pair.client().socket.close();
        assertEquals("last words", pair.server().read(10));
        sendToNobody(pair.server());
        assertTrue(pair.server().readsNothing());
        proxy.pass(TO_SERVER);
        assertTrue(pair.server().readsReset());
        Proxied.await("the connection is over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("that leaves a connection half open does not tell a client that its server was reset")
    void halfOpenAfterReset() throws Exception {
        pair = ends.connect();
        proxy.halfOpen(TO_CLIENT);
        pair.server().reset();
        for (int i = 0; i < 100; i++) {
            pair.client().send(new byte[1000]);
        }
        Proxied.await("what nobody takes is thrown away", () -> proxy.lost(TO_SERVER) >= 99_000);
        assertTrue(pair.client().readsNothing());
        proxy.heal();
        assertTrue(pair.client().readsReset());
    }

    private void sendToNobody(Proxied.End server) throws IOException {
        for (int i = 0; i < 1000; i++) {
            server.send(new byte[1000]);
        }
        // The first bytes still find the client's system, which answers that there is no client.
        Proxied.await("what nobody takes is thrown away", () -> proxy.lost(TO_CLIENT) > 100_000);
    }

    @Test
    @DisplayName("that cuts is seen as a reset at both ends of all connections, and by none that comes later")
    void cut() throws Exception {
        List<Pair> pairs = List.of(ends.connect(), ends.connect(), ends.connect());
        proxy.hold();
        proxy.cut();
        assertEquals(0, proxy.open());
        for (Pair each : pairs) {
            assertTrue(each.client().readsReset());
            assertTrue(each.server().readsReset());
        }
        proxy.heal();
        pair = ends.connect();
        pair.server().send("back");
        assertEquals("back", pair.client().read(4));
    }

    @Test
    @DisplayName("that cuts after some bytes lets exactly these pass, and happens once")
    void cutAfter() throws Exception {
        pair = ends.connect();
        pair.server().send("free");
        assertEquals("free", pair.client().read(4));
        proxy.cutAfter(5);
        pair.server().send("abc").send("defghi");
        assertEquals("abcde", pair.client().read(5));
        assertTrue(pair.client().readsReset());
        assertTrue(pair.server().readsReset());
        assertEquals(9, proxy.bytes(TO_CLIENT));
        pair = ends.connect();
        pair.server().send("as before");
        assertEquals("as before", pair.client().read(9));
        proxy.cutAfter(3);
        pair.client().send("does not count");
        assertEquals("does not count", pair.server().read(14));
        pair.server().send("ab");
        assertEquals("ab", pair.client().read(2));
        proxy.cutAfter(0);
        pair.server().send("no cut");
        assertEquals("no cut", pair.client().read(6));
    }

    @Test
    @DisplayName("that refuses is seen as a port without listener, spares those who are there, and can be taken back")
    void refuse() throws Exception {
        pair = ends.connect();
        proxy.refuse();
        proxy.refuse();
        assertThrows(ConnectException.class, ends::client);
        pair.server().send("spared");
        assertEquals("spared", pair.client().read(6));
        proxy.accept();
        proxy.accept();
        ends.connect();
        proxy.refuse();
        assertThrows(ConnectException.class, ends::client);
        proxy.heal();
        ends.connect();
        assertEquals(3, proxy.connections());
    }

    @Test
    @DisplayName("set before anybody connects is there when somebody does, and healing takes all of them back")
    void heal() throws Exception {
        proxy.latency(FOR_EVER);
        proxy.jitter(FOR_EVER);
        proxy.bandwidth(1);
        proxy.slice(1, FOR_EVER);
        proxy.blackHole();
        proxy.hold();
        proxy.cutAfter(1);
        pair = ends.connect();
        pair.client().send("request");
        assertTrue(pair.server().readsNothing());
        proxy.heal();
        assertEquals("request", pair.server().read(7));
        pair.server().send("response");
        assertEquals("response", pair.client().read(8));
    }
}
