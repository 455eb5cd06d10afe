package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** An event source server, a server on Netty, and whatever connects to it, until the end of a test. */
@Timeout(300)
abstract class Served {

    static final Duration SOON = Duration.ofSeconds(60);

    final EventSourceServer events =
            EventSourceServer.builder().keepalive(Duration.ofMillis(200)).build();
    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();
    private EventSourceNetty http;

    final EventSourceNetty serve(EventSourceNettyBuilder options) throws IOException {
        http = options.start();
        toClose.add(http);
        return http;
    }

    /** The server's own stream at every path. */
    final EventSourceNetty serve(Limits limits) throws IOException {
        return serve(EventSourceNetty.builder().limits(limits).route("/*", events));
    }

    final TestRequest get(String target) {
        return TestClient.get(http.port(), target).timeout(SOON);
    }

    final TestClient open(TestRequest request) {
        TestClient client = request.open();
        toClose.add(client);
        return client;
    }

    final TestClient openStream(String target) {
        TestClient client = open(get(target));
        assertEquals(200, client.status());
        assertTrue(client.header("EventSource-Resume").isPresent(), "the client should be given a stream");
        return client;
    }

    /** A connection on which a test writes what no client would. */
    final Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), http.port());
        socket.setSoTimeout((int) SOON.toMillis());
        toClose.add(socket);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads to the end of a connection. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads until what was read ends with something. */
    static String readUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, text.length() - end.length()) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new AssertionError("the connection ended after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, SOON, condition);
    }

    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what);
            Thread.onSpinWait();
        }
    }

    @AfterEach
    final void closeAll() throws Exception {
        events.close();
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }
}
