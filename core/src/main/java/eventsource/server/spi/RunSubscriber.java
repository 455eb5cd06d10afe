package eventsource.server.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A subscriber to a stream's body that can take what many streams share without a buffer for each of them: for transports
 * that write to sockets themselves. What belongs to one stream alone still comes by {@code onNext}, and is plain. Use it together with {@link
 * HttpRequest#drainedBy}, so that both come on the thread that owns the socket.
 */
public interface RunSubscriber extends Flow.Subscriber<ByteBuffer> {

    /**
     * Takes a run instead of an element. It comes under the same rules: only where one element was requested, and never
     * together with another signal.
     *
     * @param run the run, which must not be used after this
     * @return true if all of it was written, and the next element may come at once: the request stands. Otherwise the
     *     request is used up, as by an element, and the subscriber requests again when it has written the run
     */
    boolean onRun(SharedRun run);
}
