package eventsource.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Sets up each connection that is accepted. Event loops share it, and the map is not changed any more when they do. */
final class Connections extends ChannelInitializer<Channel> {

    private final Site site;
    private final IdentityHashMap<EventExecutor, Loop> loops;
    private final AtomicInteger open = new AtomicInteger();

    Connections(Site site, Iterable<Loop> all) {
        this.site = site;
        loops = new IdentityHashMap<>();
        all.forEach(loop -> loops.put(loop.executor, loop));
    }

    @Override
    protected void initChannel(Channel channel) {
        Loop loop = Objects.requireNonNull(loops.get(channel.eventLoop()), "every event loop is known");
        boolean full = open.incrementAndGet() > site.limits().connections();
        if (full || loop.isClosed()) {
            open.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        Tls tls = site.tls();
        if (tls != null) {
            channel.pipeline().addLast(tls.handler(channel));
        }
        channel.pipeline().addLast(new RequestDecoder(site.limits())).addLast(new HttpConnection(site, loop, channel));
    }
}
