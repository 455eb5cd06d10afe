package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Netty server by io_uring, where there is one")
class IoUringTest extends TransportContract {

    /** By the best of the others where the kernel has no io_uring, or a container may not use it. */
    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return RunningNetty.serving(manners, Transport.IO_URING.isAvailable() ? Transport.IO_URING : Transport.best());
    }
}
