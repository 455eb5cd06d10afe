package eventsource.server.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    @DisplayName("Pauses double up to the longest, and are of at least half of that, and not all the same")
    void pauses() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1000), new SplittableRandom(7));
        for (int round = 0; round < 2; round++) {
            for (long whole : new long[] {100, 200, 400, 800, 1000, 1000}) {
                long pause = backoff.next();
                assertTrue(pause >= whole * 500_000 && pause <= whole * 1_000_000, whole + ": " + pause);
            }
            backoff.reset();
        }
        Set<Long> firsts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            firsts.add(backoff.next());
            backoff.reset();
        }
        assertTrue(firsts.size() > 40, "sources that lost their broker together come back at different times");
    }

    @Test
    @DisplayName("So many ids are remembered, and no more")
    void remembered() {
        Remembered two = new Remembered(2);
        two.add("a");
        two.add("b");
        two.add("a");
        two.add(null);
        assertTrue(two.has("a") && two.has("b"));
        two.add("c");
        assertFalse(two.has("a"));
        assertTrue(two.has("b") && two.has("c"));
        assertFalse(two.has(null));
        Remembered none = new Remembered(0);
        none.add("a");
        assertFalse(none.has("a"));
        assertEquals(1_000, new Backoff(Duration.ofNanos(1000), Duration.ofNanos(1000), () -> 0).next());
    }
}
