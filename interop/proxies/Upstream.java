import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.Figures;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.netty.Limits;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What stands behind the proxies: streams with heartbeats and without, by the web server that the first argument names.
 * What they have to say is posted to a port of its own, past all proxies.
 */
final class Upstream {

    private static final String PUBLIC_NAME = "events.example.com";
    private static final int STREAMS_PER_ADDRESS = 30;

    /** Tells warnings only; where it listens, it says itself. */
    private static final Logger LOG = Logger.getLogger("eventsource.server");

    private final EventSourceServer beating = server(Duration.ofSeconds(1));
    private final EventSourceServer silent = server(Duration.ZERO);
    private volatile boolean ready = true;

    public static void main(String[] args) throws IOException {
        LOG.setLevel(Level.WARNING);
        var upstream = new Upstream();
        int port = args[0].equals("jdk") ? upstream.jdk() : upstream.netty();
        HttpServer control = listen();
        control.createContext("/", upstream::control);
        control.start();
        System.out.println("ports " + port + " " + control.getAddress().getPort());
        System.in.transferTo(OutputStream.nullOutputStream()); // whoever started it holds the other end while it lives
        System.exit(0);
    }

    private static EventSourceServer server(Duration keepalive) {
        return EventSourceServer.builder()
                .keepalive(keepalive)
                .stall(Duration.ofSeconds(3))
                .gapEvent("gap")
                .build();
    }

    private int netty() throws IOException {
        return EventSourceNetty.builder()
                .manners(Upstream::behindProxy)
                .limits(Limits.defaults().streamsPerAddress(STREAMS_PER_ADDRESS).trustedProxies("127.0.0.1"))
                .route("/events", beating)
                .route("/events/silent", silent)
                .handle("/ready", "GET", (request, body) -> CompletableFuture.completedStage(
                        new HttpAnswer.Whole(ready ? 200 : 503, Map.of(), "")))
                .start()
                .port();
    }

    private int jdk() throws IOException {
        HttpServer http = listen();
        http.createContext("/events", EventSourceHandler.of(behindProxy(HttpManners.builder(beating)).build()));
        http.createContext("/events/silent", EventSourceHandler.of(behindProxy(HttpManners.builder(silent)).build()));
        http.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(ready ? 200 : 503, -1);
            exchange.close();
        });
        http.start();
        return http.getAddress().getPort();
    }

    private static HttpServer listen() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        http.setExecutor(Executors.newCachedThreadPool());
        return http;
    }

    private static HttpManners.Builder behindProxy(HttpManners.Builder options) {
        return options.topicParameter("topic").allowedHosts(PUBLIC_NAME);
    }

    private void control(HttpExchange exchange) throws IOException {
        HttpRequest request =
                HttpRequest.of(exchange.getRequestMethod(), exchange.getRequestURI().toString(), Map.of(), true);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] answer = work(request, body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    /** Does what was posted; topics have names of their own in each test, so both servers are told. */
    private String work(HttpRequest request, String body) {
        String topic = String.join("", request.parameters("topic"));
        switch (request.path()) {
            case "/emit" -> emit(body, topic);
            case "/flood" -> {
                String data = "x".repeat(1 << 18);
                for (int i = 0; i < Integer.parseInt(body); i++) {
                    emit(data, topic);
                }
            }
            case "/end" -> {
                beating.end(stream -> topic.isEmpty() || stream.topics().contains(topic));
                silent.end(stream -> topic.isEmpty() || stream.topics().contains(topic));
            }
            case "/ready" -> ready = Boolean.parseBoolean(body);
            case "/figures" -> {
                Figures one = beating.figures();
                Figures other = silent.figures();
                return "{\"streams\": " + (one.streams() + other.streams()) + ", \"slow\": "
                        + (one.stalled() + one.lagged() + other.stalled() + other.lagged()) + "}";
            }
            default -> throw new IllegalArgumentException("there is no " + request.path());
        }
        return "";
    }

    private void emit(String data, String topic) {
        beating.emit(Event.of(data), topic);
        silent.emit(Event.of(data), topic);
    }
}
