package eventsource.server;

/** The forms in which a transport may want a frame. Both lie in one array, so that a frame is encoded once for all. */
enum Representation {

    /** The event stream itself, for transports that frame it, or need no framing. */
    PLAIN,

    /** One HTTP/1.1 chunk per event, for transports that write to the socket. */
    CHUNKED
}
