package eventsource.server;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Flow;

/**
 * One client's view of a server: response headers and a body that does not end by itself. Any thread may call any method.
 */
public interface EventStream {

    /**
     * What the client asked for.
     *
     * @return the request that this stream was opened with
     */
    StreamRequest request();

    /**
     * How the stream goes on from what the client had before.
     *
     * @return the outcome, known before the first byte
     */
    Resume resume();

    /**
     * The headers that the response has to have: content type, caching, proxies, and {@code EventSource-Resume}.
     *
     * @return the headers by name
     */
    Map<String, String> headers();

    /**
     * The bytes of the response, for one subscriber. A second one gets an {@link IllegalStateException}.
     *
     * <p>An element has whole events, together up to 64 KiB, or one larger one; or what belongs between events. Its
     * content is shared with other streams and read-only. A subscriber requests one element, writes and flushes it, and
     * requests the next: while it writes, events gather in the journal and come with the next element. Whoever requests
     * more than one gives up that bound. Elements come on the threads that drain streams, where a subscriber must not block.
     *
     * <p>{@code onComplete} asks for the response to be ended cleanly, {@code onError} for the connection to be aborted. The
     * former waits for a request, which shows that the element before was written; the latter does not.
     * When the client has gone, cancel the subscription. A stream whose body nobody subscribes to ends by itself after
     * {@link EventSourceServerBuilder#stall}.
     *
     * @return the body
     */
    Flow.Publisher<ByteBuffer> body();

    /**
     * How many events are retained that were not yet handed to the subscriber.
     *
     * @return an estimate while events come and go; 0 after the end
     */
    long lag();

    /**
     * Ends the stream at the next event boundary, whatever is still pending; one that does not get there within {@link
     * EventSourceServerBuilder#stall} is aborted. Does nothing if it has ended.
     */
    void end();
}
