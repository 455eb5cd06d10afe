package eventsource.server.vertx;

import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.RunSubscriber;
import eventsource.server.spi.SharedRun;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream to one response: an element at a time, each when the one before was given to the socket, or let through
 * by the flow control of HTTP/2.
 *
 * <p>Confinement. The signals of the stream come on the event loop of the connection. The head and the end are written on
 * the context of the request, because handlers of the application are called with them. {@code subscription} is set before
 * the first signal.
 */
final class StreamWriter implements RunSubscriber {

    private static final long CANCEL = 8; // the code of HTTP/2

    /** Found by its name, because it returns one type in Vert.x 5 and another in 4.5. */
    private static final Method RESET;

    static {
        try {
            RESET = HttpServerResponse.class.getMethod("reset", long.class);
        } catch (NoSuchMethodException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private final Context own;
    private final ChannelHandlerContext channel;
    private final Copies copies;
    private volatile Flow.@Nullable Subscription subscription;

    StreamWriter(RoutingContext routing, Context own, ChannelHandlerContext channel, Copies copies) {
        this.routing = routing;
        this.response = routing.response();
        this.own = own;
        this.channel = channel;
        this.copies = copies;
    }

    /** Writes the head, and then whatever comes. */
    void start(HttpAnswer.Streaming answer) {
        if (response.headWritten() || response.closed()) {
            answer.stream().end();
            return;
        }
        response.setChunked(true);
        answer.headers().forEach(response::putHeader);
        if (mayBeCompressed()) {
            response.putHeader("Content-Encoding", "identity");
        }
        routing.addEndHandler(over -> leave());
        response.write(Buffer.buffer());
        answer.stream().body().subscribe(this);
    }

    /** Where it is compressed, events wait in the compressor. In HTTP/2 it cannot be seen whether it would be. */
    private boolean mayBeCompressed() {
        return routing.request().headers().contains("Accept-Encoding")
                && (isHttp2() || channel.pipeline().get(HttpContentCompressor.class) != null);
    }

    private boolean isHttp2() {
        return routing.request().version() == HttpVersion.HTTP_2;
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        from.request(1);
    }

    @Override
    public boolean onRun(SharedRun run) {
        write(copies.of(run));
        return false;
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        write(Copies.of(bytes));
    }

    private void write(Buffer bytes) {
        response.write(bytes).onComplete(written -> {
            Flow.Subscription from = subscription;
            if (from != null && written.succeeded()) {
                from.request(1);
            } else {
                leave();
            }
        });
    }

    private void leave() {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    public void onComplete() {
        own.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                response.end().onComplete(ended -> {
                    if (routing.request().version() == HttpVersion.HTTP_1_0) {
                        channel.close(); // which is the end of a body there
                    }
                });
            }
        });
    }

    /** What was written may still wait for the client; to close the connection in order would be to wait with it. */
    @Override
    public void onError(Throwable stalled) {
        try {
            if (isHttp2()) {
                RESET.invoke(response, CANCEL);
            } else {
                channel.close();
            }
        } catch (ReflectiveOperationException gone) {
            leave(); // nothing is left to be reset
        }
    }
}
