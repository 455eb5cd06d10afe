package eventsource.server;

/** Why a stream ended. */
public enum StreamEnd {

    /** The client, or whoever serves it, went away. */
    CANCELLED,

    /** The server was stopped, and the client was sent all that had been emitted. */
    STOPPED,

    /** The server finished, and the client was sent all that had been emitted. */
    FINISHED,

    /** The stream has lived for as long as it may. The client will come back. */
    EXPIRED,

    /** {@link EventStream#end} was called, or {@link EventSourceServer#end}. */
    ENDED,

    /**
     * The client was so slow that events it had not been sent yet were no longer retained, and that is not made up
     * for: see {@link LagPolicy}. It may come back.
     */
    LAGGED,

    /**
     * Nothing could be sent for the whole time of {@link EventSourceServerBuilder#stall}, or until the deadline of
     * {@link EventSourceServer#stop(java.time.Duration)}. The connection is aborted.
     */
    STALLED,

    /**
     * The subscriber of the stream broke a rule of {@code Flow}: it threw, or requested less than one element. Or the
     * application's filter or snapshot failed, or the event log could not be read any more: then the connection is aborted.
     */
    FAILED
}
