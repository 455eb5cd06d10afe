package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The Netty server, when thousands of clients come,")
@Timeout(600)
class ArrivalEndurance extends Served {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private volatile boolean over;

    @Test
    @DisplayName(
            "OV-02 accepts no more in a second than it may, gives streams to as many as may have them, and goes on serving those")
    void storm() throws Exception {
        int come = 5_000;
        int streams = 1_000;
        int perSecond = 500; // so ten times as many come at once
        EventSourceServer idle = EventSourceServer.create();
        EventSourceNetty http = serve(EventSourceNetty.builder()
                .limits(Limits.defaults().acceptsPerSecond(perSecond).streams(streams))
                .route("/*", idle));
        try (Crowd crowd = new Crowd(http.port())) {
            TestClient first = openStream("/");
            Remains before = Remains.now();
            CompletableFuture<List<Long>> deliveries = CompletableFuture.supplyAsync(() -> deliveries(idle, first));
            long start = System.nanoTime();
            for (int i = 0; i < come; i++) {
                crowd.join(REQUEST, 0);
            }
            crowd.turnUntil(
                    "everybody is answered",
                    PATIENCE,
                    () -> crowd.members().stream()
                            .noneMatch(member -> member.beginning().isEmpty()));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 900L * come / perSecond, () -> come + " were accepted in " + millis + " ms");
            crowd.turnUntil("the others are sent away", PATIENCE, () -> crowd.ended() == come + 1 - streams);
            assertEquals(streams, http.streams());
            over = true;
            List<Long> took = deliveries.get();
            // Half of them: a single one may have to wait for a processor.
            assertTrue(
                    took.size() >= 5 && took.get(took.size() / 2) < 2_000, () -> "deliveries meanwhile took " + took);
            long heap = Remains.now().heapBytes() - before.heapBytes();
            assertTrue(heap < 32 << 20, () -> "the heap has grown by " + heap + " bytes");
        } finally {
            over = true;
            idle.close();
        }
    }

    /** How many milliseconds deliveries took, one after the other, sorted. */
    private List<Long> deliveries(EventSourceServer server, TestClient client) {
        List<Long> took = new ArrayList<>();
        while (!over) {
            long start = System.nanoTime();
            server.emit("event");
            assertEquals("event", client.next(PATIENCE).data());
            took.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
        }
        Collections.sort(took);
        return took;
    }

    @Test
    @DisplayName("HB-02 has the heartbeats of those that came one after the other come one after the other, too")
    void heartbeats() throws Exception {
        int streams = 2_000;
        Duration silence = Duration.ofSeconds(8);
        EventSourceServer idle = EventSourceServer.builder().keepalive(silence).build();
        EventSourceNetty http = serve(EventSourceNetty.builder().route("/*", idle));
        Map<Crowd.Member, Long> cameAt = new HashMap<>();
        List<Long> away = new ArrayList<>();
        try (Crowd crowd = new Crowd(http.port())) {
            // Each beats so many silences after it came, however late that was; all at once, and half of them would be
            // more
            // than a quarter of a silence away from it.
            crowd.onBytes(member -> {
                long since = System.nanoTime() - cameAt.computeIfAbsent(member, first -> System.nanoTime());
                if (since > silence.toNanos() * 3 / 2) { // it has had one
                    long inSilence = since % silence.toNanos();
                    away.add(TimeUnit.NANOSECONDS.toMillis(Math.min(inSilence, silence.toNanos() - inSilence)));
                }
            });
            long start = System.nanoTime();
            for (int i = 0; i < streams; i++) {
                long due = silence.toNanos() * i / streams;
                crowd.join(REQUEST, 0);
                crowd.turnUntil("its time has come", PATIENCE, () -> System.nanoTime() - start >= due);
            }
            crowd.turnUntil("all have a stream", PATIENCE, () -> http.streams() == streams);
            crowd.turnUntil("all have had a second heartbeat", PATIENCE, () -> away.size() >= streams);
            Collections.sort(away);
            assertTrue(
                    away.get(streams / 2) < silence.toMillis() / 8,
                    () -> "milliseconds from the time for a heartbeat: " + away);
        } finally {
            idle.close();
        }
    }
}
