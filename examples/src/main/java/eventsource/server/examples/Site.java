package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an example serves: streams at some paths, a page or a place to post to at others. */
public final class Site {

    /** The largest body that can be posted, in bytes. */
    public static final int MAX_BODY = 1 << 20;

    /** Nobody's server, whose manners say who may ask for what has no stream of its own. */
    private static final EventSourceServer NONE = EventSourceServer.create();

    private static final HttpManners GUARD = HttpManners.of(NONE);

    private static final long PATIENCE_SECONDS = 3;

    private final Supplier<? extends Collection<EventSourceServer>> servers;
    private final Map<String, Function<HttpRequest, HttpManners>> streams = new HashMap<>();
    private final Set<HttpManners> shared = new HashSet<>();
    private final Map<String, Other> others = new HashMap<>();

    /** A site with one server for everybody. */
    public Site(EventSourceServer events) {
        this(() -> List.of(events));
    }

    /** A site whose servers come and go. */
    Site(Supplier<? extends Collection<EventSourceServer>> servers) {
        this.servers = servers;
    }

    /** A stream of one of the servers. */
    record Stream(EventSourceServer server, StreamRequest request) {}

    /** What is no stream, and the methods that it takes. */
    public record Other(String methods, BiFunction<HttpRequest, byte[], CompletionStage<HttpAnswer.Whole>> work) {}

    /** The servers that there are now. */
    Collection<EventSourceServer> servers() {
        return servers.get();
    }

    /**
     * Ends all streams, each at the end of an event, and waits until they have ended: for three seconds at most, because whoever
     * takes nothing is cut off with the web server, which is to be ended after this.
     */
    public void stop() {
        try {
            CompletableFuture.allOf(servers().stream()
                            .map(server -> server.stop().toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            // said above
        }
    }

    /** A stream, the same for all requests to a path. */
    public Site stream(String path, HttpManners manners) {
        streams.put(path, request -> manners);
        shared.add(manners);
        return this;
    }

    /** A stream that is chosen for each request, or none; the choice may throw an {@link HttpRefusal}. */
    Site streams(String path, Function<HttpRequest, @Nullable Stream> choice) {
        streams.put(path, request -> {
            try {
                Stream chosen = choice.apply(request);
                if (chosen == null) {
                    throw new HttpRefusal(404, "there is no such stream");
                }
                return HttpManners.builder(chosen.server)
                        .requests(any -> CompletableFuture.completedStage(chosen.request))
                        .build();
            } catch (HttpRefusal | IllegalArgumentException refused) {
                return HttpManners.builder(NONE)
                        .requests(any -> CompletableFuture.failedStage(refused))
                        .build();
            }
        });
        return this;
    }

    /** A page for whoever asks for HTML, also at a path that has a stream. */
    public Site page(String path, String html) {
        return other(
                path,
                "GET, HEAD",
                (request, body) -> now(new HttpAnswer.Whole(200, headers("text/html; charset=utf-8"), html)));
    }

    /** A place to post to; what the work gives is answered as text. */
    public Site post(String path, Function<Posted, CompletionStage<String>> work) {
        return other(
                path,
                "POST",
                (request, body) -> work.apply(new Posted(request, body)).thenApply(text -> text(202, text)));
    }

    private Site other(
            String path, String methods, BiFunction<HttpRequest, byte[], CompletionStage<HttpAnswer.Whole>> work) {
        others.put(path, new Other(methods, work));
        return this;
    }

    /** What is streamed, by path. */
    public Map<String, Function<HttpRequest, HttpManners>> streams() {
        return streams;
    }

    /** What is no stream, by path. */
    public Map<String, Other> others() {
        return others;
    }

    /** The manners of the stream that a request asks for, or null if {@link #answer} has to be asked. */
    public @Nullable HttpManners stream(HttpRequest request) {
        String accept = String.join(",", request.headers("Accept")).toLowerCase(Locale.ROOT);
        boolean wantsPage = accept.contains("text/html") && others.containsKey(request.path());
        var stream = wantsPage ? null : streams.get(request.path());
        return stream == null ? null : stream.apply(request);
    }

    /** Whether the manners are those of all requests to a path, so that it pays to keep what is made for them. */
    public boolean isShared(HttpManners manners) {
        return shared.contains(manners);
    }

    /** Answers what is no stream. The answer never fails: where the example does, it says why. */
    public CompletionStage<HttpAnswer.Whole> answer(HttpRequest request, byte[] body) {
        var other = others.get(request.path());
        if (other == null) {
            return now(text(404, "nothing is served at this path\n"));
        }
        HttpAnswer.Whole refusal = GUARD.guard(request, other.methods);
        try {
            return refusal == null
                    ? other.work.apply(request, body).exceptionally(failure -> text(503, failure.getMessage() + "\n"))
                    : now(refusal);
        } catch (HttpRefusal refused) {
            return now(text(refused.status(), refused.getMessage() + "\n"));
        } catch (IllegalArgumentException rejected) {
            return now(text(400, rejected.getMessage() + "\n"));
        }
    }

    private static CompletionStage<HttpAnswer.Whole> now(HttpAnswer.Whole answer) {
        return CompletableFuture.completedStage(answer);
    }

    /** What a host answers to whoever posts more than {@link #MAX_BODY}. */
    public static HttpAnswer.Whole tooLarge() {
        return text(413, "the body is larger than 1 MiB\n");
    }

    /** A plain answer. */
    public static HttpAnswer.Whole text(int status, String text) {
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
