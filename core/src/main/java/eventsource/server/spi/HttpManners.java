package eventsource.server.spi;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRefusedException;
import eventsource.server.StreamRequest;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an event source server answers HTTP requests, decided once for all web servers: methods, {@code Accept}, origins,
 * the {@code Host} check, the last event id, and what happens when there are too many streams. An adapter gives it
 * requests and moves bytes.
 *
 * <p>Immutable, and safe for use by any number of threads.
 */
public final class HttpManners {

    private static final System.Logger LOG = System.getLogger("eventsource.server");
    private static final String METHODS = "GET, HEAD, OPTIONS";
    private static final String OTHER_HOST = "This server does not answer to the name in the header Host."
            + " Where it should, name the host with allowedHosts.";
    private static final String OTHER_ORIGIN =
            "Pages of this origin may not read this. Where they should, name the origin with allowedOrigins.";
    private static final String HEADERS = "Authorization, Cache-Control, Content-Type, Last-Event-ID";

    private final EventSourceServer server;
    private final Hosts hosts;
    private final Origins origins;
    private final Overload overload;
    private final int maxTopics;
    private final Function<? super HttpRequest, ? extends CompletionStage<StreamRequest>> requests;
    private final Function<? super StreamRequest, ? extends CompletionStage<EventStream>> door;

    private HttpManners(Builder builder) {
        server = builder.server;
        hosts = builder.hosts.copy();
        origins = builder.origins.copy();
        overload = builder.overload;
        maxTopics = builder.maxTopics;
        requests = builder.requests;
        door = server::open;
    }

    private HttpManners(
            HttpManners other,
            Function<? super HttpRequest, ? extends CompletionStage<StreamRequest>> requests,
            Function<? super StreamRequest, ? extends CompletionStage<EventStream>> door) {
        server = other.server;
        hosts = other.hosts;
        origins = other.origins;
        overload = other.overload;
        maxTopics = other.maxTopics;
        this.requests = Objects.requireNonNull(requests, "requests");
        this.door = Objects.requireNonNull(door, "door");
    }

    /**
     * Manners with the defaults: every request gets the server's own stream, and pages of other origins get none.
     *
     * @param server the server whose streams are served
     * @return the manners
     */
    public static HttpManners of(EventSourceServer server) {
        return builder(server).build();
    }

    /**
     * Options for manners.
     *
     * @param server the server whose streams are served
     * @return a builder that has the defaults
     */
    public static Builder builder(EventSourceServer server) {
        return new Builder(Objects.requireNonNull(server, "server"));
    }

    /**
     * The same manners for other streams: for adapters whose application says for each request what it gets.
     *
     * @param requests as {@link Builder#requests} takes it
     * @param door opens what is asked for, with the last event id, instead of {@link EventSourceServer#open}
     * @return other manners
     */
    public HttpManners with(
            Function<? super HttpRequest, ? extends CompletionStage<StreamRequest>> requests,
            Function<? super StreamRequest, ? extends CompletionStage<EventStream>> door) {
        return new HttpManners(this, requests, door);
    }

