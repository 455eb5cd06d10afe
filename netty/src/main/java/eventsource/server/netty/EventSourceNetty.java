package eventsource.server.netty;

import eventsource.server.EventSourceServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web server of its own for event streams, on Netty:
 *
 * <pre>{@code
 * var events = EventSourceServer.create();
 * var http = EventSourceNetty.listen(7798, events);
 * events.emit("tick", "it is " + LocalTime.now());
 * }</pre>
 *
 * <p>HTTP/1.1, with or without TLS. What else an application has, a page or a place to post to, can be served by it, too.
 * Its threads keep a program running until {@link #close} or {@link #stop}.
 *
 * <p>Safe for use by any number of threads.
 */
public final class EventSourceNetty implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("eventsource.server.netty");
    private static final int BACKLOG = 4096;

    private final Site site;
    private final Transport transport;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup group;
    private final List<Loop> loops;
    private final Channel listening;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EventSourceNetty(
            Site site,
            Transport transport,
            EventLoopGroup acceptor,
            EventLoopGroup group,
            List<Loop> loops,
            Channel listening) {
        this.site = site;
        this.transport = transport;
        this.acceptor = acceptor;
        this.group = group;
        this.loops = loops;
        this.listening = listening;
        group.terminationFuture().addListener(ended -> {
            loops.forEach(Loop::close);
            site.admission().close().complete(null); // for whoever still waits for an application that has not answered
        });
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /**
     * Serves the streams of an event source server at every path of a port, for clients on this machine.
     *
     * @param port the port; 0 for a free one
     * @param events the event source server
     * @return the server
     * @throws IOException if the port cannot be had
     */
    public static EventSourceNetty listen(int port, EventSourceServer events) throws IOException {
        return builder().port(port).route("/*", events).start();
    }

    /**
     * Options for a server.
     *
     * @return a builder that has the defaults
     */
    public static EventSourceNettyBuilder builder() {
        return new EventSourceNettyBuilder();
    }

    static EventSourceNetty start(Site site, Transport transport, int eventLoops, String host, int port)
            throws IOException {
        EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("eventsource-accept"), transport.handlers());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                eventLoops, new DefaultThreadFactory("eventsource-loop"), transport.handlers());
        List<Loop> loops = new ArrayList<>();
        for (EventExecutor loop : group) {
            loops.add(new Loop((EventLoop) loop, site.limits().requestDeadline().toNanos()));
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, group)
                .channel(transport.channels())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptGate(site.limits().acceptsPerSecond()))
                .childHandler(new Connections(site, loops));
        transport.configure(bootstrap, site.limits());
        ChannelFuture bound = bootstrap.bind(host, port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            Throwable why = Objects.requireNonNull(bound.cause(), "the reason");
            BindException failure = new BindException("cannot listen on " + host + ":" + port
                    + "; choose another port, 0 for a free one, or an address of this machine: " + why.getMessage());
            failure.initCause(why);
            throw failure;
        }
        EventSourceNetty server = new EventSourceNetty(site, transport, acceptor, group, loops, bound.channel());
        server.logStart(host);
        return server;
    }

    private void logStart(String host) {
        LOG.log(
                Level.INFO,
                () -> "listening on " + (site.tls() == null ? "http" : "https") + "://"
                        + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/ by " + transport
                        + ", with " + loops.size() + " event loops");
        if (transport == Transport.NIO) {
            LOG.log(Level.DEBUG, "epoll was not available", Transport.EPOLL.unavailability());
        }
    }

    /**
     * Where it listens.
     *
     * @return the port, also after it was closed
     */
    public int port() {
        return port;
    }

    /**
     * By what means sockets are served.
     *
     * @return the transport that was chosen
     */
    public Transport transport() {
        return transport;
    }

    /**
     * How many streams are open here, over all event source servers.
     *
     * @return the number of now
     */
    public int streams() {
        return site.admission().streams();
    }

    /**
     * Stops over some time, so that its clients do not all come to another server at the same moment. Whoever asks for a
     * stream is told to come back later; those that are open end one after the other, spread over three quarters of the time, each at the end
     * of an event; those that have not ended at the deadline are cut. Then the server is closed. The event source servers go
     * on, and requests that are no streams are served until the last one has ended: to have everything sent that was emitted, stop them first, and close this when they have stopped.
     *
     * @param deadline how long that may take, up to a day; zero cuts at once
     * @return completes with the number of streams that were cut, when the server is closed; at once if it is already
     */
    public CompletionStage<Integer> stop(Duration deadline) {
        if (deadline.isNegative() || deadline.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("deadline is " + deadline + "; choose from zero to a day");
        }
        long nanos = deadline.toNanos();
        AtomicInteger cut = new AtomicInteger();
        AtomicInteger uncut = new AtomicInteger(loops.size());
        CompletableFuture<Void> empty = site.admission().close();
        if (group.isShuttingDown()) {
            return CompletableFuture.completedStage(0);
        }
        for (Loop loop : loops) {
            loop.executor.execute(() -> loop.eachStream(stream -> endWithin(loop, stream, nanos / 4 * 3)));
            loop.executor.schedule(
                    () -> {
                        loop.eachStream(stream -> {
                            cut.incrementAndGet();
                            stream.abort();
                        });
                        if (uncut.decrementAndGet() == 0) {
                            empty.complete(null); // whatever the application has not answered yet
                        }
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
        return empty.thenApply(none -> {
            close();
            return cut.get();
        });
    }

    private static void endWithin(Loop loop, StreamConnection stream, long nanos) {
        long after = ThreadLocalRandom.current().nextLong(nanos + 1);
        loop.executor.schedule(stream::end, after, TimeUnit.NANOSECONDS);
    }

    /**
     * Stops listening and cuts all connections. Streams that are open end as {@link
     * eventsource.server.StreamEnd#CANCELLED}. Closing twice is the same as once.
     */
    @Override
    public void close() {
        site.admission().close();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        listening.close();
        loops.forEach(loop -> loop.executor.execute(loop::cut));
        acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
