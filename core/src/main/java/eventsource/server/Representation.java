package eventsource.server;

/**
 * The forms in which a transport may want events. A transport that takes no {@linkplain eventsource.server.spi.SharedRun shared
 * runs} gets them plain.
 */
public enum Representation {

    // Both lie in one array of a frame, which is encoded once for all.

    /** The event stream itself, for transports that frame it, or need no framing. */
    PLAIN,

    /** One HTTP/1.1 chunk per event, for transports that write to the socket. */
    CHUNKED
}
