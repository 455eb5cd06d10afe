package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The Netty server, when thousands of clients come,")
@Timeout(110)
class ArrivalEndurance extends Served {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
            CompletableFuture<Long> slowest = CompletableFuture.supplyAsync(() -> slowestDelivery(idle, first));
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
            long most = TimeUnit.NANOSECONDS.toMillis(slowest.get());
            assertTrue(most < 3_000, () -> "a delivery took " + most + " ms meanwhile");
            long heap = Remains.now().heapBytes() - before.heapBytes();
            assertTrue(heap < 32 << 20, () -> "the heap has grown by " + heap + " bytes");
        } finally {
            over = true;
            idle.close();
        }
    }

    private long slowestDelivery(EventSourceServer server, TestClient client) {
        long most = 0;
        while (!over) {
            long start = System.nanoTime();
            server.emit("event");
            assertEquals("event", client.next(PATIENCE).data());
            most = Math.max(most, System.nanoTime() - start);
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
        }
        return most;
    }

    @Test
    @DisplayName("HB-02 has the heartbeats of those that came one after the other come one after the other, too")
    void heartbeats() throws Exception {
        int streams = 2_000;
        Duration silence = Duration.ofSeconds(8);
        EventSourceServer idle = EventSourceServer.builder().keepalive(silence).build();
        EventSourceNetty http = serve(EventSourceNetty.builder().route("/*", idle));
        try (Crowd crowd = new Crowd(http.port())) {
            long start = System.nanoTime();
            for (int i = 0; i < streams; i++) {
                long due = silence.toNanos() * i / streams;
                crowd.join(REQUEST, 0);
                crowd.turnUntil("its time has come", PATIENCE, () -> System.nanoTime() - start >= due);
            }
            crowd.turnUntil("all have a stream", PATIENCE, () -> http.streams() == streams);
            long[] ofQuarter = new long[4];
            long from = start + silence.toNanos() * 2; // all have had one
            crowd.onBytes(member -> {
                long since = System.nanoTime() - from;
                if (since >= 0 && since < silence.toNanos()) {
                    ofQuarter[(int) (since / (silence.toNanos() / 4))]++;
                }
            });
            crowd.turnUntil("a keepalive is over", PATIENCE, () -> System.nanoTime() - from >= silence.toNanos());
            for (long beats : ofQuarter) {
                assertTrue(
                        beats >= streams * 0.1 && beats <= streams * 0.45,
                        () -> "heartbeats of " + streams + " streams in each quarter: " + Arrays.toString(ofQuarter));
            }
        } finally {
            idle.close();
        }
    }
}
