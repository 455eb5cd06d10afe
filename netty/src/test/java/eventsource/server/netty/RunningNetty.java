package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server that answers every path alike. */
record RunningNetty(EventSourceNetty server, @Nullable SSLContext tls) implements RunningTransport {

    static RunningNetty serving(HttpManners manners, Transport transport) throws IOException {
        return serving(manners, transport, null);
    }

    /** With TLS, where there is a context for it. */
    static RunningNetty serving(HttpManners manners, Transport transport, @Nullable SSLContext tls) throws IOException {
        EventSourceNettyBuilder options =
                EventSourceNetty.builder().transport(transport).eventLoops(2).route("/*", manners);
        return new RunningNetty((tls == null ? options : options.tls(tls)).start(), tls);
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
