package eventsource.server.fanout;

import java.nio.ByteBuffer;

/**
 * The numbers of the events in a stream, as they come. The data of an event is {@code #}, ten digits, any letters, and {@code $};
 * the letters are not looked at where the end is where it has to be.
 */
final class Sequence {

    private static final int DIGITS = 10;
    private static final int LEAST_BYTES = DIGITS + 2;
    private static final long NONE = -1;

    private final int size;
    private boolean strict = true;
    private int digits = -1; // of the number that is being read; -1 between events
    private long number;
    private long last = NONE;
    private long count;
    private long gaps;

    /**
     * Begins with whichever event comes first; each has to be the one after the last.
     *
     * @param size how long the data of each event is
     */
    Sequence(int size) {
        this.size = size;
    }

    /** From now on, gaps are counted and nothing else. */
    void tolerateGaps() {
        strict = false;
    }

    /** The data of an event. */
    static String data(long number, int size) {
        if (size < LEAST_BYTES) {
            throw new IllegalArgumentException("an event of " + size + " bytes; choose at least " + LEAST_BYTES);
        }
        String digits = Long.toString(number);
        return "#" + "0".repeat(DIGITS - digits.length()) + digits + "x".repeat(size - LEAST_BYTES) + "$";
    }

    /**
     * Takes a part of the stream.
     *
     * @param bytes read from its position to the end, which it is left at
     * @return whether the last event has changed
     */
    boolean take(ByteBuffer bytes, int end) throws VoidRun {
        long before = last;
        int at = bytes.position();
        while (at < end) {
            byte next = bytes.get(at++);
            if (digits < 0) {
                if (next == '#') {
                    digits = 0;
                    number = 0;
                }
            } else if (digits < DIGITS) {
                if (next < '0' || next > '9') {
                    throw new VoidRun("an event's data was not intact");
                }
                number = 10 * number + next - '0';
                if (++digits == DIGITS && at + size - LEAST_BYTES < end && bytes.get(at + size - LEAST_BYTES) == '$') {
                    at += size - LEAST_BYTES;
                }
            } else if (next == '$') {
                arrived();
            }
        }
        bytes.position(end);
        return last != before;
    }

    private void arrived() throws VoidRun {
        digits = -1;
        if (last != NONE && number != last + 1) {
            if (strict) {
                throw new VoidRun("event " + number + " came after event " + last);
            }
            gaps++;
        }
        last = number;
        count++;
    }

    /** The number of the last event, -1 if there was none. */
    long last() {
        return last;
    }

    long count() {
        return count;
    }

    long gaps() {
        return gaps;
    }
}
