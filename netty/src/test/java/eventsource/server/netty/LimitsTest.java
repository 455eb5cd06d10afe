package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limits of the Netty server")
class LimitsTest extends Served {

    private static final String HOST = "Host: localhost\r\n";

    private void assertTurnedAway(TestRequest request) {
        TestClient client = open(request);
        assertEquals(200, client.status());
        assertTrue(client.header("EventSource-Resume").isEmpty(), "there should be no room for a stream");
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
        assertTrue(client.parser().retryMillis().isPresent(), "it is told when to come back");
    }

    @Test
    @DisplayName(
            "OV-01 whoever comes when there are as many streams as may be is told to come back, and gets the next free one")
    void streams() throws Exception {
        EventSourceNetty http = serve(Limits.defaults().streams(2));
        TestClient first = openStream("/");
        openStream("/");
        assertTurnedAway(get("/"));
        assertEquals(200, open(get("/").method("HEAD")).status());
        first.cut();
        await("a stream is free", () -> http.streams() == 1);
        openStream("/");
    }

    @Test
    @DisplayName("OV-01 the answer is 503 where statuses are preferred")
    void streamsAsStatus() throws Exception {
        serve(EventSourceNetty.builder()
                .limits(Limits.defaults().streams(1))
                .manners(options -> options.overload(HttpManners.Overload.STATUS))
                .route("/*", events));
        openStream("/");
        TestClient client = open(get("/"));
        assertEquals(503, client.status());
        assertTrue(client.header("Retry-After").isPresent());
        client.send(get("/").header("Origin", "https://evil.example"));
        assertEquals(403, client.status(), "who may have no stream is not told to come back");
    }

    @Test
    @DisplayName("OV-03 streams count by address, and only a trusted proxy can say for whom it asks")
    void streamsPerAddress() throws Exception {
        serve(Limits.defaults().streamsPerAddress(1));
        openStream("/");
        assertTurnedAway(get("/"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "203.0.113.9"));
    }

    @Test
    @DisplayName("OV-03 behind trusted proxies, the last address that is none of them counts")
    void streamsBehindProxies() throws Exception {
        serve(Limits.defaults().streamsPerAddress(1).trustedProxies("127.0.0.0/8", "10.0.0.0/8", "fd00::/8"));
        for (String hops :
                List.of("203.0.113.1", "203.0.113.2", "203.0.113.1, 203.0.113.3, 10.1.2.3", "2001:db8:0:1::1")) {
            assertTrue(
                    open(get("/").header("X-Forwarded-For", hops))
                            .header("EventSource-Resume")
                            .isPresent(),
                    hops);
        }
        assertTurnedAway(get("/").header("X-Forwarded-For", "203.0.113.1"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "198.51.100.7, 203.0.113.3"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "2001:db8:0:1::2"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "203.0.113.1:54321"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "::ffff:203.0.113.1"));
        assertTurnedAway(get("/").header("X-Forwarded-For", "[2001:db8:0:1::2]:443"));
        openStream("/"); // the proxy itself
        assertTurnedAway(get("/").header("X-Forwarded-For", "unknown"));
    }

    @Test
    @DisplayName("DC-07 a request that is not complete in time is closed, and nobody else waits for that")
    void slowRequests() throws Exception {
        serve(Limits.defaults().requestDeadline(Duration.ofSeconds(3)));
        List<Socket> slow = new ArrayList<>();
        for (String begun : List.of(
                "",
                "GET / HT",
                "GET / HTTP/1.1\r\nHost: lo",
                "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\nabc")) {
            for (int i = 0; i < 50; i++) {
                Socket socket = connect();
                write(socket, begun);
                slow.add(socket);
            }
        }
        TestClient client = openStream("/");
        events.emit("one");
        assertEquals("one", client.next().data());
        for (Socket socket : slow) {
            assertEquals("", readAll(socket), "it is closed without an answer");
        }
        client.awaitComments(client.parser().comments() + 4, SOON);
        events.emit("two");
        assertEquals("two", client.next().data(), "a stream has no deadline");
    }

    @Test
    @DisplayName("DC-07 one byte now and then does not prolong the deadline")
    void trickle() throws Exception {
        serve(Limits.defaults().requestDeadline(Duration.ofMillis(500)));
        Socket socket = connect();
        socket.setSoTimeout(20);
        long deadline = System.nanoTime() + SOON.toNanos();
        boolean open = true;
        while (open) {
            assertTrue(System.nanoTime() < deadline, "a client keeps its connection with a byte now and then");
            try {
                write(socket, "G");
                open = socket.getInputStream().read() >= 0;
            } catch (java.net.SocketTimeoutException notYet) {
                // the next byte
            } catch (IOException closed) {
                open = false;
            }
        }
    }

