package eventsource.server.servlet;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The servlet in Tomcat")
class TomcatTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) throws Exception {
        return Containers.tomcat(EventSourceServlet.of(manners), connector -> {
            connector.setProperty("maxThreads", "20"); // fewer than streams, by far
            // The system would take more of who takes nothing whenever it looks again whether he does.
            connector.setProperty("socket.txBufSize", "65536");
            // What it keeps for later connections would look as if it were left of earlier ones.
            connector.setProperty("processorCache", "20");
            connector.setProperty("socket.processorCache", "20");
            connector.setProperty("socket.bufferPool", "20");
        });
    }
}
