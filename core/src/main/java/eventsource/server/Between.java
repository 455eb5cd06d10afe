package eventsource.server;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Two bounds between which each stream gets a duration of its own, so that clients do not come back in step. */
record Between(long leastMillis, long mostMillis) {

    static Between of(String what, Duration least, Duration most) {
        Objects.requireNonNull(least, what);
        Objects.requireNonNull(most, what);
        if (least.isNegative() || most.compareTo(least) < 0 || most.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(what + " is from " + least + " to " + most
                    + "; choose two durations from zero to a day, the shorter one first");
        }
        return new Between(least.toMillis(), most.toMillis());
    }

    long choose() {
        return ThreadLocalRandom.current().nextLong(leastMillis, mostMillis + 1);
    }
}
