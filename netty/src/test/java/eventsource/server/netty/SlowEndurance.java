package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Netty server, with thousands of clients that are slow,")
@Timeout(600)
class SlowEndurance extends Served {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Slow ones that come before others are served: so these are served while the slow ones are there, however busy a machine is. */
    private static final int AT_ONCE = 500;

    @TempDir
    private static Path files;

    @Test
    @DisplayName(
            "DC-07 closes those that send a header or a handshake byte by byte, and serves everybody else meanwhile")
    void slowloris() throws Exception {
        Duration deadline = Duration.ofSeconds(6);
        Limits limits = Limits.defaults().requestDeadline(deadline);
        EventSourceNetty encrypted = serve(EventSourceNetty.builder()
                .limits(limits)
                .tls(SelfSigned.in(files).context())
                .route("/*", events));
        EventSourceNetty plain = serve(limits);
        int ofEach = 2_500;
        byte[] letter = "x".getBytes(StandardCharsets.US_ASCII);
        try (Crowd headers = new Crowd(plain.port());
                Crowd handshakes = new Crowd(encrypted.port())) {
            TestClient client = openStream("/");
            long begun = System.nanoTime();
            int served = 0;
            int servedBesideThem = 0;
            while (headers.members().size() < ofEach || headers.ended() + handshakes.ended() < 2 * ofEach) {
                assertTrue(
                        System.nanoTime() - begun < deadline.plus(PATIENCE).toNanos(),
                        () -> "still open: " + headers + "; " + handshakes);
                for (int i = 0; i < AT_ONCE && headers.members().size() < ofEach; i++) {
                    headers.join("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", 0);
                    handshakes.join(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252}, 0); // begins a greeting
                    headers.turn(0);
                    handshakes.turn(0);
                }
                headers.members().forEach(member -> member.send(letter));
                handshakes.members().forEach(member -> member.send(letter));
                headers.turn(10);
                handshakes.turn(10);
                events.emit("event " + ++served);
                assertEquals("event " + served, client.next().data(), "who has a stream is served meanwhile");
                TestClient other = openStream("/");
                other.close();
                headers.turn(0);
                handshakes.turn(0);
                servedBesideThem += headers.isAnyOpen() && handshakes.isAnyOpen() ? 1 : 0;
            }
            assertTrue(
                    headers.members().stream()
                            .allMatch(member -> member.beginning().isEmpty()),
                    "nothing is answered to half a request");
            int rounds = servedBesideThem;
            assertTrue(rounds >= 3, () -> "nobody was served while they were slow, but " + rounds + " rounds");
        }
    }

    @Test
    @DisplayName("SC-05 holds a bounded amount of memory for those that take nothing, and nothing when they are closed")
    void stalled() throws Exception {
        int streams = 5_000;
        int bytes = 4 << 20;
        EventSourceServer patient = EventSourceServer.builder()
                .retainBytes(4L * bytes)
                .stall(Duration.ofSeconds(20))
                .build();
        EventSourceNetty http = serve(EventSourceNetty.builder()
                .limits(Limits.defaults().unsentBytes(16 << 10))
                .route("/*", patient));
        try (Crowd crowd = new Crowd(http.port())) {
            TestClient healthy = openStream("/");
            for (int i = 0; i < streams; i++) {
                crowd.join(REQUEST, 4096);
                crowd.turn(0);
            }
            crowd.turnUntil("all have a stream", PATIENCE, () -> http.streams() == streams + 1);
            crowd.fallAsleep();
            Remains before = Remains.now();
            String data = "x".repeat(16 << 10);
            for (int i = 0; i < bytes / data.length(); i++) {
                patient.emit(data);
                assertTrue(data.equals(healthy.next().data()), "who reads is served meanwhile");
            }
            Remains stalled = Remains.now();
            assertEquals(streams + 1, http.streams(), "nobody was closed yet");
            long each =
                    (stalled.heapBytes() - before.heapBytes() + stalled.directBytes() - before.directBytes() - bytes)
                            / streams;
            assertTrue(each <= 40 << 10, () -> "memory for each client that takes nothing: " + each + " bytes");
            await("those that take nothing are closed", PATIENCE, () -> http.streams() == 1);
            assertEquals(streams, patient.figures().stalled());
            await(
                    "their descriptors are given back",
                    PATIENCE,
                    () -> Remains.now().descriptors() <= before.descriptors() - streams + 20);
            String type = StreamConnection.class.getName();
            await("their memory is given back", PATIENCE, () -> {
                Remains after = Remains.now();
                return after.objects().get(type) <= 20 && after.heapBytes() <= before.heapBytes() + bytes + (2 << 20);
            });
            patient.emit("next");
            assertEquals("next", healthy.next().data());
        } finally {
            patient.close();
        }
    }
}
