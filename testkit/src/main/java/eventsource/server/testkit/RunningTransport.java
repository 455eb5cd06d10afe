package eventsource.server.testkit;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A transport that was started for a test, and serves on 127.0.0.1. */
public interface RunningTransport extends AutoCloseable {

    /**
     * Where it listens.
     *
     * @return the port
     */
    int port();

    /**
     * With whom its clients speak TLS. The contract is the same then, but for what the Javadoc of {@link TransportContract}
     * says.
     *
     * @return whom the clients trust; null, unless it is overridden, for a transport without TLS
     */
    default @Nullable SSLContext tls() {
        return null;
    }

    /** Stops listening and lets go of everything, whether or not streams are still open. */
    @Override
    void close();
}
