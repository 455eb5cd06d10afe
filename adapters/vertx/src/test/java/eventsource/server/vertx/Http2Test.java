package eventsource.server.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.spi.HttpManners;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the client of the JDK, which upgrades a connection from HTTP/1.1. */
@DisplayName("The handler for Vert.x over HTTP/2")
@Timeout(60)
class Http2Test {

    private static final String LARGE = "x".repeat(64 << 10);

    private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();
    private final EventSourceServer server = EventSourceServer.builder()
            .stall(Duration.ofSeconds(1))
            .keepalive(Duration.ofMillis(200))
            .listener(new StreamListener() {
                @Override
                public void closed(EventStream stream, StreamEnd end) {
                    ends.add(end);
                }
            })
            .build();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    private RunningVertx http;

    private void serve(HttpServerOptions options) {
        http = RunningVertx.serving(
                options, router -> router.route().handler(EventSourceHandler.of(HttpManners.of(server))));
    }

    @AfterEach
    void closeAll() {
        server.close();
        http.close();
    }

    private HttpResponse<InputStream> get(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + http.port() + "/"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
        return response;
    }

    private static BufferedReader lines(HttpResponse<InputStream> response) {
        assertEquals(200, response.statusCode());
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String nextData(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line.substring(6);
            }
        }
        throw new AssertionError("the stream ended");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("serves streams beside each other on one connection, and ends each cleanly")
    void streams(boolean compressing) throws Exception {
        serve(new HttpServerOptions().setCompressionSupported(compressing));
        HttpResponse<InputStream> response = get("Accept-Encoding", "gzip");
        BufferedReader one = lines(response);
        BufferedReader other = lines(get());
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "identity", response.headers().firstValue("Content-Encoding").orElse("identity"));
        assertFalse(response.headers().firstValue("Transfer-Encoding").isPresent());
        for (int i = 0; i < 20; i++) {
            server.emit(i + LARGE);
        }
        for (int i = 0; i < 20; i++) {
            assertTrue((i + LARGE).equals(nextData(one)), "everything, in order");
            assertTrue((i + LARGE).equals(nextData(other)), "everything, in order");
        }
        server.stop();
        assertNull(lastLine(one), "a clean end");
        assertNull(lastLine(other), "a clean end");
    }

    private static String lastLine(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    @DisplayName("cuts off the stream that takes nothing, and leaves the others on its connection alone")
    void stalled() throws Exception {
        serve(new HttpServerOptions());
        BufferedReader healthy = lines(get());
        HttpResponse<InputStream> stalled = get();
        for (int i = 0; i < 400; i++) { // more than the window of a stream, which has 16 MiB
            server.emit(i + LARGE);
            assertTrue((i + LARGE).equals(nextData(healthy)), "everything, in order");
        }
        assertEquals(StreamEnd.STALLED, ends.poll(20, TimeUnit.SECONDS));
        server.emit("next");
        assertEquals("next", nextData(healthy));
        assertThrows(IOException.class, () -> stalled.body().readAllBytes(), "no clean end in mid event");
        assertTrue(ends.isEmpty());
    }

    @Test
    @DisplayName("notices a client that leaves, and leaves the others on its connection alone")
    void left() throws Exception {
        serve(new HttpServerOptions());
        BufferedReader staying = lines(get());
        HttpResponse<InputStream> leaving = get();
        leaving.body().close();
        assertEquals(StreamEnd.CANCELLED, ends.poll(20, TimeUnit.SECONDS));
        server.emit("next");
        assertEquals("next", nextData(staying));
    }

    @Test
    @DisplayName("CO-06 on loopback only loopback names are served, also where the name is no header")
    void hosts() {
        serve(new HttpServerOptions());
        assertEquals(421, statusAs("evil.example"));
        assertEquals(200, statusAs("localhost"));
    }

    private int statusAs(String host) {
        var options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        var request = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(http.port(), "127.0.0.1"))
                .setHost(host)
                .setPort(http.port());
        var asking = http.vertx().createHttpClient(options); // which closes itself where nobody holds on to it
        try {
            return RunningVertx.await(
                    asking.request(request).compose(HttpClientRequest::send).map(HttpClientResponse::statusCode));
        } finally {
            RunningVertx.await(asking.close());
        }
    }
}
