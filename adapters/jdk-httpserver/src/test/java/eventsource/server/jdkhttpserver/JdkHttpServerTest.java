package eventsource.server.jdkhttpserver;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The JDK's web server")
class JdkHttpServerTest extends TransportContract {

    private static final int MAX_STREAMS = 1_100;

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return LoopbackServer.serving(EventSourceHandler.of(manners, MAX_STREAMS));
    }

    /** A platform thread for each stream, where there are no virtual ones. */
    @Override
    protected int threadsOfStalledStreams() {
        return Runtime.version().feature() >= 24 ? 32 : MAX_STREAMS;
    }
}
