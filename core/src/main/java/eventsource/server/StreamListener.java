package eventsource.server;

/**
 * Hears what happens to the streams of a server.
 *
 * <p>The methods are called on the threads that drain streams: by default those of a pool that all servers of the process
 * share. They must not block: other streams wait meanwhile. Calls for one stream come one after the other; calls for
 * different streams may overlap. What a listener throws is logged and changes nothing.
 */
public interface StreamListener {

    /**
     * A stream was opened. Comes before anything is sent on it.
     *
     * @param stream the stream; {@link EventStream#resume} says whether its client missed something
     */
    default void opened(EventStream stream) {}

    /**
     * A stream has fallen so far behind that events it needed are no longer retained, and goes on without them as {@link
     * LagPolicy} says. Comes once until the stream has caught up. A stream that ends for this reason is only {@link
     * #closed}.
     *
     * @param stream the stream
     * @param atMost how many events it was not sent, at most
     */
    default void lagged(EventStream stream, long atMost) {}

    /**
     * A stream has ended. Comes exactly once for every stream that was opened, and last.
     *
     * @param stream the stream
     * @param end why it ended
     */
    default void closed(EventStream stream, StreamEnd end) {}
}