    /** {@return the server whose streams are served} */
    public EventSourceServer server() {
        return server;
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @return completes with the answer; never fails
     */
    public CompletionStage<HttpAnswer> answer(HttpRequest request) {
        HttpAnswer own = guard(request, METHODS, /* stream= */ true);
        if (own == null && !Accept.admitsEventStream(request.headers("Accept"))) {
            own = text(406, request, "This is an event stream, and the header Accept rules out text/event-stream.");
        }
        if (own == null && request.method().equals("HEAD")) {
            own = new HttpAnswer.Whole(200, headers(request, EventSourceServer.headers(), /* stream= */ true), "");
        }
        return own == null ? stream(request) : CompletableFuture.completedStage(own);
    }

    /**
     * Answers a request for a stream for which the host has no room, as it does when the server has none.
     *
     * @param request the request
     * @param message why, for logs
     * @return the answer
     */
    public HttpAnswer overloaded(HttpRequest request, String message) {
        HttpAnswer own = guard(request, METHODS, /* stream= */ true);
        return own == null ? refused(request, server.refusal(message)) : own;
    }

    /**
     * Answers the requests that go no further: because of their host, their origin or their method, and those that only ask
     * what is allowed ({@code OPTIONS}). For the other paths of an application: pages of origins that {@link
     * Builder#allowedOrigins} names may ask there, with any of the methods; that any origin is allowed does not count.
     *
     * @param request the request
     * @param methods the methods that are served, as in {@code "GET, HEAD"}
     * @return the answer, or null if nothing speaks against the request
     */
    public HttpAnswer.@Nullable Whole guard(HttpRequest request, String methods) {
        return guard(request, methods, /* stream= */ false);
    }

    private HttpAnswer.@Nullable Whole guard(HttpRequest request, String methods, boolean stream) {
        if (!hosts.admit(request)) {
            return text(421, request, OTHER_HOST);
        }
        if (!origins.admit(request, stream)) {
            return text(403, request, OTHER_ORIGIN);
        }
        boolean served = List.of(methods.replace(" ", "").split(",", -1)).contains(request.method());
        if (request.method().equals("OPTIONS") && (stream || !served)) {
            return options(request, methods, stream);
        }
        if (!served) {
            HttpAnswer.Whole answer = text(405, request, "This path serves " + methods + ".");
            answer.headers().put("Allow", methods);
            return answer;
        }
        return null;
    }

    /**
     * Adds to an answer of the application's what lets pages of the origins read it that {@link #guard} lets through.
     *
     * @param request what is answered
     * @param answer the answer; if it says itself who may read it, that counts
     * @return a copy with these headers
     */
    public HttpAnswer.Whole readable(HttpRequest request, HttpAnswer.Whole answer) {
        Map<String, String> headers = headers(request, answer.headers(), /* stream= */ false);
        return new HttpAnswer.Whole(answer.status(), headers, answer.body());
    }

    private CompletionStage<HttpAnswer> stream(HttpRequest request) {
        try {
            String lastEventId = LastEventId.of(request);
            return requests.apply(request)
                    .thenCompose(wanted -> door.apply(completed(wanted, request, lastEventId)))
                    .<HttpAnswer>thenApply(stream ->
                            new HttpAnswer.Streaming(headers(request, stream.headers(), /* stream= */ true), stream))
                    .exceptionally(failure -> failed(request, failure));
        } catch (Throwable failure) { // foreign code throws whatever it likes, and every request is answered
            return CompletableFuture.completedStage(failed(request, failure));
        }
    }

    private StreamRequest completed(StreamRequest wanted, HttpRequest request, String lastEventId) {
        if (wanted.topics().size() + wanted.selectors().size() > maxTopics) {
            throw new IllegalArgumentException("more than " + maxTopics + " topics are asked for");
        }
        StreamRequest placed = wanted.lastEventId() == null ? wanted.after(lastEventId) : wanted;
        return request.executor() == null ? placed : placed.drainedBy(request.executor());
    }

    private HttpAnswer failed(HttpRequest request, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof StreamRefusedException refused) {
            return refused(request, refused);
        }
        if (cause instanceof HttpRefusal refusal) {
            return text(refusal.status(), request, refusal.getMessage());
        }
        if (cause instanceof IllegalArgumentException bad) {
            String why = bad.getMessage() == null ? "" : ": " + bad.getMessage();
            return text(400, request, "This is not a request for a stream" + why + ".");
        }
        LOG.log(Level.ERROR, "a request for a stream could not be answered", cause);
        return text(500, request, "The request could not be answered.");
    }

    private HttpAnswer refused(HttpRequest request, StreamRefusedException refused) {
        if (refused.reason() == StreamRefusedException.Reason.FINISHED) {
            Map<String, String> headers = headers(request, Map.of("Cache-Control", "no-store"), /* stream= */ true);
            if (refused.outcome() != null) {
                headers.put("EventSource-Resume", refused.outcome().headerValue());
            }
            return new HttpAnswer.Whole(204, headers, "");
        }
        if (overload == Overload.STREAM) {
            String body = StandardCharsets.UTF_8.decode(refused.body()).toString();
            return new HttpAnswer.Whole(200, headers(request, EventSourceServer.headers(), /* stream= */ true), body);
        }
        HttpAnswer answer = text(503, request, "No further stream can be opened now. Come back later.");
        answer.headers().put("Retry-After", Long.toString((refused.retryAfter().toMillis() + 999) / 1000)); // seconds
        return answer;
    }

    private HttpAnswer.Whole options(HttpRequest request, String methods, boolean stream) {
        Map<String, String> headers = headers(request, Map.of(), stream);
        headers.put("Allow", methods);
        if (headers.containsKey("Access-Control-Allow-Origin")
                && request.header("Access-Control-Request-Method") != null) {
            headers.put("Access-Control-Allow-Methods", methods);
            headers.put("Access-Control-Allow-Headers", HEADERS);
            headers.put("Access-Control-Max-Age", "7200");
        }
        return new HttpAnswer.Whole(204, headers, "");
    }

