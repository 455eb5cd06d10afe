package eventsource.server.jdkhttpserver;

import com.sun.net.httpserver.HttpExchange;
import eventsource.server.spi.HttpAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream to one exchange, on a thread that does nothing else: takes an element, writes and flushes it, asks for
 * the next.
 *
 * <p>Confinement. {@link #run} belongs to the writing thread. The signals come from the thread that drains the stream; as
 * one element is asked for at a time, at most that and the end wait in the queue. {@code writer} is guarded by this object,
 * so that an interrupt never reaches a thread that has gone on to another stream.
 */
final class StreamWriter implements Runnable, Flow.Subscriber<ByteBuffer> {

    private static final Object END = new Object();

    /** The web server writes chunks of this size, whatever it is given. */
    private static final int COPY_BYTES = 4096;

    private final HttpExchange exchange;
    private final HttpAnswer.Streaming answer;
    private final BlockingQueue<Object> signals = new ArrayBlockingQueue<>(2);
    private final byte[] copy = new byte[COPY_BYTES];
    private volatile Flow.@Nullable Subscription subscription;
    private boolean cutOff;
    private @Nullable Thread writer;

    StreamWriter(HttpExchange exchange, HttpAnswer.Streaming answer) {
        this.exchange = exchange;
        this.answer = answer;
    }

    @Override
    public void run() {
        setWriter(Thread.currentThread());
        try {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            // Otherwise the web server takes a connection that was cut off for one to be used again, and keeps it.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, /* chunked */ 0);
            answer.stream().body().subscribe(this);
            write(exchange.getResponseBody());
        } catch (Throwable gone) {
            // Whether the client left, the stream was aborted or something failed: an interrupted thread cannot
            // write the end of the body, and a body without its end tells the client that it was cut off.
            cutOff = true;
            leave();
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
            setWriter(null);
            Thread.interrupted();
        }
    }

    /** Whether the body lacks its end. For the thread that wrote it. */
    boolean wasCutOff() {
        return cutOff;
    }

    private void leave() {
        Flow.Subscription from = subscription;
        if (from == null) {
            answer.stream().end(); // the head could not be sent
        } else {
            from.cancel();
        }
    }

    private void write(OutputStream out) throws IOException, InterruptedException {
        for (Object signal = signals.take(); signal != END; signal = signals.take()) {
            ByteBuffer bytes = (ByteBuffer) signal;
            while (bytes.hasRemaining()) {
                int length = Math.min(copy.length, bytes.remaining());
                bytes.get(copy, 0, length);
                out.write(copy, 0, length);
            }
            out.flush();
            Flow.Subscription from = subscription;
            if (from != null) {
                from.request(1);
            }
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        from.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        signals.add(bytes);
    }

    @Override
    public void onComplete() {
        signals.add(END);
    }

    /** Nothing else ends a write that the client does not take. */
    @Override
    public void onError(Throwable stalled) {
        synchronized (this) {
            if (writer != null) {
                writer.interrupt();
            }
        }
    }

    private synchronized void setWriter(@Nullable Thread thread) {
        writer = thread;
    }
}
