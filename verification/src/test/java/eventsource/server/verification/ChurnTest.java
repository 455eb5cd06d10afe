package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many topics, streams and odd ids come and go, the limits hold and what has gone is gone. */
@Timeout(300)
class ChurnTest {

    /** See the fixed limits in {@code docs/reference/options.md}. */
    private static final int TRIMS_REMEMBERED = 65_536;

    private static final int CHARGE_OF_A_TOPIC = 256;

    private final TestClock clock = new TestClock();

    private EventSourceServer server(int retainBytes) {
        return EventSourceServer.builder()
                .executor(Runnable::run)
                .timer(clock, clock::nanoTime)
                .retainBytes(retainBytes)
                .retainFor(Duration.ofMinutes(5))
                .build();
    }

    @Test
    @DisplayName("RS-13: of a million topics, those that hold events and the last ones that did are kept")
    void aMillionTopicsStayWithinTheLimits() {
        int retained = 1 << 20;
        Heap before = Heap.now();
        EventSourceServer server = server(retained);
        for (int i = 0; i < 1_000_000; i++) {
            server.emit(Event.of("x"), "topic " + i);
        }
        Heap full = Heap.now();
        long feeds = full.instances("Feed") - before.instances("Feed");
        assertTrue(feeds >= TRIMS_REMEMBERED, () -> feeds + " topics: fewer than are to be remembered");
        assertTrue(feeds <= TRIMS_REMEMBERED + retained / CHARGE_OF_A_TOPIC, () -> feeds + " topics");
        long bytes = full.bytes() - before.bytes();
        assertTrue(bytes < 2L * retained + 400L * TRIMS_REMEMBERED, () -> bytes + " bytes");

        clock.advance(Duration.ofMinutes(5).plusMillis(200));
        Heap.now().assertNoMoreThan(before, "Frame"); // none is retained beyond its time
        server.close();
    }

    @Test
    @DisplayName("DC-03: 100,000 streams that come and go, early or late, leave nothing")
    void streamsThatComeAndGoLeaveNothing() {
        List<String> kinds = List.of("JournalStream", "Alarm", "Feed", "Audience", "Frame");
        EventSourceServer server = server(1);
        String id = server.emit(Event.of("x"), "topic 1").toCompletableFuture().join();
        Heap before = Heap.now();
        for (int i = 0; i < 100_000; i++) {
            StreamRequest request = StreamRequest.of("topic " + i, "another " + i % 10);
            EventStream stream = server.open(i % 2 == 0 ? request : request.after(id))
                    .toCompletableFuture()
                    .join();
            switch (i % 4) {
                case 0 -> stream.end(); // before anybody subscribed
                case 1 -> Client.eager().on(stream.body(), 1).cancel();
                case 2 -> Client.idle().on(stream.body(), 0).cancel(); // before the first bytes were asked for
                default -> {
                    Client.eager().on(stream.body(), 1);
                    stream.end();
                }
            }
        }
        Heap after = Heap.now();
        kinds.forEach(kind -> after.assertNoMoreThan(before, kind));
        server.close();
        clock.advance(SteppedServer.RESOLUTION);
        assertEquals(0, clock.scheduled());
    }

    /**
     * A scan of what is retained for each of these would take hours: the limit of time is generous, and still not to be
     * kept by one.
     */
    @Test
    @DisplayName("RS-04: 300,000 odd cursors cost nothing that grows with what is retained")
    void oddCursorsAreCheap() {
        EventSourceServer server = server(1 << 30);
        String id = "";
        for (int i = 0; i < 300_000; i++) {
            id = server.emit("x").toCompletableFuture().join();
        }
        String last = id;
        Random random = new Random(1);
        byte[] binary = new byte[300];
        List<IntFunction<String>> odd = List.of(
                i -> "x".repeat(10_240),
                i -> last.substring(0, last.length() - 1 - i % (last.length() - 1)),
                i -> last + Integer.toString(i, 36),
                i -> "~other-" + i,
                i -> Integer.toString(i),
                i -> last.toUpperCase(Locale.ROOT) + "A",
                i -> {
                    random.nextBytes(binary);
                    return new String(binary, StandardCharsets.UTF_8);
                });
        for (int i = 0; i < 300_000; i++) {
            StreamRequest request =
                    StreamRequest.own().after(odd.get(i % odd.size()).apply(i));
            EventStream stream = server.open(request).toCompletableFuture().join();
            stream.end();
            Resume.Outcome outcome = stream.resume().outcome();
            // What is left of an id of ours may be one: of an earlier event.
            assertTrue(outcome == Resume.Outcome.GAP || last.startsWith(request.lastEventId()), request::toString);
        }
        server.close();
    }
}
