package eventsource.server.netty;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@link EventSourceNetty}. Each method checks its value and returns this builder. For one thread.
 *
 * <p>A path is what a request's target has to be, as in {@code /events}; with {@code /*} at its end it stands for everything
 * below it. The one that fits best counts, whatever the order. Where a stream and a handler are given the same path, the
 * handler gets the requests that accept {@code text/html}, and those of methods that streams do not have.
 */
public final class EventSourceNettyBuilder {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_LOOPS = 1024;

    private final List<Consumer<Routes>> routes = new ArrayList<>();
    private String host = "127.0.0.1";
    private int port;
    private @Nullable Tls tls;
    private @Nullable Transport transport;
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private Limits limits = Limits.defaults();
    private Function<? super HttpManners.Builder, HttpManners.Builder> manners = options -> options;

    EventSourceNettyBuilder() {}

    /**
     * The address to listen on.
     *
     * @param host a name or an address of this machine; {@code 0.0.0.0} or {@code ::} for all. By default 127.0.0.1, so that
     *     nobody else can connect
     * @return this builder
     */
    public EventSourceNettyBuilder host(String host) {
        this.host = Objects.requireNonNull(host, "host");
        return this;
    }

    /**
     * The port to listen on.
     *
     * @param port the port; 0, the default, for a free one, see {@link EventSourceNetty#port}
     * @return this builder
     */
    public EventSourceNettyBuilder port(int port) {
        this.port = within("port", port, 0, MAX_PORT);
        return this;
    }

    /**
     * Serves TLS. A connection that begins with anything else is closed.
     *
     * @param certificateChain a PEM file: the certificate, then those that vouch for it
     * @param privateKey a PEM file with its key, PKCS #8, without a password
     * @return this builder
     * @throws IllegalArgumentException if they cannot be used
     */
    public EventSourceNettyBuilder tls(Path certificateChain, Path privateKey) {
        tls = Tls.of(certificateChain, privateKey);
        return this;
    }

    /**
     * Serves TLS. A connection that begins with anything else is closed.
     *
     * @param context an initialised context
     * @return this builder
     */
    public EventSourceNettyBuilder tls(SSLContext context) {
        tls = Tls.of(context);
        return this;
    }

    /**
     * By what means sockets are served.
     *
     * @param transport by default the best that is available
     * @return this builder
     * @throws IllegalArgumentException if it cannot be used here
     */
    public EventSourceNettyBuilder transport(Transport transport) {
        Throwable why = transport.unavailability();
        if (why != null) {
            throw new IllegalArgumentException(
                    "the transport " + transport + " cannot be used here; choose another one, or none", why);
        }
        this.transport = transport;
        return this;
    }

    /**
     * How many threads serve connections. Another one accepts them.
     *
     * @param loops from 1 to 1,024; by default one for each processor
     * @return this builder
     */
    public EventSourceNettyBuilder eventLoops(int loops) {
        eventLoops = within("eventLoops", loops, 1, MAX_LOOPS);
        return this;
    }

    /**
     * What the server bears before it says no.
     *
     * @param limits by default {@link Limits#defaults}
     * @return this builder
     */
    public EventSourceNettyBuilder limits(Limits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * The manners of this server: which other origins' pages may read, which names the header {@code Host} may have, what is
     * answered on overload, which topics a request asks for. They hold for the streams of the event source servers that are given
     * to {@link #route(String, EventSourceServer)}, and origins and names for handlers, too.
     *
     * @param options sets options and gives the builder back; is called once for each of them
     * @return this builder
     */
    public EventSourceNettyBuilder manners(UnaryOperator<HttpManners.Builder> options) {
        manners = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Serves the streams of an event source server.
     *
     * @param path where
     * @param events the event source server
     * @return this builder
     */
    public EventSourceNettyBuilder route(String path, EventSourceServer events) {
        Objects.requireNonNull(events, "events");
        return add(
                path,
                at -> at.stream(
                        path, always(manners.apply(HttpManners.builder(events)).build())));
    }

    /**
     * Serves streams with manners of their own.
     *
     * @param path where
     * @param manners how requests are answered
     * @return this builder
     */
    public EventSourceNettyBuilder route(String path, HttpManners manners) {
        Objects.requireNonNull(manners, "manners");
        return add(path, at -> at.stream(path, always(manners)));
    }

    /**
     * Serves streams of event source servers that come and go, such as one for each user or answer.
     *
     * @param path where
     * @param choice gives the manners with which a request is answered, and with them the event source server. It is called
     *     on an event loop: it must not block, and may complete later. What it fails with is answered as {@link
     *     HttpManners.Builder#requests} says, an {@link eventsource.server.spi.HttpRefusal} with its status
     * @return this builder
     */
    public EventSourceNettyBuilder route(
            String path, Function<? super HttpRequest, ? extends CompletionStage<HttpManners>> choice) {
        Objects.requireNonNull(choice, "choice");
        return add(path, at -> at.stream(path, choice));
    }

    private static Function<HttpRequest, CompletionStage<HttpManners>> always(HttpManners manners) {
        CompletionStage<HttpManners> stage = CompletableFuture.completedStage(manners);
        return request -> stage;
    }

    /**
     * Answers what is no stream.
     *
     * @param path where
     * @param methods the methods that are served, as in {@code "GET, HEAD"}; others are answered 405, and OPTIONS with what is allowed
     * @param handler answers the requests, unless {@link #manners} speak against them
     * @return this builder
     */
    public EventSourceNettyBuilder handle(String path, String methods, PlainHandler handler) {
        Routes.Plain plain = new Routes.Plain(
                Objects.requireNonNull(methods, "methods"), Objects.requireNonNull(handler, "handler"));
        return add(path, at -> at.handle(path, plain));
    }

    private EventSourceNettyBuilder add(String path, Consumer<Routes> route) {
        Objects.requireNonNull(path, "path");
        routes.add(route);
        return this;
    }

    /**
     * Begins to listen, with the options as they are now.
     *
     * @return the server, which serves until it is stopped or closed
     * @throws IOException if the port cannot be had
     * @throws IllegalArgumentException if a path is given twice, or is none
     * @throws IllegalStateException if there is no route and no handler
     */
    public EventSourceNetty start() throws IOException {
        Routes served = new Routes(Routes.guard(manners));
        routes.forEach(route -> route.accept(served));
        Site site = new Site(served, limits, new Admission(limits), tls);
        return EventSourceNetty.start(site, transport == null ? Transport.best() : transport, eventLoops, host, port);
    }

    private static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; choose from " + least + " to " + most);
        }
        return value;
    }
}
