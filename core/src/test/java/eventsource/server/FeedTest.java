package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedTest {

    private static Frame frame(long number) {
        Feed[] feeds = {};
        return new Frame(number, 0, Traits.of(Event.of("x")), feeds, Frame.Fields.of(Event.of("x")), "~e-" + number);
    }

    @Test
    void theFirstFrameAfterAnyNumberIsFound() {
        Feed feed = new Feed("t", 0);
        for (long number = 2; number <= 200; number += 2) {
            feed.add(frame(number));
        }
        for (long after = 0; after < 200; after++) {
            Frame found = feed.at(feed.firstAfter(after));
            assertEquals(after + 2 - after % 2, found.number);
            assertEquals(100 - after / 2, feed.countAfter(after));
            assertTrue(feed.hasAfter(after));
        }
        assertNull(feed.at(feed.firstAfter(200)));
        assertFalse(feed.hasAfter(200));
    }

    @Test
    void anEmptyFeedHasNothingAfterAnything() {
        Feed feed = new Feed("t", 7);
        assertNull(feed.at(feed.firstAfter(0)));
        assertTrue(feed.hasAfter(6), "something was trimmed");
        assertFalse(feed.hasAfter(7));
        assertTrue(feed.isEmpty());
    }

    @Test
    void aRingThatGrowsAndShrinksKeepsItsFrames() {
        long seed = 20261122;
        Random random = new Random(seed);
        Feed feed = new Feed("t", 0);
        Deque<Frame> model = new ArrayDeque<>();
        long number = 0;
        for (int step = 0; step < 20_000; step++) {
            boolean grow = step / 2000 % 2 == 0;
            if (random.nextInt(10) < (grow ? 7 : 3) || model.isEmpty()) {
                Frame frame = frame(++number);
                feed.add(frame);
                model.addLast(frame);
            } else {
                Frame oldest = model.removeFirst();
                assertEquals(oldest, feed.oldest());
                feed.removeOldest(oldest);
                assertEquals(oldest.number, feed.trimmed());
            }
            assertEquals(model.size(), feed.size());
            if (!model.isEmpty()) {
                long after = model.peekFirst().number - 1 + random.nextInt(model.size());
                assertEquals(after + 1, feed.at(feed.firstAfter(after)).number, () -> "seed " + seed);
            }
        }
    }
}
