package eventsource.server.spring;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Spring WebFlux on Reactor Netty")
class WebFluxTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) {
        return ContractApplication.start(RunningApplication.Stack.WEBFLUX, manners);
    }
}
