package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts and ends what a test of a transport needs: one server, one transport that serves it, and clients. */
@Timeout(600)
abstract class TransportFixture {

    /** The first bytes of every stream; see {@link #serve()}. */
    static final String PRELUDE = ":\nretry: 2000\n";

    /** The parameter that names topics. */
    static final String TOPIC = "topic";

    final Heard heard = new Heard(this::soon);
    private final List<TestClient> clients = new CopyOnWriteArrayList<>();

    @RegisterExtension
    final Evidence evidence = new Evidence(clients);

    private @Nullable EventSourceServer server;
    private @Nullable RunningTransport transport;

    /** See {@link TransportContract#start}. */
    abstract RunningTransport start(HttpManners manners) throws Exception;

    /** See {@link TransportContract#soon}. */
    abstract Duration soon();

    /** See {@link TransportContract#threadsOfStalledStreams}. */
    abstract int threadsOfStalledStreams();

    /** Serves a server with the default options, but for a reconnection time that makes the first bytes predictable. */
    final EventSourceServer serve() {
        return serve(options -> options);
    }

    final EventSourceServer serve(UnaryOperator<EventSourceServerBuilder> options) {
        return serve(options, manners -> manners);
    }

    final EventSourceServer serve(
            UnaryOperator<EventSourceServerBuilder> options, UnaryOperator<HttpManners.Builder> manners) {
        Duration retry = Duration.ofSeconds(2);
        EventSourceServer served = options.apply(
                        EventSourceServer.builder().retry(retry, retry).listener(heard))
                .build();
        server = served;
        try {
            transport = start(manners.apply(HttpManners.builder(served).topicParameter(TOPIC))
                    .build());
        } catch (Exception failed) {
            throw new AssertionError("the transport did not start", failed);
        }
        return served;
    }

    private RunningTransport transport() {
        return Objects.requireNonNull(transport, "serve comes first");
    }

    final int port() {
        return transport().port();
    }

    final TestRequest get(String target) {
        return get(port(), target);
    }

    /** A request to the transport by way of somebody who passes on what is sent to his port. */
    final TestRequest get(int port, String target) {
        TestRequest request = TestClient.get(port, target).timeout(soon());
        SSLContext tls = transport().tls();
        return tls == null ? request : request.tls(tls);
    }

    /** A connection on which a case writes what no client would, encrypted where the transport expects that. */
    final Socket connect() throws IOException {
        Socket socket = connectOnly();
        SSLContext tls = transport().tls();
        return tls == null ? socket : tls.getSocketFactory().createSocket(socket, "localhost", port(), true);
    }

    /** A connection on which nothing was sent, not even to agree on keys. */
    final Socket connectOnly() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    /** Opens a connection that is looked after to the end of the test. */
    final TestClient open(TestRequest request) {
        TestClient client = request.open();
        clients.add(client);
        return client;
    }

    /** Opens a stream: from now on the server gives it every event. */
    final TestClient openStream(TestRequest request) {
        TestClient client = open(request);
        assertEquals(200, client.status(), "the client should be given a stream");
        return client;
    }

    final TestClient openStream() {
        return openStream(get("/"));
    }

    final TestClient resume(String lastEventId) {
        return openStream(get("/").headerUtf8("Last-Event-ID", lastEventId));
    }

    static String emit(EventSourceServer server, String data) {
        return server.emit(data).toCompletableFuture().join();
    }

    /** Stops a server and waits until all its streams have ended. */
    final void stopAndWait(EventSourceServer server) throws Exception {
        server.stop().toCompletableFuture().get(soon().toMillis(), TimeUnit.MILLISECONDS);
    }

    static String readText(TestClient client, int bytes) {
        return new String(client.readExactly(bytes), StandardCharsets.UTF_8);
    }

    static List<String> dataOf(List<ParsedEvent> events) {
        return events.stream().map(ParsedEvent::data).toList();
    }

    static List<String> dataOf(TestClient client, int events) {
        return dataOf(client.next(events));
    }

    /** Whatever else a test looks at: no client was sent a byte that breaks the rules of the wire. */
    @AfterEach
    final void endAll() {
        try {
            for (TestClient client : clients) {
                assertEquals(List.of(), client.parser().violations(), "a stream broke the rules of the wire");
            }
        } finally {
            if (server != null) {
                server.close();
            }
            clients.forEach(TestClient::close);
            if (transport != null) {
                transport.close();
            }
        }
    }
}