    @Test
    @DisplayName("OV-04 what is too large is answered with its status: lines, headers, bodies, chunked ones too")
    void sizes() throws Exception {
        serve(EventSourceNetty.builder()
                .limits(Limits.defaults().lineBytes(100).headerBytes(300).bodyBytes(1000))
                .handle(
                        "/*",
                        "GET, POST",
                        (request, body) -> CompletableFuture.completedStage(
                                new HttpAnswer.Whole(200, Map.of(), Integer.toString(body.length)))));
        assertAnswer("414", "GET /" + "x".repeat(100) + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertAnswer("431", "GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(300) + "\r\n\r\n");
        assertAnswer("413", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1001\r\n\r\n");
        assertAnswer("413", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
        String chunked = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        assertAnswer("413", chunked + ("1F4\r\n" + "x".repeat(500) + "\r\n").repeat(3));
        Socket socket = connect();
        write(socket, chunked + ("1F4\r\n" + "x".repeat(500) + "\r\n").repeat(2) + "0\r\n\r\n");
        assertTrue(readUntil(socket, "\r\n\r\n1000").startsWith("HTTP/1.1 200"));
    }

    private void assertAnswer(String status, String request) throws IOException {
        Socket socket = connect();
        write(socket, request);
        String answer = readUntil(socket, "\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        socket.shutdownOutput();
        readAll(socket);
    }

    @Test
    @DisplayName("OV-04 a request for too many topics is answered 400")
    void topics() throws Exception {
        serve(EventSourceNetty.builder()
                .manners(options -> options.topicParameter("t").maxTopics(2))
                .route("/*", events));
        openStream("/?t=a&t=b");
        assertEquals(400, open(get("/?t=a&t=b&t=c")).status());
    }

    @Test
    @DisplayName("OV-01 connections beyond the limit are closed, and make no difference to others")
    void connections() throws Exception {
        serve(Limits.defaults().connections(2));
        TestClient first = openStream("/");
        Socket second = connect();
        write(second, "HEAD / HTTP/1.1\r\n" + HOST + "\r\n");
        readUntil(second, "\r\n\r\n"); // it is one of the two now
        write(second, "GET / HTTP/1.1\r\n" + HOST);
        assertEquals("", readAll(connect()));
        write(second, "\r\n");
        assertTrue(readUntil(second, "\r\n\r\n").startsWith("HTTP/1.1 200"));
        events.emit("one");
        assertEquals("one", first.next().data());
    }

    @Test
    @DisplayName("OV-02 no more connections are accepted in a second than may be, and all in the end")
    void acceptsPerSecond() throws Exception {
        serve(Limits.defaults().acceptsPerSecond(20));
        long start = System.nanoTime();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Socket socket = connect();
            write(socket, "HEAD / HTTP/1.1\r\n" + HOST + "\r\n");
            sockets.add(socket);
        }
        for (Socket socket : sockets) {
            assertTrue(readUntil(socket, "\r\n\r\n").startsWith("HTTP/1.1 200"));
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis > 1500, () -> "60 connections were accepted in " + millis + " ms, at 20 a second");
    }

    @Test
    @DisplayName("SC-01 the system holds no more for a client that takes nothing than it may")
    void unsentBytes() throws Exception {
        for (Transport transport : List.of(Transport.EPOLL, Transport.NIO)) {
            EventSourceServer served = EventSourceServer.create();
            serve(EventSourceNetty.builder()
                    .transport(transport)
                    .limits(Limits.defaults().unsentBytes(16 << 10))
                    .route("/*", served));
            open(get("/").receiveBuffer(4096));
            for (int i = 0; i < 1000; i++) {
                served.emit("x".repeat(4 << 10));
            }
            EventStream stream = served.streams().toCompletableFuture().get().get(0);
            await("the stream lags", () -> stream.lag() > 0);
            long[] lag = new long[] {-1};
            await("the lag stands still", () -> {
                long before = lag[0];
                lag[0] = stream.lag();
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                return lag[0] == before;
            });
            assertTrue(lag[0] > 900, () -> "by " + transport + ", only " + lag[0] + " of 1,000 events are ours to see");
            served.close();
        }
    }

    @Test
    @DisplayName(
            "DC-02 a peer that takes nothing counts as dead after its time, whatever the event source server bears")
    void deadPeer() throws Exception {
        BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();
        EventSourceServer patient = EventSourceServer.builder()
                .stall(Duration.ofHours(1))
                .listener(new StreamListener() {
                    @Override
                    public void closed(EventStream stream, StreamEnd end) {
                        ends.add(end);
                    }
                })
                .build();
        serve(EventSourceNetty.builder()
                .limits(Limits.defaults().deadPeer(Duration.ofSeconds(1)))
                .route("/*", patient));
        open(get("/").receiveBuffer(4096));
        patient.emit("x".repeat(1 << 19));
        patient.emit("x".repeat(1 << 19));
        assertEquals(StreamEnd.CANCELLED, ends.poll(60, TimeUnit.SECONDS));
        patient.close();
    }

    @Test
    @DisplayName("OV-05 a process without descriptors accepts again when it has some")
    void descriptors() throws Exception {
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 120 && exec \"$0\" \"$@\"",
                        System.getProperty("java.home") + "/bin/java",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewDescriptors.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            int port = Integer.parseInt(process.inputReader().readLine());
            List<Socket> held = new ArrayList<>();
            try (TestClient first = TestClient.get(port, "/").open()) { // loads classes, which takes descriptors
                first.awaitComments(3, SOON);
            }
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                write(socket, "GET / HTTP/1.1\r\n" + HOST + "\r\n");
                held.add(socket);
            }
            held.get(0).setSoTimeout((int) SOON.toMillis());
            readUntil(held.get(0), "\r\n\r\n");
            Socket last = held.get(199);
            last.setSoTimeout(500);
            try {
                int first = last.getInputStream().read();
                assertEquals(-2, first, "there were descriptors for all: the test tests nothing");
            } catch (java.net.SocketTimeoutException waits) {
                // as it should
            }
            for (int i = 0; i < 150; i++) {
                held.get(i).close();
            }
            last.setSoTimeout((int) SOON.toMillis());
            assertTrue(readUntil(last, "\r\n\r\n").startsWith("HTTP/1.1 200"), "it is accepted when there is room");
            for (Socket socket : held) {
                socket.close();
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
