package eventsource.server.testkit;

import java.time.Duration;

/**
 * What is wrong in one direction of a {@link FaultProxy}. Times are in nanoseconds; zero is no such fault.
 *
 * @param bandwidth bytes a second
 * @param slice the most bytes that are written at once
 * @param pause how long nothing follows a slice
 */
record Faults(Passage passage, long latency, long jitter, long bandwidth, int slice, long pause) {

    /** What becomes of what arrives. */
    enum Passage {
        /** All is passed on. */
        OPEN,
        /** Nothing is taken, so the sender has to wait. */
        HELD,
        /** Bytes are taken and thrown away; that the sender has gone is not passed on. */
        BLACK_HOLE,
        /** Bytes are passed on; that the sender has gone is not. */
        HALF_OPEN
    }

    static final Faults NONE = new Faults(Passage.OPEN, 0, 0, 0, 0, 0);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** A slow connection is written to in portions of this part of a second, so that it is slow and not jerky. */
    private static final int PORTIONS_PER_SECOND = 50;

    Faults passage(Passage to) {
        return new Faults(to, latency, jitter, bandwidth, slice, pause);
    }

    Faults latency(Duration to) {
        return new Faults(passage, nanos(to, "the latency"), jitter, bandwidth, slice, pause);
    }

    Faults jitter(Duration to) {
        return new Faults(passage, latency, nanos(to, "the jitter"), bandwidth, slice, pause);
    }

    Faults bandwidth(long to) {
        return new Faults(passage, latency, jitter, notNegative(to, "the bandwidth"), slice, pause);
    }

    Faults slice(int to, Duration then) {
        return new Faults(
                passage, latency, jitter, bandwidth, (int) notNegative(to, "the slice"), nanos(then, "the pause"));
    }

    boolean passesBytes() {
        return passage == Passage.OPEN || passage == Passage.HALF_OPEN;
    }

    boolean passesEnds() {
        return passage == Passage.OPEN;
    }

    boolean takesBytes() {
        return passage != Passage.HELD;
    }

    /**
     * How long something stays on its way.
     *
     * @param share how much of the jitter it has, from 0 to 1
     */
    long delay(double share) {
        return latency + (long) (jitter * share);
    }

    /** How much of this many bytes may be written at once. */
    int portion(int bytes) {
        long portion = bytes;
        if (slice > 0) {
            portion = Math.min(portion, slice);
        }
        if (bandwidth > 0) {
            portion = Math.min(portion, Math.max(1, bandwidth / PORTIONS_PER_SECOND));
        }
        return (int) portion;
    }

    /** How long nothing may follow so many bytes. */
    long silenceAfter(int bytes) {
        return Math.max(slice > 0 ? pause : 0, bandwidth > 0 ? bytes * NANOS_PER_SECOND / bandwidth : 0);
    }

    private static long nanos(Duration time, String what) {
        if (time.isNegative() || time.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(what + " has to be between zero, which is none, and 365 days: " + time);
        }
        return time.toNanos();
    }

    private static long notNegative(long number, String what) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " has to be positive, or zero for none: " + number);
        }
        return number;
    }
}
