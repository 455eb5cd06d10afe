package eventsource.server.interop;

import eventsource.server.parser.EventStreamParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The JDK's HttpClient, which gives lines and knows nothing of events: they are parsed by this project's own parser. */
final class JdkHttpClient {

    private JdkHttpClient() {}

    public static void main(String[] args) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create(args[0]);
        Loop.run(loop -> connect(client, uri, loop));
    }

    private static void connect(HttpClient client, URI uri, Loop loop) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (!loop.lastEventId().isEmpty()) {
            request.header("Last-Event-ID", loop.lastEventId());
        }
        HttpResponse<Stream<String>> response = client.send(request.build(), BodyHandlers.ofLines());
        if (loop.opened(response.statusCode())) {
            read(response.body(), loop);
        }
    }

    private static void read(Stream<String> lines, Loop loop) {
        EventStreamParser parser =
                new EventStreamParser(event -> loop.event(event.type(), event.data(), event.lastEventId()));
        try (lines) {
            lines.forEach(line -> parser.feed((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } finally {
            parser.retryMillis().ifPresent(loop::retry);
        }
    }
}
