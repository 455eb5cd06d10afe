package eventsource.server.testkit;

import eventsource.server.Resume;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of an event stream, for the tests of an application:
 *
 * <pre>{@code
 * try (TestStream stream = TestStream.connect(uri)) {
 *     events.emit("hello");
 *     assertEquals("hello", stream.next().data());
 * }
 * }</pre>
 *
 * <p>It speaks HTTP/1.1 and, over TLS, HTTP/2. It reads all the time, whether or not it is asked for events, and keeps what it
 * has read without bound. For a client that reads slowly, or sends what no proper client would, there is {@link TestClient}.
 *
 * <p>What is awaited in vain, and what cannot be connected to, is an {@link AssertionError} that shows the bytes that have come.
 *
 * <p>The stream has to keep the rules that this library's servers keep, which are narrower than what a client accepts: see
 * {@link eventsource.server.parser.EventStreamParser#violations()}. What breaks them on its way to an event fails the
 * {@link #next()} that returns that event; anything else fails {@link #awaitEnd()} or {@link #close()}. Each is told once.
 *
 * <p>An instance is for one thread at a time.
 */
public final class TestStream implements AutoCloseable {

    private static final Executor THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "test-stream");
        thread.setDaemon(true);
        return thread;
    });

    private final Request request;
    private final HttpClient client;
    private final HttpResponse<TestStreamBody> response;
    private String lastEventId;

    private TestStream(Request request, HttpClient client, HttpResponse<TestStreamBody> response) {
        this.request = request;
        this.client = client;
        this.response = response;
        this.lastEventId = request.lastEventId;
    }

    /**
     * Opens a stream. When it returns, the response has begun: with this library, the server gives the stream every event
     * that is emitted from now on.
     *
     * @param uri an {@code http} or {@code https} URI
     * @return the stream, to be closed by the caller; also where the response is no stream, see {@link #status()}
     * @throws AssertionError if no response begins within 10 seconds
     */
    public static TestStream connect(URI uri) {
        return to(uri).connect();
    }

    /**
     * Begins a request.
     *
     * @param uri an {@code http} or {@code https} URI
     * @return the request, to be completed and connected
     * @throws IllegalArgumentException if the URI is of another kind
     */
    public static Request to(URI uri) {
        return new Request(uri);
    }

    /** What is asked for: an immutable value whose methods return changed copies. */
    public static final class Request {

        private record Header(String name, String value) {}

        private final URI uri;
        private List<Header> headers = List.of();
        private String lastEventId = "";
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable HttpClient client;

        private Request(URI uri) {
            HttpRequest.newBuilder(uri); // checks it
            this.uri = uri;
        }

        private Request(Request other) {
            this(other.uri);
            this.headers = other.headers;
            this.lastEventId = other.lastEventId;
            this.timeout = other.timeout;
            this.client = other.client;
        }

        /**
         * Adds a header, such as {@code Authorization} or {@code Cookie}. {@code Accept: text/event-stream} is sent unless
         * the request has one of its own.
         *
         * @param name the name
         * @param value the value, in ASCII
         * @return the changed request
         * @throws IllegalArgumentException if {@link java.net.http} does not send such a header
         */
        public Request header(String name, String value) {
            HttpRequest.newBuilder(uri).header(name, requireAscii(value)); // checks both
            Request copy = new Request(this);
            copy.headers = Stream.concat(headers.stream(), Stream.of(new Header(name, value)))
                    .toList();
            return copy;
        }

        /**
         * Sets what the client had last, as a browser does that comes back.
         *
         * @param id the last event id, in ASCII; by default empty, and then there is none
         * @return the changed request
         * @throws IllegalArgumentException if it has characters that {@link java.net.http} does not send; {@link
         *     eventsource.server.parser.TestRequest#headerUtf8} does
         */
        public Request lastEventId(String id) {
            Request copy = new Request(this);
            copy.lastEventId = requireAscii(id);
            return copy;
        }

        /**
         * Sets how long is waited for the response, and for whatever no other time is given.
         *
         * @param newTimeout the time, 10 seconds by default
         * @return the changed request
         */
        public Request timeout(Duration newTimeout) {
            Request copy = new Request(this);
            copy.timeout = Objects.requireNonNull(newTimeout, "timeout");
            return copy;
        }

        /**
         * Sets who connects: for certificates of one's own, cookies, or a proxy.
         *
         * @param newClient the client; by default each stream has one of its own, and so a connection of its own, that follows
         *     redirects as a browser does
         * @return the changed request
         */
        public Request client(HttpClient newClient) {
            Request copy = new Request(this);
            copy.client = Objects.requireNonNull(newClient, "client");
            return copy;
        }

        /**
         * Opens the stream.
         *
         * @return the stream, to be closed by the caller; also where the response is no stream, see {@link #status()}
         * @throws AssertionError if no response begins in time
         */
        public TestStream connect() {
            HttpClient with = client == null ? newClient() : client;
            CompletableFuture<HttpResponse<TestStreamBody>> response =
                    with.sendAsync(toHttp(), info -> new TestStreamBody(info.statusCode(), info.headers()));
            try {
                return new TestStream(this, with, response.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException failed) {
                throw noResponse(": " + failed.getCause(), failed.getCause());
            } catch (TimeoutException late) {
                response.cancel(true);
                throw noResponse(" within " + timeout.toMillis() + " ms", late);
            } catch (InterruptedException interrupted) {
                response.cancel(true);
                Thread.currentThread().interrupt();
                throw noResponse(" before the thread was interrupted", interrupted);
            }
        }

        private AssertionError noResponse(String why, @Nullable Throwable cause) {
            return new AssertionError("no response from " + uri + why, cause);
        }

        private static HttpClient newClient() {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .executor(THREADS)
                    .build();
        }

        /** Lets go of the thread and the connection of a client, unless it is not ours. */
        private void letGo(HttpClient used) {
            if (client == null) {
                try {
                    HttpClient.class.getMethod("shutdownNow").invoke(used);
                } catch (NoSuchMethodException beforeJdk21) {
                    // It lets go itself when it finds that nobody has it any more.
                } catch (ReflectiveOperationException failed) {
                    throw new IllegalStateException("the HTTP client cannot be shut down", failed);
                }
            }
        }

        private HttpRequest toHttp() {
            HttpRequest.Builder http = HttpRequest.newBuilder(uri);
            if (client == null) {
                // Over plain connections it would try to upgrade to HTTP/2, which no browser does.
                boolean tls = "https".equalsIgnoreCase(uri.getScheme());
                http.version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
            }
            if (headers.stream().noneMatch(header -> header.name().equalsIgnoreCase("Accept"))) {
                http.header("Accept", "text/event-stream");
            }
            headers.forEach(header -> http.header(header.name(), header.value()));
            if (!lastEventId.isEmpty()) {
                http.header("Last-Event-ID", lastEventId);
            }
            return http.build();
        }

        private static String requireAscii(String value) {
            if (value.chars().anyMatch(c -> c > 0x7E || c < 0x20)) {
                throw new IllegalArgumentException("java.net.http sends ASCII only: use TestClient with headerUtf8");
            }
            return value;
        }
    }

    /**
     * The status code.
     *
     * @return the code; a stream has 200
     */
    public int status() {
        return response.statusCode();
    }

    /**
     * A header of the response.
     *
     * @param name the name, in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /**
     * How the stream goes on from the last event id, as this library's servers say in the header {@code EventSource-Resume}.
     *
     * @return what could be proved
     * @throws AssertionError if the response does not say
     */
    public Resume.Outcome resumeOutcome() {
        String said = header("EventSource-Resume").orElse("");
        return Stream.of(Resume.Outcome.values())
                .filter(outcome -> outcome.headerValue().equals(said))
                .findFirst()
                .orElseThrow(() -> response.body().failure("the header EventSource-Resume is \"" + said + '"'));
    }

    /**
     * Waits for the next event, 10 seconds unless the request says otherwise.
     *
     * @return the event
     * @throws AssertionError if it does not come in time, the stream has ended, or broke the rules on its way to this event
     */
    public ParsedEvent next() {
        return next(request.timeout);
    }

    /**
     * Waits for the next event.
     *
     * @param timeout how long to wait; zero to take one that is there
     * @return the event
     * @throws AssertionError if it does not come in time, the stream has ended, or broke the rules on its way to this event
     */
    public ParsedEvent next(Duration timeout) {
        ParsedEvent event = response.body().next(timeout);
        lastEventId = event.lastEventId();
        return event;
    }

    /**
     * Waits for several events, for each as long as {@link #next()} does.
     *
     * @param count the number of events
     * @return the events
     * @throws AssertionError as {@link #next()} does
     */
    public List<ParsedEvent> next(int count) {
        List<ParsedEvent> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(next());
        }
        return events;
    }

    /**
     * Waits for all of a time, unless the stream ends, to see that no event comes. That none came so far does not show that none
     * was on its way: where the test can have another event sent, do that instead, and see that it is the next.
     *
     * @param time how long
     * @throws AssertionError if an event comes
     */
    public void expectNothing(Duration time) {
        response.body().expectNothing(time);
    }

    /**
     * The last event id, as of the events that {@code next} has returned; before the first, that of the request. What has come
     * and was not asked for does not count.
     *
     * @return the id; empty if there is none
     */
    public String lastEventId() {
        return lastEventId;
    }

    /**
     * Waits until the stream says how long a client that lost its connection should wait before it comes back.
     *
     * @return the newest reconnection time; with this library, each stream has one of its own
     * @throws AssertionError if there is none in time, or the stream has ended without
     */
    public Duration retry() {
        return response.body().retry(request.timeout);
    }

    /**
     * Waits for the end of the stream, 10 seconds unless the request says otherwise. Events that have come can still be taken.
     *
     * @return how it ended
     * @throws AssertionError if it does not end in time, or broke the rules
     */
    public TestClient.End awaitEnd() {
        return awaitEnd(request.timeout);
    }

    /**
     * Waits for the end of the stream. Events that have come can still be taken.
     *
     * @param timeout how long to wait
     * @return how it ended
     * @throws AssertionError if it does not end in time, or broke the rules
     */
    public TestClient.End awaitEnd(Duration timeout) {
        return response.body().awaitEnd(timeout);
    }

    /**
     * Closes this stream, and opens another with the {@linkplain #lastEventId() last event id}: as a browser does after it lost
     * its connection, but without waiting. What has come and was not asked for is gone, and comes again.
     *
     * @return the new stream, to be closed by the caller
     * @throws AssertionError if no response begins in time, or this stream broke the rules
     */
    public TestStream resume() {
        close();
        return request.lastEventId(lastEventId).connect();
    }

    /**
     * Leaves: what is still to come is not read. A second call has no effect.
     *
     * @throws AssertionError if the stream broke the rules and that was not told yet
     */
    @Override
    public void close() {
        try {
            response.body().close();
        } finally {
            request.letGo(client);
        }
    }
}
