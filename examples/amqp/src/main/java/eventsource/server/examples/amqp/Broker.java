package eventsource.server.examples.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.server.SystemLauncher;

/** The broker of these examples: somebody's, or one in this process for whoever has none. */
final class Broker {

    /** Where messages are sent. */
    static final String QUEUE = "eventsource";

    private static final int USUAL_PORT = 7799;

    /** Where a broker in this process listens, unless the port is taken. */
    static final String USUAL = uri(USUAL_PORT);

    private Broker() {}

    static ConnectionFactory factory(String uri) {
        try {
            if (!uri.contains(":")) {
                throw new URISyntaxException(uri, "there is no scheme"); // which the client would only stumble over
            }
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(uri);
            return factory;
        } catch (URISyntaxException | IllegalArgumentException | GeneralSecurityException wrong) {
            throw new IllegalArgumentException("that is no URI of a broker; say something like " + USUAL, wrong);
        }
    }

    private static String uri(int port) {
        return "amqp://guest:guest@127.0.0.1:" + port;
    }

    /** Sees to it that the queue is there, and that it and its messages outlive the broker. */
    static void declare(Channel channel) throws IOException {
        channel.queueDeclare(QUEUE, /* durable= */ true, /* exclusive= */ false, /* autoDelete= */ false, Map.of());
    }

    /** Starts a broker in this process, which listens on the loopback address only and keeps nothing. Gives its URI. */
    static String embed() {
        int port = freePort();
        URL configuration = Objects.requireNonNull(Broker.class.getResource("/embedded-broker.json"), "configuration");
        try {
            new SystemLauncher()
                    .startup(Map.of(
                            "type",
                            "Memory",
                            "initialConfigurationLocation",
                            configuration.toExternalForm(),
                            "startupLoggedToSystemOut",
                            false,
                            "context",
                            Map.of("qpid.amqp_port", Integer.toString(port))));
            return uri(port);
        } catch (Exception failed) { // whatever it is, there is nothing to show
            throw new IllegalStateException("the broker could not be started", failed);
        }
    }

    private static int freePort() {
        for (int port : new int[] {USUAL_PORT, 0}) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // any other will do
            }
        }
        throw new IllegalStateException("there is no port left for a broker");
    }
}
