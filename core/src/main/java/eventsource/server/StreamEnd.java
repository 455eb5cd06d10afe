package eventsource.server;

/** Why a stream ended. */
public enum StreamEnd {

    /** The client, or whoever serves it, went away. */
    CANCELLED,

    /** The server was stopped, and the client was sent all that had been emitted. */
    STOPPED,

    /** {@link EventStream#end} was called. */
    ENDED,

    /** The client was so slow that events it had not been sent yet were no longer retained. It may come back. */
    LAGGED,

    /** Nothing could be sent for the whole time of {@link EventSourceServerBuilder#stall}. The connection is aborted. */
    STALLED,

    /** The subscriber of the stream broke a rule of {@code Flow}: it threw, or requested less than one element. */
    FAILED
}
