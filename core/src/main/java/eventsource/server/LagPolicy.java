package eventsource.server;

/**
 * What becomes of a client that is so slow that events it was not sent yet are no longer retained. Streams that {@linkplain
 * StreamRequest#newestPerKeyFirst want the newest per key} are treated as by {@link #NEWEST_PER_KEY} whatever the policy.
 */
public enum LagPolicy {

    /** Its stream ends as {@link StreamEnd#LAGGED}. It comes back, and is told of the gap. */
    CLOSE,

    /**
     * It is told of the gap in its stream, by the event of {@link EventSourceServerBuilder#gapEvent}, and goes on with the
     * oldest retained event.
     */
    SKIP,

    /**
     * It is given the newest event of each key instead of all of them, see {@link Event#withKey}, and then goes on. If it
     * has missed an event that no newer one of its key makes up for, its stream ends as {@link StreamEnd#LAGGED}.
     */
    NEWEST_PER_KEY
}
