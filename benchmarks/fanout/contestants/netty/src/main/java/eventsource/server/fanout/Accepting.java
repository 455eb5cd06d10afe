package eventsource.server.fanout;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What Netty takes for a connection on which nothing more than the head of a response is ever sent. Usage: {@code Accepting PORT}. */
public final class Accepting {

    private static final int BACKLOG = 4096;

    private Accepting() {}

    public static void main(String[] args) {
        var loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
        new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Answer())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
                .syncUninterruptibly();
    }

    /** Takes what comes first for a whole request. */
    @Sharable
    private static final class Answer extends ChannelInboundHandlerAdapter {

        private final ByteBuf head = Unpooled.unreleasableBuffer(
                Unpooled.directBuffer().writeBytes("""
                HTTP/1.1 200 OK\r
                Content-Type: text/event-stream\r
                Cache-Control: no-store\r
                Transfer-Encoding: chunked\r
                \r
                """.getBytes(StandardCharsets.US_ASCII)));

        @Override
        public void channelRead(ChannelHandlerContext context, Object request) {
            ReferenceCountUtil.release(request);
            context.writeAndFlush(head.duplicate());
        }
    }
}
