package eventsource.server.benchmarks;

/**
 * A way to keep the recent frames of many topics, reduced to what decides about it: appending, trimming the oldest, and
 * cursors. All shapes publish what they write in the way that lock-free readers need. One thread at a time appends and
 * trims; one thread drains.
 */
public interface Shape {

    /**
     * Appends a frame to some feeds, which are counted from 0.
     *
     * @param fields of the event, encoded; the frame gets bytes of its own
     */
    void append(byte[] fields, int... feeds);

    /** Trims the oldest frame of all. False if there is none. */
    boolean trim();

    /** The number of the newest frame. */
    long head();

    /** A cursor over some feeds that has everything up to a number. */
    Cursor open(long after, int... feeds);

    /** A client's place. */
    interface Cursor {

        /** Takes everything up to the head, 64 KiB at most, and gives how many bytes that was; -1 if it was too late. */
        int drain();

        /** Moves to another place, as a client does that comes back. */
        void move(long after);
    }
}
