package eventsource.server.vertx;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Serves the streams of an event source server to whoever asks the route that it is given:
 *
 * <pre>{@code
 * router.route("/events").handler(EventSourceHandler.of(events));
 * }</pre>
 *
 * <p>A stream is drained and written by the event loop of its connection, which is never kept waiting; there are no further
 * threads. Of a client that takes nothing, one element is held: the next is asked for when the one before was written.
 *
 * <p>Safe for use by any number of threads, routes and instances of a verticle. After {@link EventSourceServer#stop}, new
 * requests are answered that they shall come back later.
 */
public final class EventSourceHandler implements Handler<RoutingContext> {

    private final HttpManners manners;
    private final Copies copies = new Copies();

    private EventSourceHandler(HttpManners manners) {
        this.manners = manners;
    }

    /**
     * Serves the server's own stream, with the default manners.
     *
     * @param server the server
     * @return the handler
     * @throws IllegalStateException as the other one
     */
    public static EventSourceHandler of(EventSourceServer server) {
        return of(HttpManners.of(server));
    }

    /**
     * Serves whatever the manners give.
     *
     * @param manners how requests are answered
     * @return the handler
     * @throws IllegalStateException if this is a named module, and Java was started without the option that lets it end
     *     connections of Vert.x; the message has the option
     */
    public static EventSourceHandler of(HttpManners manners) {
        Objects.requireNonNull(manners, "manners");
        Module vertx = ConnectionBase.class.getModule();
        Module own = EventSourceHandler.class.getModule();
        String connections = ConnectionBase.class.getPackageName();
        if (!vertx.isExported(connections, own)) {
            throw new IllegalStateException("nothing could end a connection whose client takes nothing; start Java with"
                    + " --add-exports " + vertx.getName() + "/" + connections + "=" + own.getName()
                    + ", or put this on the class path");
        }
        return new EventSourceHandler(manners);
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!(request.connection() instanceof ConnectionBase connection)) {
            send(routing, new HttpAnswer.Whole(505, Map.of(), "Streams are served over HTTP/1.1 and HTTP/2.\n"));
            return;
        }
        ChannelHandlerContext channel = connection.channelHandlerContext();
        HttpRequest asked = HttpRequest.of(
                        request.method().name(),
                        request.uri(),
                        name -> headers(request, name),
                        isLoopback(channel.channel().localAddress()))
                .drainedBy(channel.channel().eventLoop());
        Context own = routing.vertx().getOrCreateContext();
        manners.answer(asked)
                .thenAccept(answer -> own.runOnContext(now -> {
                    if (answer instanceof HttpAnswer.Whole whole) {
                        send(routing, whole);
                    } else if (answer instanceof HttpAnswer.Streaming streaming) {
                        start(streaming, new StreamWriter(routing, own, channel, copies), routing);
                    }
                }));
    }

    /** What other handlers have done to the response may make it impossible. */
    private static void start(HttpAnswer.Streaming answer, StreamWriter writer, RoutingContext routing) {
        try {
            writer.start(answer);
        } catch (RuntimeException impossible) {
            answer.stream().end();
            routing.fail(impossible);
        }
    }

    /** In HTTP/2, the host is no header. */
    private static List<String> headers(HttpServerRequest request, String name) {
        List<String> values = request.headers().getAll(name);
        HostAndPort authority = request.authority();
        boolean none = values.isEmpty() && name.equalsIgnoreCase("Host");
        return none && authority != null ? List.of(authority.toString()) : values;
    }

    private static boolean isLoopback(SocketAddress accepted) {
        return accepted instanceof InetSocketAddress internet
                && internet.getAddress().isLoopbackAddress();
    }

    /**
     * Sends a whole answer: for what {@link HttpManners#guard} gives at the other paths of an application. Does nothing if
     * the request was answered before, or the client has gone.
     *
     * @param routing the request, to be called on its own context
     * @param answer the answer
     */
    public static void send(RoutingContext routing, HttpAnswer.Whole answer) {
        HttpServerResponse response = routing.response();
        if (!response.headWritten() && !response.closed()) {
            response.setStatusCode(answer.status());
            answer.headers().forEach(response::putHeader);
            response.end(answer.body());
        }
    }
}
