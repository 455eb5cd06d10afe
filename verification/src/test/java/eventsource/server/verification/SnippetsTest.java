package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java snippet in the documentation compiles; the one on the first screen runs, and so do the tests of two guides. */
class SnippetsTest {

    @TempDir
    private Path classes;

    static List<Snippet> snippets() throws IOException {
        return Snippet.all();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void aSnippetCompiles(Snippet snippet) {
        snippet.compile(classes);
    }

    @Test
    void theSynopsisRunsAndHasAtMostEightLines() throws Exception {
        String code = snippets().get(0).code();
        assertTrue(code.lines().filter(line -> !line.isBlank()).count() <= 8, code);
        int port = freePort();
        new Snippet("the synopsis", code.replace("7798", Integer.toString(port))).run(classes, context -> {});
        try (TestClient client = TestClient.get(port, "/").open()) {
            assertEquals(200, client.status());
            assertEquals("text/event-stream", client.header("Content-Type").orElseThrow());
        }
    }

    /** All but the one that needs a certificate. */
    static List<Snippet> testsOfTheGuides() throws IOException {
        return snippets().stream()
                .filter(snippet -> snippet.place().contains("test-your-endpoint.md")
                        || snippet.place().contains("check-a-cluster.md"))
                .filter(snippet -> !snippet.code().contains("sslContext"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("testsOfTheGuides")
    void aTestOfAGuidePasses(Snippet snippet) throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.start();
        try (EventSourceServer events = EventSourceServer.create()) {
            http.createContext("/events", EventSourceHandler.of(events));
            snippet.run(classes, context -> {
                context.events = events;
                context.http = http;
                context.uri = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/events");
            });
        } finally {
            http.stop(0);
            ((ExecutorService) http.getExecutor()).shutdownNow();
        }
    }

    /** None of those that systems choose by themselves, or another may have it until it is used. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // another one is not
            }
        }
    }
}
