import org.jspecify.annotations.NullMarked;

/** An embedded server for event streams, on Netty. */
@NullMarked
module eventsource.server.netty {
    requires transitive eventsource.server;
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.classes.kqueue;
    requires io.netty.transport.unix.common;

    exports eventsource.server.netty;
}
