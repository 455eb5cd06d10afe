package eventsource.server.jdkhttpserver;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The JDK's web server")
class JdkHttpServerTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return LoopbackServer.serving(EventSourceHandler.of(manners));
    }
}
