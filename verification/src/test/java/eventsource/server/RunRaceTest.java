package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs are found while the rings they are read from are written, trimmed, grown and shrunk: what a run has is exactly what
 * follows the cursor, or the run says that something was trimmed.
 */
@Timeout(60)
class RunRaceTest {

    private static final long FRAMES = 1_000_000;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Feed even = new Feed("even", 0);
    private final Feed odd = new Feed("odd", 0);
    private final Feed[] both = {even, odd};
    private volatile long head;

    /** Every number is in one of the feeds, every third in both. */
    private Feed[] feedsOf(long number) {
        Feed one = number % 2 == 0 ? even : odd;
        return number % 3 == 0 ? both : one.alone;
    }

    /** Writes as the journal does; the window it keeps changes all the time, and with it the size of the rings. */
    private void write(int widest) {
        Random random = new Random(seed);
        byte[] fields = Frame.fields(Event.of("x"));
        List<Frame> window = new ArrayList<>();
        int oldest = 0;
        for (long number = 1; number <= FRAMES; number++) {
            Feed[] to = feedsOf(number);
            Frame frame = Frame.of(number, 0, to, null, fields, "id" + number);
            for (Feed feed : to) {
                feed.add(frame);
            }
            window.add(frame);
            head = number;
            int keep = 1 + random.nextInt(1 + (int) (number / 1000 % widest));
            for (; window.size() - oldest > keep; oldest++) {
                Frame gone = window.get(oldest);
                for (Feed feed : gone.feeds) {
                    feed.removeOldest(gone);
                }
            }
            if (oldest > 10_000) {
                window.subList(0, oldest).clear();
                oldest = 0;
            }
        }
    }

    /** Follows both feeds, or one of them, as a stream that is now and then slow. Gives how many frames it read. */
    private long read(Feed[] feeds, long seedOfThis) {
        Random random = new Random(seedOfThis);
        Run run = new Run(Representation.PLAIN);
        long after = 0;
        long frames = 0;
        while (after < FRAMES) {
            long upTo = head;
            run.find(feeds, after, after, upTo);
            if (run.lapped()) {
                long trimmed = 0;
                for (Feed feed : feeds) {
                    trimmed = Math.max(trimmed, feed.trimmed());
                }
                assertTrue(trimmed > after, "lapped, and nothing was trimmed after " + after);
                after = Math.max(trimmed, head - random.nextInt(4));
            } else {
                long through = run.through();
                List<Long> expected = expected(feeds, after, through);
                List<Long> actual = run.isEmpty() ? List.of() : numbers(run);
                assertEquals(expected, actual, () -> "seed " + seed);
                frames += actual.size();
                after = through;
            }
            run.clear();
        }
        return frames;
    }

    private static List<Long> numbers(Run run) {
        EventStreamParser parser = new EventStreamParser();
        parser.feed(run.bytes());
        return parser.events().stream()
                .map(ParsedEvent::lastEventId)
                .map(id -> Long.valueOf(id.substring(2)))
                .toList();
    }

    private List<Long> expected(Feed[] feeds, long after, long through) {
        List<Long> expected = new ArrayList<>();
        for (long number = after + 1; number <= through; number++) {
            if (feeds.length > 1 || List.of(feedsOf(number)).contains(feeds[0])) {
                expected.add(number);
            }
        }
        return expected;
    }

    @ParameterizedTest
    @CsvSource({"1", "8", "300"})
    void aRunIsWhatFollowsTheCursorOrSaysThatItWasLapped(int widest) {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            CompletableFuture<Long> merged = CompletableFuture.supplyAsync(() -> read(both, seed + 1), threads);
            CompletableFuture<Long> single = CompletableFuture.supplyAsync(() -> read(odd.alone, seed + 2), threads);
            CompletableFuture.runAsync(() -> write(widest), threads).join();
            assertTrue(merged.join() > 0 && single.join() > 0, "a reader that read nothing proves nothing");
        } finally {
            threads.shutdownNow();
        }
    }
}
