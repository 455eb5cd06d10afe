package eventsource.server.parser;

import java.time.Duration;

/** A point in time up to which a read may wait. */
final class Deadline {
    private static final long FOREVER = Long.MAX_VALUE / 4;

    private final Duration timeout;
    private final long at;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        boolean huge = timeout.compareTo(Duration.ofNanos(FOREVER)) > 0;
        this.at = System.nanoTime() + (huge ? FOREVER : timeout.toNanos());
    }

    static Deadline in(Duration timeout) {
        return new Deadline(timeout);
    }

    /** The milliseconds left, rounded up because a socket takes 0 for "no time-out"; 0 when it has passed. */
    int millisLeft() {
        long nanos = at - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
    }

    @Override
    public String toString() {
        return timeout.toMillis() + " ms";
    }
}
