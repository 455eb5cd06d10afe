package eventsource.server.netty;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is answered at which path. Not changed any more once it is used. */
final class Routes {

    private static final System.Logger LOG = System.getLogger("eventsource.server.netty");
    private static final List<String> STREAM_METHODS = List.of("GET", "HEAD", "OPTIONS");

    private final PathMap<Function<? super HttpRequest, ? extends CompletionStage<HttpManners>>> streams =
            new PathMap<>();
    private final PathMap<Plain> others = new PathMap<>();
    private final HttpManners guard;

    /** A handler, and the methods that it serves. */
    record Plain(String methods, PlainHandler handler) {}

    /** Lets a stream in, or not. */
    interface Door {
        CompletionStage<HttpAnswer> open(HttpManners manners);
    }

    /**
     * Nothing yet.
     *
     * @param guard says who may ask for what is no stream
     */
    Routes(HttpManners guard) {
        this.guard = guard;
    }

    static HttpManners guard(Function<? super HttpManners.Builder, HttpManners.Builder> options) {
        return options.apply(HttpManners.builder(EventSourceServer.create())).build();
    }

    void stream(String path, Function<? super HttpRequest, ? extends CompletionStage<HttpManners>> manners) {
        streams.put(path, manners);
    }

    void handle(String path, Plain plain) {
        others.put(path, plain);
    }

    boolean isEmpty() {
        return streams.isEmpty() && others.isEmpty();
    }

    /**
     * Answers a request.
     *
     * @param door opens a stream
     * @return completes with the answer; never fails
     */
    CompletionStage<HttpAnswer> answer(HttpRequest request, byte[] body, Door door) {
        try {
            Plain plain = plain(request);
            if (plain != null) {
                return answer(request, body, plain);
            }
            var stream = streams.find(request.path());
            return stream == null
                    ? CompletableFuture.completedStage(text(404, "Nothing is served at this path."))
                    : stream.value().apply(request).thenCompose(door::open).exceptionally(Routes::failed);
        } catch (Throwable failure) { // of the application's, and every request is answered
            return CompletableFuture.completedStage(failed(failure));
        }
    }

    /** Whether somebody will read the body of a request: that of any other is not kept. */
    boolean takesBody(HttpRequest request) {
        Plain plain = plain(request);
        return plain != null && guard.guard(request, plain.methods()) == null;
    }

    /** The handler that a request is for; null if it is for a stream, or for nothing. */
    private @Nullable Plain plain(HttpRequest request) {
        var other = others.find(request.path());
        if (other == null) {
            return null;
        }
        var stream = streams.find(request.path());
        boolean fitsBetter = stream == null || other.length() > stream.length();
        boolean shared = stream != null && other.length() == stream.length();
        return fitsBetter || (shared && isForOther(request, other.value())) ? other.value() : null;
    }

    private static boolean isForOther(HttpRequest request, Plain other) {
        String planned = request.header("Access-Control-Request-Method");
        String method = request.method().equals("OPTIONS") && planned != null ? planned : request.method();
        String accept = String.join(",", request.headers("Accept")).toLowerCase(Locale.ROOT);
        boolean served =
                List.of(other.methods().replace(" ", "").split(",", -1)).contains(method);
        return (served && accept.contains("text/html")) || !STREAM_METHODS.contains(method);
    }

    private CompletionStage<HttpAnswer> answer(HttpRequest request, byte[] body, Plain plain) {
        HttpAnswer.Whole own = guard.guard(request, plain.methods());
        return own == null
                ? call(plain.handler(), request, body)
                        .exceptionally(Routes::failed)
                        .thenApply(answer -> guard.readable(request, answer))
                : CompletableFuture.completedStage(own);
    }

    private static CompletionStage<HttpAnswer.Whole> call(PlainHandler handler, HttpRequest request, byte[] body) {
        try {
            return handler.answer(request, body);
        } catch (Throwable failure) { // of the application's, and every request is answered
            return CompletableFuture.failedStage(failure);
        }
    }

    static HttpAnswer.Whole failed(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof HttpRefusal refusal) {
            return text(refusal.status(), refusal.getMessage());
        }
        if (cause instanceof IllegalArgumentException rejected) {
            return text(400, rejected.getMessage());
        }
        LOG.log(Level.ERROR, "a request could not be answered", cause);
        return text(500, "The request could not be answered.");
    }

    static HttpAnswer.Whole text(int status, @Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/plain; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        return new HttpAnswer.Whole(status, headers, (text == null ? "" : text) + "\n");
    }
}
