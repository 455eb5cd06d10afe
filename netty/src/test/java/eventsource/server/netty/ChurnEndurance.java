package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Netty server, while clients come and go,")
class ChurnEndurance extends Served {

    private static final int CYCLES = 100_000;
    private static final int WARM_UP = 10_000;
    private static final int THREADS = 8;
    private static final int STREAMS_PER_ADDRESS = 200;

    /** What a thread has in hand, and is broken off together. */
    private static final int AT_ONCE = 10;

    /** What pools and compilers hold now and not then. */
    private static final int NOISE = 20;

    private static final long NOISE_BYTES = 2 << 20;

    @TempDir
    private static Path files;

    private static SelfSigned keys;

    private EventSourceNetty plain;
    private EventSourceNetty encrypted;
    private String request;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = SelfSigned.in(files);
    }

    @Test
    @Timeout(900)
    @DisplayName(
            "DC-03 is as it was after 100,000 connections that were broken off: also in mid-handshake, mid-headers, mid-replay")
    void cycles() throws Exception {
        Limits limits = Limits.defaults().streamsPerAddress(STREAMS_PER_ADDRESS);
        plain = serve(limits);
        encrypted = serve(
                EventSourceNetty.builder().limits(limits).tls(keys.context()).route("/*", events));
        String anchor = events.emit("anchor").toCompletableFuture().get();
        for (int i = 0; i < 100; i++) {
            events.emit("retained " + "x".repeat(500));
        }
        request = "GET / HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: " + anchor + "\r\n\r\n";
        churn(WARM_UP);
        settle();
        Remains before = Remains.now();
        churn(CYCLES);
        settle();
        soon("everything is as before", () -> leftSince(before).isEmpty(), () -> leftSince(before));
        assertNobodyIsCounted();
    }

    private void settle() throws Exception {
        soon("all streams have ended", () -> events.figures().streams() == 0, () -> events.figures());
        soon("all are let go", () -> plain.streams() + encrypted.streams() == 0, () -> plain.streams());
        soon("no connection is left half-closed", () -> closeWaits() == 0, () -> closeWaits() + " of them");
    }

    private long closeWaits() {
        try {
            return Remains.closeWaits(plain.port()) + Remains.closeWaits(encrypted.port());
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static List<String> leftSince(Remains before) {
        Remains now = Remains.now();
        List<String> left = new ArrayList<>();
        if (now.descriptors() > before.descriptors() + NOISE) {
            left.add(now.descriptors() + " descriptors, after " + before.descriptors());
        }
        if (now.heapBytes() > before.heapBytes() + NOISE_BYTES) {
            left.add(now.heapBytes() + " bytes of heap, after " + before.heapBytes());
        }
        now.objects().forEach((type, count) -> {
            int most = before.objects().getOrDefault(type, 0) + NOISE;
            if (count > most) {
                left.add(count + " of " + type + ", and at most " + most + " before");
            }
        });
        return left;
    }

    /** Had a stream not been taken off the count of its address, there were not room for as many now. */
    private void assertNobodyIsCounted() throws Exception {
        for (int thread = 0; thread < THREADS; thread++) {
            List<Socket> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS_PER_ADDRESS; i++) {
                Socket socket = connect(thread, plain);
                streams.add(socket);
                write(socket, request);
                assertTrue(readUntil(socket, "\r\n\r\n").contains("EventSource-Resume"), "an address is still counted");
            }
            for (Socket socket : streams) {
                socket.close();
            }
        }
        settle();
    }

    // --- those who come and go ---

    private void churn(int connections) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> {
                    churn(thread, connections / THREADS);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(10, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void churn(int thread, int connections) throws Exception {
        SSLSocketFactory tls = keys.context().getSocketFactory();
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            open.add(i % 10 == 9 ? beginEncrypted(thread, i / 10, tls) : begin(thread, i));
            if (open.size() == AT_ONCE) {
                for (int j = 0; j < AT_ONCE; j++) {
                    breakOff(open.get(j), (i + j) % 3 == 0);
                }
                open.clear();
            }
        }
        for (Socket socket : open) {
            breakOff(socket, true);
        }
    }

    private static Socket connect(int thread, EventSourceNetty to) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(Crowd.address(2 + thread), 0)); // or else ports run out
        socket.connect(new InetSocketAddress(Crowd.address(1), to.port()));
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private Socket begin(int thread, int number) throws IOException {
        Socket socket = connect(thread, plain);
        switch (number % 5) {
            case 0 -> {} // nothing is sent
            case 1 -> write(socket, request.substring(0, 1 + number % request.length()));
            case 2 -> write(socket, request);
            case 3 -> {
                write(socket, request);
                socket.getInputStream().readNBytes(600 + number % 3000); // into the replay
            }
            default -> {
                write(socket, request + "and something that nobody asked for");
                socket.shutdownOutput();
            }
        }
        return socket;
    }

    private Socket beginEncrypted(int thread, int number, SSLSocketFactory tls) throws IOException {
        Socket wire = connect(thread, encrypted);
        switch (number % 5) {
            case 0 -> wire.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1, 0}); // a greeting that breaks off
            case 1 -> wire.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            default -> {
                Socket socket = tls.createSocket(wire, "localhost", encrypted.port(), true);
                write(socket, number % 5 == 2 ? request.substring(0, 20) : request);
                if (number % 5 == 4) {
                    socket.getInputStream().readNBytes(600);
                }
                return number % 2 == 0 ? socket : wire; // one says goodbye
            }
        }
        return wire;
    }

    private static void breakOff(Socket socket, boolean reset) throws IOException {
        if (reset && !(socket instanceof javax.net.ssl.SSLSocket)) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private static void soon(String what, BooleanSupplier condition, java.util.function.Supplier<Object> otherwise) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not so: " + what + ": " + otherwise.get());
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }
}
