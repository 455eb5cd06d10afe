package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledIf;

@DisplayName("The Netty server by io_uring")
@EnabledIf(value = "isAvailable", disabledReason = "this kernel has no io_uring, or this container may not use it")
class IoUringTest extends TransportContract {

    static boolean isAvailable() {
        return Transport.IO_URING.isAvailable();
    }

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return RunningNetty.serving(manners, Transport.IO_URING);
    }
}
