package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import java.io.IOException;

/** A server that answers every path alike. */
record RunningNetty(EventSourceNetty server) implements RunningTransport {

    static RunningNetty serving(HttpManners manners, Transport transport) throws IOException {
        return new RunningNetty(EventSourceNetty.builder()
                .transport(transport)
                .eventLoops(2)
                .route("/*", manners)
                .start());
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
