package eventsource.server.netty;

import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1.1 until it becomes a stream: one request after the other is read and answered.
 *
 * <p>Belongs to the connection's event loop; answers that are completed elsewhere are brought there.
 */
final class HttpConnection extends Connection {

    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());

    private final Site site;
    private final boolean loopback;
    private final Deadline deadline;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>(2);
    private @Nullable Incoming incoming;
    private boolean busy; // with an answer; further requests wait
    private boolean reading; // in the middle of what was read: flushed at its end
    private boolean closing; // the last answer was sent
    private boolean outputOver;
    private boolean inputOver;

    HttpConnection(Site site, Loop loop, Channel channel) {
        super(channel, loop);
        this.site = site;
        loopback = channel.localAddress() instanceof InetSocketAddress local
                && local.getAddress().isLoopbackAddress();
        deadline = new Deadline(channel::close);
        loop.deadlines.set(deadline);
    }

    // --- reading ---

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (busy || !waiting.isEmpty()) {
            // Whoever sends the next request before this one was answered waits, and so do its next bytes.
            waiting.add(message);
            channel.config().setAutoRead(false);
        } else {
            read(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        channel.flush();
    }

    private void read(Object message) {
        try {
            if (message instanceof io.netty.handler.codec.http.HttpObject part
                    && part.decoderResult().isFailure()) {
                sendFault(statusOf(part.decoderResult().cause()));
                return;
            }
            if (message instanceof io.netty.handler.codec.http.HttpRequest head) {
                begin(head);
            }
            if (message instanceof HttpContent content && incoming != null) {
                if (!incoming.add(content.content())) {
                    sendFault(413);
                } else if (message instanceof LastHttpContent) {
                    answer(incoming);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static int statusOf(@Nullable Throwable malformed) {
        return malformed instanceof TooLongHttpLineException
                ? 414
                : malformed instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    private void begin(io.netty.handler.codec.http.HttpRequest head) {
        int fault = Incoming.fault(head);
        boolean tooLarge = HttpUtil.getContentLength(head, 0L) > site.limits().bodyBytes();
        if (fault != 0 || tooLarge) {
            sendFault(fault != 0 ? fault : 413);
            return;
        }
        incoming = new Incoming(head, loopback, loop.executor, site.limits().bodyBytes());
        if (!site.routes().takesBody(incoming.request)) {
            incoming.letBodyGo();
        }
        if (head.headers().contains(HttpHeaderNames.EXPECT) && HttpUtil.is100ContinueExpected(head)) {
            channel.writeAndFlush(CONTINUE.duplicate(), channel.voidPromise());
        }
    }

    // --- answering ---

    private void answer(Incoming whole) {
        busy = true;
        incoming = null;
        loop.deadlines.clear(deadline);
        ByteBuffer[] entered = new ByteBuffer[1];
        CompletionStage<HttpAnswer> answer =
                site.routes().answer(whole.request, whole.body(), manners -> open(whole.request, manners, entered));
        answer.whenComplete((given, failure) -> {
            HttpAnswer sent = given == null ? Routes.failed(failure) : given;
            if (loop.executor.inEventLoop()) {
                send(whole, sent, entered[0]);
                return;
            }
            try {
                loop.executor.execute(() -> send(whole, sent, entered[0]));
            } catch (RejectedExecutionException closed) { // and all connections with it
                giveBack(sent, entered[0]);
            }
        });
    }

    /** Ends a stream that nobody can be given any more. */
    private void giveBack(HttpAnswer answer, @Nullable ByteBuffer entered) {
        if (answer instanceof HttpAnswer.Streaming streaming) {
            streaming.stream().end();
        }
        if (entered != null) {
            site.admission().leave(entered);
        }
    }

    /** Answers a request for a stream, if there is room for one. */
    private CompletionStage<HttpAnswer> open(HttpRequest request, HttpManners manners, ByteBuffer[] entered) {
        if (!request.method().equals("GET")) {
            return manners.answer(request);
        }
        ByteBuffer address = site.admission().enter(request, channel.remoteAddress());
        if (address == null) {
            String why = site.admission().isClosed() ? "the server stops" : "no room for a stream of this client";
            return CompletableFuture.completedStage(manners.overloaded(request, why));
        }
        entered[0] = address;
        return manners.answer(request);
    }

    private void send(Incoming to, HttpAnswer answer, @Nullable ByteBuffer entered) {
        if (answer instanceof HttpAnswer.Streaming streaming && entered != null) {
            stream(to, streaming, entered);
            return;
        }
        if (entered != null) {
            site.admission().leave(entered);
        }
        if (answer instanceof HttpAnswer.Whole whole && channel.isActive()) {
            send(to, whole);
            drain();
        }
    }

    private void send(Incoming to, HttpAnswer.Whole answer) {
        boolean last = !to.keepAlive || inputOver || site.admission().isClosed();
        boolean headOnly = to.request.method().equals("HEAD");
        ByteBuf bytes;
        try {
            bytes = ResponseHead.whole(channel.alloc(), loop.date(), answer, headOnly, last);
        } catch (RuntimeException unwritable) { // a header of the application's
            HttpAnswer.Whole instead = Routes.failed(new IllegalStateException(unwritable));
            bytes = ResponseHead.whole(channel.alloc(), loop.date(), instead, headOnly, last);
        }
        write(bytes, last);
    }

    /** Answers what is no request; what follows it cannot be understood any more. */
    private void sendFault(int status) {
        incoming = null;
        HttpAnswer.Whole answer = Routes.text(status, "This request cannot be served: " + status + ".");
        write(ResponseHead.whole(channel.alloc(), loop.date(), answer, /* headOnly= */ false, /* last= */ true), true);
    }

    private void write(ByteBuf bytes, boolean last) {
        loop.deadlines.set(deadline);
        if (last) {
            closing = true;
            busy = false;
            // The client is to read the answer: were the connection closed while it still sends, it might not.
            channel.writeAndFlush(bytes).addListener(written -> finishOutput());
            return;
        }
        channel.write(bytes, channel.voidPromise());
        if (!reading || !channel.isWritable()) {
            channel.flush();
        }
        busy = !channel.isWritable();
    }

    private void finishOutput() {
        outputOver = true;
        if (site.tls() == null && !inputOver && channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (busy && deadline.set && channel.isWritable()) { // a client has taken its answer at last
            busy = false;
            loop.deadlines.set(deadline);
            drain();
        }
    }

    /** Goes on with the requests that have waited. */
    private void drain() {
        if (reading) {
            return; // further up, whoever reads goes on
        }
        while (!busy && !closing && !waiting.isEmpty()) {
            reading = true;
            read(waiting.poll());
            reading = false;
        }
        channel.flush();
        if (!busy && !closing && waiting.isEmpty()) {
            if (inputOver) {
                close();
            } else {
                channel.config().setAutoRead(true);
            }
        }
    }

    /** Closes the connection when what was written has been taken. */
    private void close() {
        closing = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void stream(Incoming to, HttpAnswer.Streaming streaming, ByteBuffer entered) {
        loop.deadlines.clear(deadline);
        RunWriter writer = SocketWriter.suits(channel, site.tls() != null) ? loop.socketWriter : loop.channelWriter;
        StreamConnection stream = new StreamConnection(channel, loop, writer, site.admission(), entered, to.chunked);
        if (!channel.isActive()) {
            giveBack(streaming, entered);
            return;
        }
        ByteBuf head;
        try {
            head = ResponseHead.stream(channel.alloc(), loop.date(), streaming.headers(), to.chunked);
        } catch (RuntimeException | OutOfMemoryError unwritable) {
            giveBack(streaming, entered);
            channel.close();
            return;
        }
        releaseWaiting();
        closing = true;
        channel.write(head, channel.voidPromise());
        channel.pipeline().addLast(stream);
        channel.pipeline().remove(RequestDecoder.class);
        channel.pipeline().remove(this);
        channel.config().setAutoRead(true);
        stream.begin(streaming.stream());
    }

    // --- the end ---

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputOver = true;
            if (outputOver) {
                channel.close();
            } else if (!busy && !closing && waiting.isEmpty()) {
                close();
            }
        } else if (event instanceof SslCloseCompletionEvent && !closing) {
            channel.flush();
            channel.close(); // as in StreamConnection
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.deadlines.clear(deadline);
        closing = true;
        releaseWaiting();
    }

    private void releaseWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    /** A connection that fails is one that ends: there is nobody to be told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        channel.close();
    }
}
