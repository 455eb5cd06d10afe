package eventsource.server.amqp;

import java.net.URL;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.server.SystemLauncher;

/** A broker that speaks AMQP 0-9-1, in this process and on the loopback address. What it has is gone when it is closed. */
final class EmbeddedBroker implements AutoCloseable {

    private final SystemLauncher launcher = new SystemLauncher();
    private final int port;

    EmbeddedBroker() throws Exception {
        this(Ports.free());
    }

    EmbeddedBroker(int port) throws Exception {
        this.port = port;
        URL configuration =
                Objects.requireNonNull(EmbeddedBroker.class.getResource("/embedded-broker.json"), "the configuration");
        launcher.startup(Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                configuration.toExternalForm(),
                "startupLoggedToSystemOut",
                false,
                "context",
                Map.of("qpid.amqp_port", Integer.toString(port), "qpid.work_dir", "target/embedded-broker")));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        launcher.shutdown();
    }
}
