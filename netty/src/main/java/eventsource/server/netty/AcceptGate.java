package eventsource.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * Watches over accepting: so many connections in a second and no more, and a pause where the system has no descriptor left.
 * What is not accepted waits in the system's queue. Belongs to the acceptor's event loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {

    private static final System.Logger LOG = System.getLogger("eventsource.server.netty");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long BURST = SECOND / 10; // that many may come at once, or each would be waited for
    private static final long PAUSE = SECOND;
    private static final long SILENCE = 60 * SECOND;

    private final int perSecond; // 0 for any number
    private long due = System.nanoTime(); // when the next one would come, if they came evenly
    private boolean failing;
    private long toldUntil;

    AcceptGate(int perSecond) {
        this.perSecond = perSecond;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        context.fireChannelRead(accepted);
        failing = false;
        if (perSecond > 0) {
            long now = System.nanoTime();
            due = (due - now > 0 ? due : now) + SECOND / perSecond;
            if (due - now > BURST) {
                pause(context, due - now);
            }
        }
    }

    private static void pause(ChannelHandlerContext context, long nanos) {
        context.channel().config().setAutoRead(false);
        context.executor().schedule(() -> context.channel().config().setAutoRead(true), nanos, TimeUnit.NANOSECONDS);
    }

    /** As when there is no descriptor left. Some will be given back, and until then trying at once would only heat. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        long now = System.nanoTime();
        if (!failing || now - toldUntil >= 0) {
            LOG.log(Level.WARNING, "a connection could not be accepted; trying again each second", failure);
            toldUntil = now + SILENCE;
        }
        failing = true;
        pause(context, PAUSE);
    }
}
