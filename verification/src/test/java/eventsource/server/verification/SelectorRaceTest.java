package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Selector;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams of selectors open and close while emitters make topics that the selectors match: what is emitted after a stream was
 * opened reaches it, and so does all that is retained of before, if it asks for that.
 */
@Timeout(300)
class SelectorRaceTest {

    private static final int EMITTERS = 2;
    private static final int OPENERS = 2;
    private static final int EVENTS = 8_000;
    private static final int KINDS = 7;
    private static final int STREAMS = 50;

    /** So many events for each stream that each of the openers opens, at most: on one processor, too, they take turns. */
    private static final int EVENTS_PER_OPENING = 80;

    private static final int KEPT_OF = 8;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final AtomicInteger[] emitted = {new AtomicInteger(), new AtomicInteger()};
    private final AtomicInteger[] openings = {new AtomicInteger(), new AtomicInteger()};
    private final List<Opened> opened = new ArrayList<>();

    /** A stream, and how much each emitter had been through for certain when it was opened. */
    private record Opened(int kind, boolean earliest, List<Integer> before, Client client) {}

    /** Each emitter's events go through new topics, a few of each, of all kinds in turn. */
    private void emit(EventSourceServer server, int emitter) {
        for (int i = 0; i < EVENTS; i++) {
            awaitOpenings(i / EVENTS_PER_OPENING);
            server.emit(Event.of(emitter + " " + i), "kind" + i % KINDS + "/" + emitter + "/" + i / 50);
            emitted[emitter].set(i + 1);
        }
    }

    private void awaitOpenings(int ofEach) {
        while (Stream.of(openings).anyMatch(opened -> opened.get() < ofEach)) {
            LockSupport.parkNanos(1_000);
            assertFalse(Thread.currentThread().isInterrupted(), "an opener has ended");
        }
    }

    private void open(EventSourceServer server, int opener) {
        Random random = new Random(seed + opener);
        List<Opened> mine = new ArrayList<>();
        while (IntStream.range(0, EMITTERS).anyMatch(i -> emitted[i].get() < EVENTS)) {
            int kind = random.nextInt(KINDS);
            boolean earliest = random.nextInt(4) == 0;
            StreamRequest request = StreamRequest.matching(Selector.prefix("kind" + kind + "/"));
            EventStream stream = server.open(earliest ? request.fromEarliest() : request)
                    .toCompletableFuture()
                    .join();
            List<Integer> before = Stream.of(emitted).map(AtomicInteger::get).toList();
            Client client = Client.eager().on(stream.body(), 1);
            if (openings[opener].getAndIncrement() % KEPT_OF == 0 && mine.size() < STREAMS) {
                mine.add(new Opened(kind, earliest, before, client));
            } else {
                client.cancel(); // and with the last of its streams, the selector may go
            }
            for (int i = random.nextInt(3_000); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        synchronized (opened) {
            opened.addAll(mine);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1_000})
    void nothingThatIsEmittedAfterAStreamWasOpenedIsMissed(int retainPerTopic) throws Exception {
        EventSourceServer server = EventSourceServer.builder()
                .retainPerTopic(retainPerTopic)
                .maxSelectors(KINDS)
                .keys(10)
                .build();
        try (Logged logged = new Logged()) {
            Together together = new Together();
            for (int i = 0; i < EMITTERS; i++) {
                int emitter = i;
                together.with(() -> emit(server, emitter));
            }
            for (int i = 0; i < OPENERS; i++) {
                int opener = i;
                together.with(() -> open(server, opener));
            }
            together.run();
            server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertTrue(opened.size() >= OPENERS * EVENTS / EVENTS_PER_OPENING / KEPT_OF, opened::toString);
            opened.forEach(stream -> check(stream, retainPerTopic == 1_000));
            logged.assertNothing();
        }
    }

    /** From some event on, it has all of its kind; and that is not after what was emitted when it was opened. */
    private void check(Opened stream, boolean allRetained) {
        stream.client.assertNoFault();
        assertTrue(stream.client.hasEnded());
        Map<Integer, List<Integer>> byEmitter = new HashMap<>();
        for (String data : stream.client.data()) {
            int space = data.indexOf(' ');
            byEmitter
                    .computeIfAbsent(Integer.valueOf(data.substring(0, space)), first -> new ArrayList<>())
                    .add(Integer.valueOf(data.substring(space + 1)));
        }
        for (int emitter = 0; emitter < EMITTERS; emitter++) {
            List<Integer> numbers = byEmitter.getOrDefault(emitter, List.of());
            // An event may be appended and not yet counted.
            int latest = stream.before.get(emitter) + 1;
            int from =
                    stream.earliest && allRetained ? 0 : numbers.isEmpty() ? latest : Math.min(numbers.get(0), latest);
            List<Integer> expected = IntStream.range(from, EVENTS)
                    .filter(i -> i % KINDS == stream.kind)
                    .boxed()
                    .toList();
            if (stream.earliest && !allRetained) {
                continue; // what was trimmed before is a hole in what it is given of before
            }
            assertEquals(expected, numbers, () -> "seed " + seed + ", kind " + stream.kind);
        }
    }
}
