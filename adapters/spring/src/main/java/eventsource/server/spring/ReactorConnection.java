package eventsource.server.spring;

import eventsource.server.spi.HttpRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The connection of a request in Reactor Netty, or nothing where WebFlux has another host. The only class that needs Reactor
 * Netty's, and only where they are there.
 */
final class ReactorConnection {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "reactor.netty.http.server.HttpServerRequest", ReactorConnection.class.getClassLoader());

    private final @Nullable Object request;

    private ReactorConnection(@Nullable Object request) {
        this.request = request;
    }

    static ReactorConnection of(ServerWebExchange exchange) {
        return new ReactorConnection(
                PRESENT ? ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) : null);
    }

    /** Where the connection was accepted; what Reactor Netty itself says may be what a proxy, or a client, has said. */
    @Nullable
    SocketAddress acceptedOn(@Nullable SocketAddress said) {
        @Nullable SocketAddress[] accepted = {said};
        if (PRESENT && request instanceof HttpServerRequest reactor) {
            reactor.withConnection(
                    connection -> accepted[0] = connection.channel().localAddress());
        }
        return accepted[0];
    }

    /** The request, whose stream is drained by the connection's own event loop. */
    HttpRequest drains(HttpRequest asked) {
        HttpRequest[] drained = {asked};
        if (PRESENT && request instanceof HttpServerRequest reactor) {
            reactor.withConnection(connection ->
                    drained[0] = asked.drainedBy(connection.channel().eventLoop()));
        }
        return drained[0];
    }

    /** No compressor has a part in it, wherever that was set; HTTP/1.0 knows no chunks: the body ends with the connection. */
    void prepareForStream() {
        if (PRESENT && request instanceof HttpServerRequest asked && request instanceof HttpServerResponse response) {
            response.compression(false);
            if (asked.protocol().equals("HTTP/1.0")) {
                response.chunkedTransfer(false).keepAlive(false);
            }
        }
    }

    /**
     * Does something when all that was written so far is the kernel's. Reactor Netty asks for groups in advance and takes them
     * into its own buffers; other hosts ask for the next one when that before is flushed, so there is nothing to wait for.
     */
    void whenFlushed(Runnable then) {
        if (PRESENT && request instanceof HttpServerRequest reactor) {
            reactor.withConnection(connection -> {
                Channel channel = connection.channel();
                // Later, so that what was handed over just now has been written; nothing is written out of order.
                channel.eventLoop()
                        .execute(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                                .addListener(flushed -> {
                                    if (flushed.isSuccess()) {
                                        then.run();
                                    }
                                }));
            });
        } else {
            then.run();
        }
    }

    /** Closes the connection without an end of the response, whatever is still to be written. */
    void close() {
        if (PRESENT && request instanceof HttpServerRequest reactor) {
            reactor.withConnection(connection -> connection.channel().close());
        }
    }
}
