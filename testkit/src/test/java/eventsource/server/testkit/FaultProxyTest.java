package eventsource.server.testkit;

import static eventsource.server.testkit.FaultProxy.Direction.TO_CLIENT;
import static eventsource.server.testkit.FaultProxy.Direction.TO_SERVER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The fault proxy, as long as it has no faults,")
@Timeout(300)
class FaultProxyTest {

    private final Proxied ends = new Proxied();
    private final FaultProxy proxy = ends.proxy;

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    @Test
    @DisplayName("passes bytes on in both directions, and counts them")
    void passesBytes() throws Exception {
        Proxied.Pair pair = ends.connect();
        pair.client().send("request");
        assertEquals("request", pair.server().read(7));
        pair.server().send("the response");
        assertEquals("the response", pair.client().read(12));
        assertEquals(1, proxy.connections());
        assertEquals(1, proxy.open());
        assertEquals(7, proxy.bytes(TO_SERVER));
        assertEquals(12, proxy.bytes(TO_CLIENT));
        assertEquals(0, proxy.lost(TO_SERVER) + proxy.lost(TO_CLIENT));
    }

    @Test
    @DisplayName("passes many bytes on unchanged, in both directions at once")
    void passesManyBytes() throws Exception {
        Proxied.Pair pair = ends.connect();
        byte[] up = random(5 << 20, 1);
        byte[] down = random(7 << 20, 2);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            threads.submit(() -> pair.client().send(up));
            threads.submit(() -> pair.server().send(down));
            Future<byte[]> atServer = threads.submit(reading(pair.server(), up.length));
            Future<byte[]> atClient = threads.submit(reading(pair.client(), down.length));
            assertArrayEquals(up, atServer.get(60, TimeUnit.SECONDS));
            assertArrayEquals(down, atClient.get(60, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Callable<byte[]> reading(Proxied.End end, int count) {
        return () -> end.socket.getInputStream().readNBytes(count);
    }

    @Test
    @DisplayName("passes the end of what a client sends on as that alone: the server can still answer")
    void clientHalfCloses() throws Exception {
        Proxied.Pair pair = ends.connect();
        pair.client().send("all").finish();
        assertEquals("all", pair.server().read(3));
        assertTrue(pair.server().readsEnd());
        pair.server().send("answer");
        assertEquals("answer", pair.client().read(6));
        assertEquals(1, proxy.open());
        pair.server().finish();
        assertTrue(pair.client().readsEnd());
        Proxied.await("the connection is over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("passes the end of what a server sends on as that alone: the client can still send")
    void serverHalfCloses() throws Exception {
        Proxied.Pair pair = ends.connect();
        pair.server().finish();
        assertTrue(pair.client().readsEnd());
        pair.client().send("more");
        assertEquals("more", pair.server().read(4));
        pair.client().finish();
        assertTrue(pair.server().readsEnd());
        Proxied.await("the connection is over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("passes a reset on as a reset, after the bytes before it")
    void passesResets() throws Exception {
        Proxied.Pair first = ends.connect();
        first.client().reset();
        assertTrue(first.server().readsReset());
        Proxied.Pair second = ends.connect();
        second.server().send("last");
        assertEquals("last", second.client().read(4));
        second.server().reset();
        assertTrue(second.client().readsReset());
        Proxied.await("both are over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("resets a server that sends to a client that has gone")
    void clientGone() throws Exception {
        Proxied.Pair pair = ends.connect();
        pair.client().socket.close();
        assertTrue(pair.server().readsEnd());
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                pair.server().send(new byte[1000]);
            }
        });
        Proxied.await("the connection is over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("resets a client when nobody listens at the other end")
    void nobodyListens() throws Exception {
        ends.listener.close();
        assertTrue(ends.client().readsReset());
        Proxied.await("the connection is over", () -> proxy.open() == 0);
        assertEquals(1, proxy.connections());
    }

    @Test
    @DisplayName("makes the server wait for a client that takes nothing, and keeps little for it")
    void backpressure() throws Exception {
        assertServerWaits(ends.connect(), 64 << 20);
    }

    @Test
    @DisplayName("makes the server wait soon if its buffers are small")
    void smallBuffers() throws Exception {
        try (Proxied small = new Proxied(options -> options.buffer(4096))) {
            Proxied.Pair pair = small.connect();
            pair.server().socket.setSendBufferSize(4096);
            assertServerWaits(pair, 2 << 20);
        }
    }

    private static void assertServerWaits(Proxied.Pair pair, int bytes) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Proxied.End> sent = thread.submit(() -> pair.server().send(new byte[bytes]));
            assertEquals(0, pair.client().socket.getInputStream().read());
            assertThrows(
                    TimeoutException.class,
                    () -> sent.get(1, TimeUnit.SECONDS),
                    "a server cannot get rid of so much when a client has taken one byte");
            assertEquals(bytes - 1, pair.client().socket.getInputStream().readNBytes(bytes - 1).length);
            sent.get(60, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    @DisplayName("serves many connections with one thread, and lets go of each")
    void manyConnections() throws Exception {
        int before = threads().size();
        List<Proxied.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            pairs.add(ends.connect());
        }
        for (int i = 0; i < pairs.size(); i++) {
            pairs.get(i).client().send(String.format("%04d", i));
        }
        for (Proxied.Pair pair : pairs) {
            pair.server().send(pair.server().read(4));
        }
        for (int i = 0; i < pairs.size(); i++) {
            assertEquals(String.format("%04d", i), pairs.get(i).client().read(4));
        }
        assertEquals(300, proxy.open());
        assertEquals(300, proxy.connections());
        assertEquals(before, threads().size());
        for (Proxied.Pair pair : pairs) {
            pair.client().socket.close();
            pair.server().socket.close();
        }
        Proxied.await("all are over", () -> proxy.open() == 0);
    }

    @Test
    @DisplayName("leaves nothing behind when it is closed: no thread, no descriptor, no connection, no port")
    void closes() throws Exception {
        ends.connect();
        long descriptors = descriptors();
        for (int i = 0; i < 30; i++) {
            try (Proxied other = new Proxied()) {
                Proxied.Pair pair = other.connect();
                other.proxy.latency(Duration.ofHours(1));
                pair.client().send("on its way");
                if (i % 2 == 0) {
                    other.proxy.refuse();
                }
                other.proxy.close();
                other.proxy.close();
                assertTrue(pair.client().readsReset());
                assertTrue(pair.server().readsReset());
                assertEquals(0, other.proxy.open());
                new ServerSocket(other.proxy.port(), 1, other.listener.getInetAddress()).close();
            }
        }
        assertEquals(List.of("fault-proxy-" + proxy.port()), threads());
        assertTrue(descriptors() < descriptors + 30, "30 proxies left more than 30 descriptors behind");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fault-proxy-"))
                .toList();
    }

    /** 0 where the system does not say. */
    private static long descriptors() throws IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> each = Files.list(open)) {
            return each.count();
        }
    }

    @Test
    @DisplayName("still counts after it was closed, and says that it can do nothing else")
    void closedProxies() throws Exception {
        ends.connect().client().send("x");
        Proxied.await("it passes", () -> proxy.bytes(TO_SERVER) == 1);
        int port = proxy.port();
        proxy.close();
        assertEquals(1, proxy.connections());
        assertEquals(1, proxy.bytes(TO_SERVER));
        assertEquals(port, proxy.port());
        assertThrows(IllegalStateException.class, proxy::heal);
        assertThrows(IllegalStateException.class, () -> proxy.latency(Duration.ZERO));
    }

    @Test
    @DisplayName("closes also on a thread that was interrupted, which stays so")
    void closesWhenInterrupted() {
        Thread.currentThread().interrupt();
        proxy.hold();
        proxy.close();
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), threads());
    }

    @Test
    @DisplayName("listens where it is told to, and says when it cannot")
    void listens() throws Exception {
        InetSocketAddress server = (InetSocketAddress) ends.listener.getLocalSocketAddress();
        FaultProxy.Builder taken = FaultProxy.builder(server).listen(proxy.port());
        UncheckedIOException refused = assertThrows(UncheckedIOException.class, taken::start);
        assertTrue(refused.getMessage().contains("port " + proxy.port()), refused.getMessage());
        proxy.close();
        try (FaultProxy second = taken.start()) {
            assertEquals(proxy.port(), second.port());
        }
        try (FaultProxy third = FaultProxy.to(server.getPort())) {
            assertTrue(third.port() > 0);
        }
    }

    @Test
    @DisplayName("says what is wrong with an argument, and changes nothing")
    void arguments() {
        assertThrows(IllegalArgumentException.class, () -> proxy.latency(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> proxy.latency(Duration.ofDays(366)));
        assertThrows(IllegalArgumentException.class, () -> proxy.jitter(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> proxy.bandwidth(-1));
        assertThrows(IllegalArgumentException.class, () -> proxy.slice(-1));
        assertThrows(IllegalArgumentException.class, () -> proxy.slice(1, Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> proxy.cutAfter(-1));
        FaultProxy.Builder builder = FaultProxy.builder(new InetSocketAddress(proxy.port()));
        assertThrows(IllegalArgumentException.class, () -> builder.listen(65536));
        assertThrows(IllegalArgumentException.class, () -> builder.buffer(-1));
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("127.0.0.1", 80);
        assertThrows(IllegalArgumentException.class, () -> FaultProxy.builder(unresolved));
    }
}
