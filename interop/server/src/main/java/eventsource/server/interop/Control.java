package eventsource.server.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Where the driver says what happens next: {@code POST /emit?story=S&type=T&id=I} with the data as body, and
 * {@code POST /begin}, {@code /end}, {@code /finish}, {@code /forget} and {@code /drop}, each with a story. An answer is
 * sent when it has happened, one after the other.
 */
final class Control {

    private static final int PATIENCE_SECONDS = 5;

    private final Stories stories;

    private Control(Stories stories) {
        this.stories = stories;
    }

    /** Listens on a free port of this machine, and gives it. */
    static int start(Stories stories) throws IOException {
        var control = new Control(stories);
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", control::handle);
        http.start();
        return http.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        HttpRequest request = HttpRequest.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(),
                /* loopback= */ true);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            String answer = run(request, body).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            send(exchange, 200, answer);
        } catch (HttpRefusal refused) {
            send(exchange, refused.status(), String.valueOf(refused.getMessage()));
        } catch (Exception failure) { // whatever it is, the driver is to read of it
            send(exchange, 500, failure.toString());
        }
    }

    private CompletionStage<String> run(HttpRequest request, String body) {
        String name = parameter(request, "story");
        return switch (request.method() + " " + request.path()) {
            case "POST /begin" -> done(() -> stories.begin(name));
            case "POST /emit" -> stories.of(name).emit(parameter(request, "type"), parameter(request, "id"), body);
            case "POST /end" -> stories.of(name).end().thenApply(String::valueOf);
            case "POST /finish" -> done(stories.of(name)::finish);
            case "POST /forget" -> done(stories.of(name)::forget);
            case "POST /drop" -> done(() -> stories.drop(name));
            default -> throw new HttpRefusal(404, "there is no such command");
        };
    }

    private static CompletionStage<String> done(Runnable work) {
        work.run();
        return CompletableFuture.completedStage("");
    }

    /** The value of a parameter of the query; empty if there is none. */
    private static String parameter(HttpRequest request, String name) {
        var values = request.parameters(name);
        return values.isEmpty() ? "" : values.get(0);
    }

    private static void send(HttpExchange exchange, int status, String answer) throws IOException {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
