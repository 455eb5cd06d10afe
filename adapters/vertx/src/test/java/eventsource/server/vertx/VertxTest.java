package eventsource.server.vertx;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Vert.x")
class VertxTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) {
        return RunningVertx.serving(EventSourceHandler.of(manners));
    }
}
