package eventsource.server.spring;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Spring MVC on Tomcat")
class MvcTest extends TransportContract {

    @Override
    protected RunningTransport start(HttpManners manners) {
        return ContractApplication.start(RunningApplication.Stack.MVC, manners);
    }
}
