package eventsource.server.amqp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt, in nanoseconds. For one thread. */
final class Backoff {

    private final long shortest;
    private final long longest;
    private final RandomGenerator random;
    private long next;

    Backoff(Duration shortest, Duration longest, RandomGenerator random) {
        this.shortest = shortest.toNanos();
        this.longest = longest.toNanos();
        this.random = random;
        this.next = this.shortest;
    }

    /** The pause before the next attempt: at least half of what it could be. */
    long next() {
        long whole = next;
        next = Math.min(longest, whole * 2);
        return whole - random.nextLong(whole / 2 + 1);
    }

    /** It went well: the next pause is a short one. */
    void reset() {
        next = shortest;
    }
}
