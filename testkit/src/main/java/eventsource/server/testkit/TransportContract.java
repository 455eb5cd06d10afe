package eventsource.server.testkit;

import eventsource.server.spi.HttpManners;
import java.time.Duration;

/**
 * What every transport that serves an event source server has to pass, over real sockets on 127.0.0.1. Inherit it, say how
 * the transport is started, and all of it runs:
 *
 * <pre>{@code
 * class MyTransportTest extends TransportContract {
 *     @Override
 *     protected RunningTransport start(HttpManners manners) throws Exception {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>The tests have the ids of the acceptance cases in their names. They take real time, some of them a second or two for
 * a client to stall, and wait for events with bounds, never for a fixed time. After each test, all that its clients were
 * sent is held against the rules of the wire. A failure says which promise is broken, and shows the last bytes that each
 * client was sent.
 *
 * <p>A transport of HTTP/1.1 is assumed: chunked bodies, connections that are used again after a whole response.
 *
 * <p>Where {@link RunningTransport#tls} says so, every case runs over TLS. What a case does to a connection is then done where
 * it can be done:
 *
 * <ul>
 *   <li>A reset is one of the connection below, without {@code close_notify}.
 *   <li>A client that closes its connection sends {@code close_notify} and then closes.
 *   <li>A client that closes its sending side sends {@code close_notify} and leaves the connection open. The transport may go
 *       on with the stream or let it end, as without TLS.
 *   <li>A stream that is aborted need not be told by TLS: that the body is incomplete, or a reset, is enough.
 *   <li>A client that reads a few bytes takes a whole record off its socket, so up to 16 KiB.
 *   <li>Faults of networks happen below TLS.
 *   <li>Of the connections that are broken off without a request, nothing of TLS was sent either.
 * </ul>
 */
public abstract class TransportContract extends LoadContract {

    /** For subclasses. */
    protected TransportContract() {}

    /**
     * Starts a transport for one test, which ends it. Called once per test at most.
     *
     * @param manners answers the requests, whatever their path
     * @return the transport, which listens on 127.0.0.1
     * @throws Exception if it cannot be started
     */
    @Override
    protected abstract RunningTransport start(HttpManners manners) throws Exception;

    /**
     * How long a case waits for what happens at once on an idle machine. Only failures take that long.
     *
     * @return 30 seconds, unless it is overridden
     */
    @Override
    protected Duration soon() {
        return Duration.ofSeconds(30);
    }

    /**
     * How many threads the transport may need at most to serve 1,000 streams whose clients take nothing: those of
     * {@link Thread}'s platform, for virtual ones cost a stream no more than its state does.
     *
     * @return 32, unless the transport states another number by overriding this
     */
    @Override
    protected int threadsOfStalledStreams() {
        return 32;
    }
}
