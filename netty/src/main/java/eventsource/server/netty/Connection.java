package eventsource.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** What serves a connection; in its event loop's list for as long as it is in the pipeline. Belongs to that loop. */
abstract class Connection extends ChannelInboundHandlerAdapter {

    final Channel channel;
    final Loop loop;

    @Nullable
    Connection previous;

    @Nullable
    Connection next;

    Connection(Channel channel, Loop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        loop.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        loop.remove(this);
    }

    /** Ends the connection at once. */
    void abort() {
        channel.unsafe().close(channel.unsafe().voidPromise()); // past whoever would still have something to say
    }
}
