package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.spi.HttpManners;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Fan-out by the Netty server")
class FanOutTest extends Served {

    @SuppressWarnings("UnnecessaryLambda") // streams with the same filter object share its runs
    private static final Predicate<Map<String, String>> EVEN = labels -> labels.containsKey("even");

    static List<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable).toList();
    }

    private void serve(Transport transport, EventSourceServer served) throws Exception {
        HttpManners manners = HttpManners.builder(served)
                .requests(request -> CompletableFuture.completedStage(
                        request.path().equals("/even") ? StreamRequest.own().where(EVEN) : StreamRequest.own()))
                .build();
        serve(EventSourceNetty.builder()
                .transport(transport)
                .eventLoops(1)
                .limits(Limits.defaults().unsentBytes(8 << 10))
                .route("/*", manners));
    }

    @ParameterizedTest
    @MethodSource("transports")
    @DisplayName(
            "streams of one loop share runs, whatever their filters, framing and speed, and each gets its own events")
    void mixed(Transport transport) throws Exception {
        serve(transport, events);
        List<TestClient> all = new ArrayList<>();
        List<TestClient> even = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(openStream("/"));
            even.add(openStream("/even"));
            all.add(open(get("/").http10()));
            even.add(open(get("/even").http10()));
            all.add(open(get("/").receiveBuffer(4096)));
        }
        int count = 150;
        for (int i = 0; i < count; i++) {
            Event event = Event.of(i + "x".repeat(i % 50 == 49 ? 300_000 : i % 7 * 500));
            events.emit(i % 2 == 0 ? event.withLabel("even", "") : event);
        }
        for (TestClient client : all) {
            for (int i = 0; i < count; i++) {
                assertNumber(i, client);
            }
        }
        for (TestClient client : even) {
            for (int i = 0; i < count; i += 2) {
                assertNumber(i, client);
            }
        }
    }

    private static void assertNumber(int number, TestClient client) {
        String data = client.next().data();
        assertEquals(Integer.toString(number), data.replace("x", ""));
        assertEquals(
                number % 50 == 49 ? 300_000 : number % 7 * 500,
                data.chars().filter(c -> c == 'x').count());
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL"})
    @DisplayName("a delivery allocates nothing")
    void allocation(Transport transport) throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // it allocates at each use of a buffer
        EventSourceServer silent = // for whoever reads late would be given heartbeats besides
                EventSourceServer.builder().keepalive(Duration.ZERO).build();
        try {
            serve(transport, silent);
            assertNothingIsAllocated(silent);
        } finally {
            silent.close();
            ResourceLeakDetector.setLevel(level);
        }
    }

    private void assertNothingIsAllocated(EventSourceServer silent) throws Exception {
        int streams = 100;
        int events = 500;
        byte[] bytes = new byte[1 << 16];
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Socket socket = connect();
            write(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            readUntil(socket, "\n\r\n");
            sockets.add(socket);
        }
        String data = "x".repeat(100);
        await("deliveries allocate nothing, as soon as all is compiled", Duration.ofMinutes(2), () -> {
            long before = allocatedByLoops();
            fanOut(silent, sockets, data, events, bytes);
            double each = (allocatedByLoops() - before) / ((double) events * streams);
            System.out.printf("%.2f bytes for each delivery%n", each);
            return each < 8;
        });
    }

    /** One event after the other, each when everybody has the one before. */
    private static void fanOut(EventSourceServer from, List<Socket> sockets, String data, int count, byte[] bytes) {
        try {
            for (int i = 0; i < count; i++) {
                from.emit(data);
                for (Socket socket : sockets) {
                    InputStream in = socket.getInputStream();
                    int read = in.read(bytes);
                    while (!endsEvent(bytes, read)) {
                        read = in.read(bytes); // the rest, or it was the first bytes of the stream
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean endsEvent(byte[] bytes, int read) {
        if (read < 0) {
            throw new AssertionError("a stream has ended");
        }
        return read >= 4 && bytes[read - 3] == '\n' && bytes[read - 4] == '\n';
    }

    private static long allocatedByLoops() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long all = 0;
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("eventsource-loop")) {
                all += threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        return all;
    }
}
