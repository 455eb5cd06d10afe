package eventsource.server.jdkhttpserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Serves the streams of an event source server to whoever asks the path that it is given:
 *
 * <pre>{@code
 * http.createContext("/", EventSourceHandler.of(events));
 * }</pre>
 *
 * <p>The JDK's web server writes with blocking calls only, so each open stream has a thread that does nothing else: a
 * virtual one from JDK 24 on. On older JDKs, where these calls would hold on to the thread below, it is the one that brought
 * the request: the web server has to be given an executor with threads enough. Their number has a limit here, too; whoever
 * comes when it is reached is answered as when the server has too many streams.
 *
 * <p>Safe for use by any number of threads, and in any number of contexts. After {@link EventSourceServer#stop}, new
 * requests are answered that they shall come back later.
 */
public final class EventSourceHandler implements HttpHandler {

    /** The most threads of the web server that write streams, where there are no virtual ones. */
    public static final int DEFAULT_MAX_THREADS = 500;

    private static final System.Logger LOG = System.getLogger(EventSourceHandler.class.getName());

    /** The name of the web server's only thread if it has no executor. */
    private static final String DISPATCHER = "HTTP-Dispatcher";

    private final HttpManners manners;
    private final Writers writers;

    EventSourceHandler(HttpManners manners, Writers writers) {
        this.manners = manners;
        this.writers = writers;
    }

    /**
     * Serves the server's own stream, with the default manners.
     *
     * @param server the server
     * @return the handler
     */
    public static EventSourceHandler of(EventSourceServer server) {
        return of(HttpManners.of(server));
    }

    /**
     * Serves whatever the manners give.
     *
     * @param manners how requests are answered
     * @return the handler
     */
    public static EventSourceHandler of(HttpManners manners) {
        return of(manners, DEFAULT_MAX_THREADS);
    }

    /**
     * Serves whatever the manners give, with another number of threads than the default.
     *
     * @param manners how requests are answered
     * @param maxThreads the most threads of the web server that write streams, at least 1; ignored where there are virtual
     *     ones
     * @return the handler
     */
    public static EventSourceHandler of(HttpManners manners, int maxThreads) {
        Objects.requireNonNull(manners, "manners");
        if (maxThreads < 1) {
            throw new IllegalArgumentException("maxThreads is " + maxThreads + "; choose at least 1");
        }
        return new EventSourceHandler(manners, Writers.start(maxThreads));
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        HttpRequest request = HttpRequest.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(),
                exchange.getLocalAddress().getAddress().isLoopbackAddress());
        if (!writers.isHere()) {
            manners.answer(request).thenAccept(answer -> answerElsewhere(exchange, request, answer));
        } else if (Thread.currentThread().getName().equals(DISPATCHER)) {
            LOG.log(
                    Level.ERROR,
                    "the web server has no executor, so that one stream would keep everybody else waiting;"
                            + " call setExecutor before start");
            send(exchange, new HttpAnswer.Whole(500, Map.of(), "The web server has no threads for streams.\n"));
        } else {
            answer(
                    exchange,
                    request,
                    manners.answer(request).toCompletableFuture().join());
        }
    }

    private void answerElsewhere(HttpExchange exchange, HttpRequest request, HttpAnswer answer) {
        try {
            answer(exchange, request, answer);
        } catch (IOException impossible) {
            throw new CompletionException(impossible); // only who writes here is cut off here
        }
    }

    private void answer(HttpExchange exchange, HttpRequest request, HttpAnswer answer) throws IOException {
        if (answer instanceof HttpAnswer.Whole whole) {
            send(exchange, whole);
        } else if (answer instanceof HttpAnswer.Streaming streaming) {
            try {
                writers.write(new StreamWriter(exchange, streaming));
            } catch (RejectedExecutionException
                    | OutOfMemoryError full) { // the latter when there is no thread to be had
                streaming.stream().end();
                answer(exchange, request, manners.overloaded(request, "all threads that write streams are taken"));
            }
        }
    }

    /**
     * Sends a whole answer and closes the exchange: for what {@link HttpManners#guard} gives at the other paths of an
     * application. Blocks while it writes. A client that has gone is no failure.
     *
     * @param exchange the exchange, whose head was not sent yet
     * @param answer the answer
     */
    public static void send(HttpExchange exchange, HttpAnswer.Whole answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        try (exchange) {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
            if (!bodiless) {
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            // The client does not want the answer any more; the exchange is closed either way.
        }
    }
}
