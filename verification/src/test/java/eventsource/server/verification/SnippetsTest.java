package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java snippet in the documentation compiles; the one on the first screen runs, and so do the tests of two guides. */
class SnippetsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");
    private static final String IMPORTS = """
            import com.sun.net.httpserver.HttpServer;
            import eventsource.server.*;
            import eventsource.server.jdkhttpserver.*;
            import eventsource.server.netty.*;
            import eventsource.server.parser.*;
            import eventsource.server.spi.*;
            import eventsource.server.testkit.*;
            import eventsource.server.testkit.checker.*;
            import eventsource.server.testkit.log.*;
            import eventsource.server.verification.SnippetContext;
            import java.net.*;
            import java.net.http.HttpClient;
            import java.nio.ByteBuffer;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import static eventsource.server.testkit.FaultProxy.Direction.*;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    @TempDir
    private Path classes;

    /** A snippet, and where it stands. */
    record Snippet(String place, String code) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages =
                    new ArrayList<>(docs.filter(path -> path.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(0, ROOT.resolve("README.md"));
            for (Path page : pages) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                for (int i = 1; block.find(); i++) {
                    snippets.add(new Snippet(ROOT.relativize(page) + " #" + i, block.group(1)));
                }
            }
        }
        return snippets;
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void aSnippetCompiles(Snippet snippet) {
        compile(snippet.code());
    }

    @Test
    void theSynopsisRunsAndHasAtMostEightLines() throws Exception {
        String code = snippets().get(0).code();
        assertTrue(code.lines().filter(line -> !line.isBlank()).count() <= 8, code);
        int port = freePort();
        run(code.replace("7798", Integer.toString(port)), context -> {});
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
            run(snippet.code(), context -> {
                context.events = events;
                context.http = http;
                context.uri = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/events");
            });
        } finally {
            http.stop(0);
            ((ExecutorService) http.getExecutor()).shutdownNow();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void run(String code, Consumer<SnippetContext> given) throws Exception {
        compile(code);
        URL[] urls = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls)) {
            SnippetContext snippet = (SnippetContext)
                    loader.loadClass("Snippet").getConstructor().newInstance();
            given.accept(snippet);
            snippet.run();
        }
    }

    private void compile(String code) {
        String source =
                IMPORTS + "public final class Snippet extends SnippetContext { public void run() throws Exception {\n"
                        + code + "\n} }";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options =
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignore) {
                        return source;
                    }
                };
        boolean compiled = compiler.getTask(output, null, null, options, null, List.of(file))
                .call();
        assertTrue(compiled, () -> output + "\n" + source);
    }
}
