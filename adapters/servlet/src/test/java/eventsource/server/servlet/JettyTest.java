package eventsource.server.servlet;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The servlet in Jetty")
class JettyTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) throws Exception {
        return Containers.JETTY.start(EventSourceServlet.of(manners));
    }
}
