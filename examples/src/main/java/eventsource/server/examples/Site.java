package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What an example serves: streams at some paths, a page or a place to post to at others. */
final class Site {

    /** The largest body that can be posted, in bytes. */
    static final int MAX_BODY = 1 << 20;

    private final EventSourceServer events;
    private final Map<String, HttpManners> streams = new HashMap<>();
    private final Map<String, BiFunction<HttpRequest, byte[], CompletionStage<HttpAnswer.Whole>>> others =
            new HashMap<>();

    Site(EventSourceServer events) {
        this.events = events;
    }

    /** The server to stop when the program ends. */
    EventSourceServer events() {
        return events;
    }

    Site stream(String path, HttpManners manners) {
        streams.put(path, manners);
        return this;
    }

    /** A page for whoever asks for HTML, also at a path that has a stream. */
    Site page(String path, String html) {
        HttpManners manners = streams.get(path);
        others.put(path, (request, body) -> {
            HttpAnswer.Whole refusal = manners == null ? null : manners.refusal(request, "GET, HEAD");
            return CompletableFuture.completedStage(
                    refusal == null ? new HttpAnswer.Whole(200, headers("text/html; charset=utf-8"), html) : refusal);
        });
        return this;
    }

    Site post(
            String path,
            HttpManners manners,
            BiFunction<HttpRequest, byte[], CompletionStage<HttpAnswer.Whole>> answers) {
        others.put(path, (request, body) -> {
            HttpAnswer.Whole refusal = manners.refusal(request, "POST");
            return refusal == null ? answers.apply(request, body) : CompletableFuture.completedStage(refusal);
        });
        return this;
    }

    /** The manners of the stream that a request asks for, or null if {@link #answer} has to be asked. */
    @Nullable
    HttpManners stream(HttpRequest request) {
        String accept = String.join(",", request.headers("Accept")).toLowerCase(Locale.ROOT);
        boolean wantsPage = accept.contains("text/html") && others.containsKey(request.path());
        return wantsPage ? null : streams.get(request.path());
    }

    CompletionStage<HttpAnswer.Whole> answer(HttpRequest request, byte[] body) {
        var other = others.get(request.path());
        return other == null ? now(404, "nothing is served at this path\n") : other.apply(request, body);
    }

    static CompletionStage<HttpAnswer.Whole> now(int status, String text) {
        return CompletableFuture.completedStage(text(status, text));
    }

    static HttpAnswer.Whole text(int status, String text) {
        return new HttpAnswer.Whole(status, headers("text/plain; charset=utf-8"), text);
    }

    private static Map<String, String> headers(String contentType) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        return headers;
    }
}
