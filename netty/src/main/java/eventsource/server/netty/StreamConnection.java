package eventsource.server.netty;

import eventsource.server.EventStream;
import eventsource.server.Representation;
import eventsource.server.spi.RunSubscriber;
import eventsource.server.spi.SharedRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has become a stream: moves its bytes, one element at a time.
 *
 * <p>Belongs to the connection's event loop; signals that come on other threads are brought there.
 */
final class StreamConnection extends Connection implements RunSubscriber {

    private static final ByteBuf LAST_CHUNK = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

    /** Writable means that the system has taken everything. */
    private static final WriteBufferWaterMark NOTHING_WAITS = new WriteBufferWaterMark(1, 1);

    /** As much of a large run is written at a time, and kept for a client that takes none of it. */
    static final int SLICE = 32 << 10;

    private static final int CRLF = 2;

    /** A client that has a stream has nothing to say; what it says nevertheless is let go, up to this. */
    private static final int MOST_RECEIVED = 64 << 10;

    private final RunWriter writer;
    private final Admission admission;
    private final ByteBuffer address;
    private final boolean chunked;

    private @Nullable EventStream stream;
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable ByteBuffer rest; // of an element; its content is shared with other streams
    private boolean framed; // whether the rest is one chunk, and ends with CRLF
    private boolean waiting; // until the system has taken everything
    private boolean writing;
    private boolean ending;
    private int received;

    StreamConnection(
            Channel channel, Loop loop, RunWriter writer, Admission admission, ByteBuffer address, boolean chunked) {
        super(channel, loop);
        this.writer = writer;
        this.admission = admission;
        this.address = address;
        this.chunked = chunked;
    }

    /** The head was written, though perhaps not sent. */
    void begin(EventStream from) {
        stream = from;
        channel.config().setWriteBufferWaterMark(NOTHING_WAITS);
        from.body().subscribe(this);
        if (admission.isClosed()) {
            from.end(); // it was let in just before
        }
    }

    // --- what the stream says ---

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        from.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        onLoop(() -> write(bytes));
    }

    @Override
    public boolean onRun(SharedRun run) {
        Representation as = chunked ? Representation.CHUNKED : Representation.PLAIN;
        if (!channel.isActive() || !loop.executor.inEventLoop()) {
            return false; // what made it so has cancelled the stream, or does
        }
        if (run.length(as) > writer.most()) {
            writeRest(run.bytes(as), 0);
            return false;
        }
        try {
            int taken = writer.write(channel, run, as);
            if (taken == run.length(as) || (taken == RunWriter.LATER && channel.isWritable())) {
                return true;
            }
            if (taken == RunWriter.LATER) {
                waiting = true;
            } else {
                writeRest(run.bytes(as), taken);
            }
        } catch (IOException broken) {
            abort();
        }
        return false;
    }

    @Override
    public void onComplete() {
        onLoop(this::finish);
    }

    @Override
    public void onError(Throwable why) {
        onLoop(this::abort);
    }

    private void onLoop(Runnable work) {
        if (loop.executor.inEventLoop()) {
            work.run();
            return;
        }
        try {
            loop.executor.execute(work);
        } catch (RejectedExecutionException closed) {
            // The server was closed, and all connections with it.
        }
    }

    private void write(ByteBuffer bytes) {
        if (!channel.isActive()) {
            return; // and what made it so has cancelled the stream
        }
        if (chunked) {
            String size = Integer.toHexString(bytes.remaining()) + "\r\n";
            channel.write(
                    channel.alloc().directBuffer(size.length()).writeBytes(size.getBytes(StandardCharsets.US_ASCII)),
                    channel.voidPromise());
        }
        framed = chunked;
        rest = bytes;
        waiting = true;
        writeSlice(bytes);
        goOn();
    }

    /** What the system has not taken of a run: it is the stream's now, whose cursor has moved on. */
    private void writeRest(ByteBuffer run, int taken) {
        framed = false;
        rest = run.position(taken);
        waiting = true;
        goOn();
    }

    /** A slice and no more: a large event is not to be copied for each client that takes none of it. */
    private void writeSlice(ByteBuffer from) {
        int length = Math.min(from.remaining(), SLICE);
        ByteBuf slice = channel.alloc().directBuffer(length + CRLF);
        slice.writeBytes(from.slice().limit(length));
        from.position(from.position() + length);
        if (!from.hasRemaining()) {
            rest = null;
            if (framed) {
                slice.writeByte('\r').writeByte('\n');
            }
        }
        channel.writeAndFlush(slice, channel.voidPromise());
    }

    /** Writes what is left of the element, and asks for the next one, as far as the system takes it. */
    private void goOn() {
        if (writing) {
            return; // it was a write that has called this
        }
        writing = true;
        while (rest != null && channel.isWritable()) {
            writeSlice(rest);
        }
        writing = false;
        Flow.Subscription from = subscription;
        if (waiting && channel.isWritable() && from != null) {
            waiting = false;
            from.request(1);
        }
    }

    /** Everything was written; all that is left to say is that this was all. */
    private void finish() {
        ending = true;
        Deadline taken = new Deadline(this::abort);
        loop.deadlines.set(taken);
        channel.writeAndFlush(chunked ? LAST_CHUNK.duplicate() : Unpooled.EMPTY_BUFFER)
                .addListener(ChannelFutureListener.CLOSE)
                .addListener(done -> loop.deadlines.clear(taken));
    }

    /**
     * Ends the connection without the end of the body: the client sees that it was cut off, once it has read what the system
     * still holds for it. Only where the body ends with the connection, that has to be dropped.
     */
    @Override
    void abort() {
        if (channel.isOpen()) {
            ending = true;
            if (!chunked) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            super.abort();
        }
    }

    /** Ends the stream at the next event boundary. */
    void end() {
        if (stream != null && !ending) {
            stream.end();
        }
    }

    // --- what the connection says ---

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        goOn();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            received += bytes.readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (received > MOST_RECEIVED) {
            channel.close();
        }
    }

    /**
     * With TLS, a client that closes its sending side counts as having gone. Where it closes the other one, too, what is written
     * after that is let go by what encrypts it, and nobody is told.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent && !ending) {
            abort();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        // Also where the channel was closed before it could say so.
        super.handlerRemoved(context);
        admission.leave(address);
    }

    /** A connection that fails is one that ends: there is nobody to be told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        abort();
    }
}
