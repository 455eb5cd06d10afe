package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The Netty server, when it stops with thousands of streams,")
@Timeout(600)
class StopEndurance extends Served {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EventSourceServer idle =
            EventSourceServer.create(); // or else heartbeats are most of what there is to do
    private Crowd crowd;

    private EventSourceNetty serve(int streams) throws Exception {
        EventSourceNetty http = serve(EventSourceNetty.builder().route("/*", idle));
        crowd = new Crowd(http.port());
        for (int i = 0; i < streams; i++) {
            crowd.join(REQUEST, 0);
            crowd.turn(0);
        }
        crowd.turnUntil("all have a stream", PATIENCE, () -> http.streams() == streams);
        return http;
    }

    @Test
    @DisplayName("SD-01 ends them evenly, each cleanly and after what was emitted, and lets nobody in meanwhile")
    void evenly() throws Exception {
        int streams = 5_000;
        EventSourceNetty http = serve(streams);
        idle.emit("the last").toCompletableFuture().get();
        Duration deadline = Duration.ofSeconds(40);
        long start = System.nanoTime();
        CompletionStage<Integer> stopped = http.stop(deadline);
        crowd.turnUntil("the first end", PATIENCE, () -> crowd.ended() > 0);
        Crowd.Member late = crowd.join(REQUEST, 0);
        crowd.turnUntil("who comes late is answered", PATIENCE, late::hasEnded);
        assertTrue(late.beginning().contains("\nretry: "), late::beginning);
        assertFalse(late.beginning().contains("EventSource-Resume"), "who comes late should have no stream");
        crowd.turnUntil("all have ended", PATIENCE, () -> crowd.ended() == streams + 1);
        assertEquals(0, stopped.toCompletableFuture().get(), "none was cut");
        long[] until = new long[4];
        long quarter = deadline.toNanos() * 3 / 4 / 4; // the rest of the deadline is for those that take their time
        for (Crowd.Member member : crowd.members()) {
            assertTrue(member == late || member.endedCleanly(), "each stream ends with its last chunk");
            assertTrue(member == late || member.beginning().contains("data: the last\n"), member::beginning);
            for (int i = (int) Math.min(3, (member.endedAt() - start) / quarter); i < until.length; i++) {
                until[i]++;
            }
        }
        // What is seen on a busy machine may be late, but never early.
        for (int i = 0; i < 3; i++) {
            assertTrue(until[i] <= streams * (0.25 * i + 0.45), () -> "many ended early: " + Arrays.toString(until));
        }
        assertTrue(until[1] >= streams * 0.1, () -> "hardly any ended in the first half: " + Arrays.toString(until));
    }

    @Test
    @DisplayName("SD-04 ends at once when it is closed, or told to hurry, while it stops")
    void hurry() throws Exception {
        for (boolean close : new boolean[] {true, false}) {
            int streams = 2_000;
            EventSourceNetty http = serve(streams);
            CompletionStage<Integer> stopped = http.stop(Duration.ofHours(10));
            if (close) {
                http.close();
            } else {
                assertTrue(http.stop(Duration.ZERO).toCompletableFuture().get() > streams / 2, "most are cut");
            }
            crowd.turnUntil("all have ended, closed: " + close, PATIENCE, () -> crowd.ended() == streams);
            await(
                    "the first stop has come to its end",
                    () -> stopped.toCompletableFuture().isDone());
            await(
                    "its threads have ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("eventsource-loop")));
            crowd.close();
        }
    }

    @AfterEach
    void closeIdle() throws Exception {
        crowd.close();
        idle.close();
    }
}
