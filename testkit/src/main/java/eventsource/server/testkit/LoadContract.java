package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That what clients make a node hold has a bound, and is let go of with them. */
@Proves(Proves.BOUNDED)
abstract class LoadContract extends NetworkContract {

    private static final int STALLED = 1_000;
    private static final int STORM = 1_000;

    /** So many connections of a storm are there at a time. */
    private static final int AT_ONCE = 20;

    /** What may be held for each stalled stream, the host's own buffers included. */
    private static final long BYTES_OF_A_STREAM = 128 << 10;

    /** What a collector and a compiler hold now and not then. */
    private static final long NOISE_BYTES = 1 << 20;

    private static final int NOISE = 20;

    @Test
    @DisplayName(
            "DC-03 whatever clients break off, and when, nothing of it is left: threads, descriptors, streams, memory")
    void storms() throws Exception {
        EventSourceServer server = serve(options -> options.keepalive(Duration.ofMillis(100)));
        String anchor = emit(server, "anchor");
        for (int i = 0; i < 100; i++) {
            emit(server, "retained");
        }
        storm(STORM / 5, anchor);
        until(() -> server.figures().streams() == 0, () -> "streams are left: " + server.figures());
        heard.forget();
        Holdings before = Holdings.now();
        storm(STORM, anchor);
        until(() -> server.figures().streams() == 0, () -> "streams are left: " + server.figures());
        heard.forget();
        until(() -> leftBy(before).isEmpty(), () -> "left of what clients broke off: " + leftBy(before));
        TestClient client = resume(anchor);
        assertEquals("retained", client.next().data(), "the transport still serves");
    }

    /** What there is more of than before, and not by chance. */
    private static List<String> leftBy(Holdings before) {
        Holdings now = Holdings.now();
        List<String> left = new ArrayList<>();
        leftOf(left, "descriptors", now.descriptors(), before.descriptors() + NOISE);
        leftOf(left, "threads", now.threads(), before.threads() + STORM / 5); // pools may be a bit larger
        leftOf(left, "bytes of heap", now.heapBytes(), before.heapBytes() + NOISE_BYTES);
        now.instances()
                .forEach((name, count) ->
                        leftOf(left, name, count, before.instances().getOrDefault(name, 0) + STORM / 10));
        return left;
    }

    private static void leftOf(List<String> left, String what, long now, long most) {
        if (now > most) {
            left.add(now + " " + what + ", of at most " + most);
        }
    }

    /** Connections that are broken off at every stage, some of them at a time. */
    private void storm(int connections, String anchor) throws IOException {
        List<Socket> open = new ArrayList<>();
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: " + anchor + "\r\n\r\n";
        for (int i = 0; i < connections; i++) {
            Socket socket = i % 4 == 0 ? connectOnly() : connect();
            open.add(socket);
            String sent = request.substring(0, i % 4 == 0 ? 0 : i % 4 == 1 ? request.length() / 2 : request.length());
            if (!sent.isEmpty()) {
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            }
            if (i % 4 == 3) {
                socket.setSoTimeout((int) soon().toMillis());
                socket.getInputStream().readNBytes(600); // into the replay
            }
            if (open.size() == AT_ONCE) {
                open.forEach(LoadContract::breakOff);
                open.clear();
            }
        }
        open.forEach(LoadContract::breakOff);
    }

    /** With a reset, or in order. */
    private static void breakOff(Socket socket) {
        try (socket) {
            if (socket.getLocalPort() % 2 == 0) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    @DisplayName(
            "SC-05 a thousand streams whose clients take nothing cost no more threads than stated, and little memory")
    void thousandStalledStreams() {
        EventSourceServer server = serve(options -> options.stall(Duration.ofMinutes(1)));
        TestClient healthy = openStream();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        for (int i = 0; i < STALLED; i++) {
            openReaderOfNothing();
        }
        until(() -> server.figures().streams() == STALLED + 1, () -> "streams are missing: " + server.figures());
        Holdings before = Holdings.now();
        emitMoreThanIsHidden(server, healthy);
        Holdings stalled = Holdings.now();
        assertTrue(
                stalled.threads() <= threads + threadsOfStalledStreams() + NOISE,
                () -> "threads for stalled streams: " + stalled.threads() + " after " + threads + ", and "
                        + threadsOfStalledStreams() + " were stated");
        long most = 2L * UNREAD_BYTES + STALLED * BYTES_OF_A_STREAM;
        assertTrue(
                stalled.heapBytes() <= before.heapBytes() + most,
                () -> "memory for stalled streams: " + (stalled.heapBytes() - before.heapBytes())
                        + " bytes, of at most " + most);
    }

    /** Waits for something that cannot be waited for in any other way. */
    private void until(BooleanSupplier reached, Supplier<@Nullable String> otherwise) {
        long deadline = System.nanoTime() + 2 * soon().toNanos();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, otherwise);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
