package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Netty server by epoll")
class EpollTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return RunningNetty.serving(manners, Transport.EPOLL);
    }
}
