package eventsource.server;

/** Where a stream starts whose client has missed events that cannot be given any more. */
public enum GapStart {

    /** With the oldest retained event; or the oldest after the client's last, where that is an id of the server's own and this life's. */
    OLDEST,

    /** With the next event that is emitted. */
    LIVE
}
