package eventsource.server.netty;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Netty server by epoll, with TLS")
class TlsContractTest extends TransportContract {

    @TempDir
    private static Path files;

    private static SSLContext context;

    @BeforeAll
    static void makeKeys() throws Exception {
        context = SelfSigned.in(files).context();
    }

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return RunningNetty.serving(manners, Transport.EPOLL, context);
    }
}
