package eventsource.server;

/** Where a stream starts whose client has missed events that cannot be given any more. */
public enum GapStart {

    /** With the oldest retained event that the client does not have. */
    OLDEST,

    /** With the next event that is emitted. */
    LIVE
}
