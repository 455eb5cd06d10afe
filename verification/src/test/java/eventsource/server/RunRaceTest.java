package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
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
@Timeout(300)
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

    /** Writes as the journal does. How much is kept of each topic changes all the time, and with it the rings. */
    private void write(int widest) {
        Random random = new Random(seed);
        Frame.Fields fields = Frame.Fields.of(Event.of("x"));
        for (long number = 1; number <= FRAMES; number++) {
            Feed[] to = feedsOf(number);
            Frame frame = new Frame(number, 0, Traits.of(Event.of("x")), to, fields, "id" + number);
            for (Feed feed : to) {
                feed.add(frame);
            }
            head = number;
            int kept = 1 + random.nextInt(1 + (int) (number / 1000 % widest));
            trim(even, kept);
            trim(odd, kept * (1 + random.nextInt(4)));
        }
    }

    private static void trim(Feed feed, int kept) {
        while (feed.size() > kept) {
            feed.removeOldest(Objects.requireNonNull(feed.oldest()));
        }
    }

    /** Follows both feeds, or one of them, as a stream that is now and then slow. Gives how many frames it read. */
    private long read(Feed[] feeds, long seedOfThis) {
        Random random = new Random(seedOfThis);
        Run run = new Run(Representation.PLAIN);
        long after = 0;
        long told = 0;
        long frames = 0;
        while (after < FRAMES) {
            long[] knows = new long[feeds.length];
            Arrays.fill(knows, told);
            run.find(feeds, after, knows, head, null);
            if (run.lapped()) {
                LongSummaryStatistics trimmed =
                        Arrays.stream(feeds).mapToLong(Feed::trimmed).summaryStatistics();
                assertTrue(trimmed.getMax() > told, "lapped, and nothing was trimmed after " + told);
                told = trimmed.getMax();
                // What other topics still have of the time before may be asked for, and may go meanwhile: that was
                // told.
                after = random.nextBoolean() ? told : trimmed.getMin();
            } else {
                List<Long> numbers = run.size() == 0 ? List.of() : numbers(run);
                check(numbers, feeds, after, told, run.through());
                frames += numbers.size();
                after = run.through();
            }
            run.clear();
        }
        return frames;
    }

    private void check(List<Long> numbers, Feed[] feeds, long after, long told, long through) {
        List<Long> all = expected(feeds, after, through);
        List<Long> untold = expected(feeds, Math.max(after, told), through);
        assertEquals(untold, numbers.subList(Math.max(0, numbers.size() - untold.size()), numbers.size()), this::seed);
        Iterator<Long> inOrder = all.iterator();
        for (Long number : numbers) {
            boolean found = false;
            while (!found && inOrder.hasNext()) {
                found = inOrder.next().equals(number);
            }
            assertTrue(found, () -> number + " is not in order, or not of this stream: " + numbers + ", " + seed());
        }
    }

    private String seed() {
        return "seed " + seed;
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
