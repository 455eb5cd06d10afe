package eventsource.server.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what means sockets are served. The first of these that is available is chosen, in this order but for {@link #IO_URING}. */
public enum Transport {

    /** Linux; the cheapest for event streams. */
    EPOLL,

    /** macOS and BSD; its native library has to be added to the class path. */
    KQUEUE,

    /** Every JDK. */
    NIO,

    /** Linux with a recent kernel; only when it is asked for. */
    IO_URING;

    /** One for all connections: the usual one learns how much each sends, and streams are sent nothing. */
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(2 << 10).maxMessagesPerRead(16);

    /** The best one that is available. */
    static Transport best() {
        return EPOLL.isAvailable() ? EPOLL : KQUEUE.isAvailable() ? KQUEUE : NIO;
    }

    /**
     * Whether it can be used here: its native library is there and loads, and the system has what it needs.
     *
     * @return true if it can
     */
    public boolean isAvailable() {
        return unavailability() == null;
    }

    /** Why it cannot be used here, or null. */
    @Nullable
    Throwable unavailability() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case KQUEUE -> KQueue.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case KQUEUE -> KQueueIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerChannel> channels() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case KQUEUE -> KQueueServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Sets what the system is to do for each connection. */
    void configure(ServerBootstrap bootstrap, Limits limits) {
        bootstrap
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, READS);
        int deadPeer = (int) limits.deadPeer().toMillis();
        switch (this) {
            case EPOLL ->
                bootstrap
                        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, deadPeer)
                        .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) limits.unsentBytes());
            case IO_URING ->
                bootstrap
                        .childOption(IoUringChannelOption.TCP_USER_TIMEOUT, deadPeer)
                        .childOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, (long) limits.unsentBytes());
            case KQUEUE, NIO -> bootstrap.childOption(ChannelOption.SO_SNDBUF, limits.unsentBytes());
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