    private HttpAnswer.Whole text(int status, HttpRequest request, @Nullable String body) {
        Map<String, String> headers = headers(
                request,
                Map.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff"),
                /* stream= */ true);
        return new HttpAnswer.Whole(status, headers, body + "\n");
    }

    private Map<String, String> headers(HttpRequest request, Map<String, String> own, boolean stream) {
        Map<String, String> headers = new LinkedHashMap<>(own);
        origins.addTo(headers, request, stream);
        return headers;
    }

    /** What a client is answered for whom there is no room. */
    public enum Overload {

        /**
         * Status 200, an event stream that says when to come back, and its end: the only answer after which a browser comes
         * back.
         */
        STREAM,

        /** Status 503 and {@code Retry-After}: what load balancers and other clients than browsers look at. */
        STATUS
    }

    /** The options of {@link HttpManners}. Each method checks its value and returns this builder. For one thread. */
    public static final class Builder {

        private final EventSourceServer server;
        private final Hosts hosts = new Hosts();
        private final Origins origins = new Origins();
        private Overload overload = Overload.STREAM;
        private int maxTopics = Integer.MAX_VALUE;
        private Function<? super HttpRequest, ? extends CompletionStage<StreamRequest>> requests =
                request -> CompletableFuture.completedStage(StreamRequest.own());

        private Builder(EventSourceServer server) {
            this.server = server;
        }

        /**
         * Which events a request asks for. The function may take its time, as for looking up a session; it must not block.
         * The last event id of the request is added to what it gives, unless that has one.
         *
         * @param requests gives what is asked for, or fails: with an {@link HttpRefusal} for a status of its own, with an
         *     {@link IllegalArgumentException} for 400 and its message; anything else is logged and answered 500. By
         *     default every request asks for the server's own stream
         * @return this builder
         */
        public Builder requests(Function<? super HttpRequest, ? extends CompletionStage<StreamRequest>> requests) {
            this.requests = Objects.requireNonNull(requests, "requests");
            return this;
        }

        /**
         * Takes the topics from a parameter of the query, which may be repeated; without it a request asks for the server's
         * own stream. Replaces {@link #requests}. Anybody may then ask for any topic.
         *
         * @param parameter the name of the parameter
         * @return this builder
         */
        public Builder topicParameter(String parameter) {
            if (parameter.isEmpty()) {
                throw new IllegalArgumentException(
                        "the parameter of the topics has an empty name; name it, as in topic");
            }
            return requests(request -> {
                List<String> topics = request.parameters(parameter);
                return CompletableFuture.completedStage(
                        topics.isEmpty() ? StreamRequest.own() : StreamRequest.of(topics.toArray(String[]::new)));
            });
        }

        /**
         * Lets pages of other origins read the streams, and ask what {@link #guard} lets through if they are named.
         *
         * @param allowed origins as browsers write them, as in {@code https://www.example.com}; {@code *} for any. By default
         *     none
         * @return this builder
         */
        public Builder allowedOrigins(String... allowed) {
            for (String origin : allowed) {
                origins.allow(origin);
            }
            return this;
        }

        /**
         * Lets the pages of the allowed origins send cookies with their requests. Not together with the origin {@code *}.
         *
         * @return this builder
         */
        public Builder allowCredentials() {
            origins.allowCredentials();
            return this;
        }

        /**
         * Names that the header {@code Host} may have. A connection that was accepted on a loopback address may always ask
         * for {@code localhost}, 127.0.0.1 and ::1, and by default for nothing else; name the public hosts here where a proxy on
         * the same machine passes them on. On other addresses, every name may be asked for unless some are given here.
         *
         * @param allowed names without a port
         * @return this builder
         */
        public Builder allowedHosts(String... allowed) {
            for (String host : allowed) {
                hosts.allow(host);
            }
            return this;
        }

        /**
         * How many topics and selectors a request may ask for; more are answered 400.
         *
         * @param topics at least 1; by default as many as {@link StreamRequest} takes
         * @return this builder
         */
        public Builder maxTopics(int topics) {
            if (topics < 1) {
                throw new IllegalArgumentException("maxTopics is " + topics + "; choose at least 1");
            }
            maxTopics = topics;
            return this;
        }

        /**
         * What a client is answered for whom there is no room.
         *
         * @param overload by default {@link Overload#STREAM}
         * @return this builder
         */
        public Builder overload(Overload overload) {
            this.overload = Objects.requireNonNull(overload, "overload");
            return this;
        }

        /**
         * Makes manners with the options as they are now.
         *
         * @return the manners
         * @throws IllegalArgumentException if credentials are allowed, and any origin or none
         */
        public HttpManners build() {
            return new HttpManners(this);
        }
    }
}
