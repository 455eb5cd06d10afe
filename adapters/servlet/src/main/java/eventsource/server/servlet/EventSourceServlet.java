package eventsource.server.servlet;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves the streams of an event source server to whoever asks the path that it is mapped to:
 *
 * <pre>{@code
 * ServletRegistration.Dynamic servlet = context.addServlet("events", EventSourceServlet.of(events));
 * servlet.setAsyncSupported(true);
 * servlet.addMapping("/events");
 * }</pre>
 *
 * <p>Requests are answered asynchronously and written without blocking: a stream has no thread of its own, however slow its
 * client is. The servlet, and every filter in front of it, has to support asynchronous requests; the container must not
 * compress event streams. Where that is not so, requests fail with a message that says what to change.
 *
 * <p>Safe for use by any number of threads, and at any number of paths. After {@link EventSourceServer#stop}, new requests are
 * answered that they shall come back later.
 */
public final class EventSourceServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final System.Logger LOG = System.getLogger(EventSourceServlet.class.getName());

    private final transient HttpManners manners;

    private EventSourceServlet(HttpManners manners) {
        this.manners = manners;
    }

    /**
     * Serves the server's own stream, with the default manners.
     *
     * @param server the server
     * @return the servlet
     */
    public static EventSourceServlet of(EventSourceServer server) {
        return of(HttpManners.of(server));
    }

    /**
     * Serves whatever the manners give.
     *
     * @param manners how requests are answered
     * @return the servlet
     */
    public static EventSourceServlet of(HttpManners manners) {
        return new EventSourceServlet(Objects.requireNonNull(manners, "manners"));
    }

    /** Answers a request of any method. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        requireAsync(request);
        answer(request, response, manners.answer(request(request)));
    }

    /**
     * The part of a request that decides about a stream: a copy, which may be used when the container has gone on to other
     * requests.
     *
     * @param request the container's request
     * @return the same for {@link HttpManners}
     */
    public static HttpRequest request(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.computeIfAbsent(name, n -> new ArrayList<>()).addAll(Collections.list(request.getHeaders(name)));
        }
        String query = request.getQueryString();
        HttpRequest copy = HttpRequest.of(
                request.getMethod(),
                query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query,
                headers,
                isLoopback(request.getLocalAddr()));
        UndertowConnection undertow = UndertowConnection.of(request);
        return undertow == null ? copy : copy.drainedBy(undertow.loop());
    }

    private static boolean isLoopback(String address) {
        return address == null // not a network at all
                || address.startsWith("127.")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.equals("::1")
                || address.equals("[::1]")
                || address.equals("[0:0:0:0:0:0:0:1]");
    }

    /**
     * Sends an answer that is there already. See {@link #answer(HttpServletRequest, HttpServletResponse, CompletionStage)}.
     *
     * @param request the request, not yet asynchronous
     * @param response its response, of which nothing was written
     * @param answer what to send
     * @throws IOException if the container has no response to write to any more
     * @throws IllegalStateException if the request cannot become asynchronous; the message says why
     */
    public static void answer(HttpServletRequest request, HttpServletResponse response, HttpAnswer answer)
            throws IOException {
        answer(request, response, CompletableFuture.completedStage(answer));
    }

    /**
     * Sends an answer when it is there: for servlets and frameworks that decide themselves what is answered. To be called on
     * the container's thread that brought the request, which is free when this returns: the request has become asynchronous,
     * without a time-out, and is completed when all is sent, when the stream has ended or when the client has gone. If it
     * cannot become asynchronous, or its client has gone, a stream that is answered is ended.
     *
     * @param request the request, not yet asynchronous
     * @param response its response, of which nothing was written
     * @param answer completes with what to send; if it fails, that is logged and answered 500
     * @throws IOException if the container has no response to write to any more
     * @throws IllegalStateException if the request cannot become asynchronous; the message says why
     */
    public static void answer(
            HttpServletRequest request, HttpServletResponse response, CompletionStage<? extends HttpAnswer> answer)
            throws IOException {
        ResponseWriter writer;
        try {
            requireAsync(request);
            writer = ResponseWriter.start(request, response);
        } catch (IOException | RuntimeException unanswered) {
            answer.thenAccept(EventSourceServlet::end);
            throw unanswered;
        }
        answer.whenComplete((given, failure) -> {
            if (failure != null) {
                LOG.log(Level.ERROR, "a request could not be answered", failure);
            }
            writer.send(given != null ? given : new HttpAnswer.Whole(500, Map.of(), ""));
        });
    }

    static void end(HttpAnswer answer) {
        if (answer instanceof HttpAnswer.Streaming streaming) {
            streaming.stream().end();
        }
    }

    private static void requireAsync(HttpServletRequest request) {
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException(
                    "Event streams need asynchronous requests: set async-supported of the servlet"
                            + " and of every filter in front of it (asyncSupported = true, setAsyncSupported(true)).");
        }
    }
}
