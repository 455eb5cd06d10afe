package eventsource.server.spring;

import eventsource.server.EventStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A stream's elements as groups of one buffer each, which WebFlux flushes one after the other. A group asks the stream for its
 * element when it is subscribed to and the one before was flushed: so however many groups a host asks for in advance, one
 * element is there.
 *
 * <p>Confinement. The host subscribes to one group at a time. {@code current} is the subscriber that waits for an element;
 * whoever takes it out signals to it, the thread that drains the stream or the host's.
 */
final class StreamBody implements Flow.Subscriber<ByteBuffer> {

    private final EventStream stream;
    private final DataBufferFactory buffers;
    private final ReactorConnection connection;
    private final Sinks.Empty<Void> abort = Sinks.empty();
    private final AtomicReference<@Nullable Subscriber<? super DataBuffer>> current = new AtomicReference<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean ended;

    StreamBody(EventStream stream, DataBufferFactory buffers, ReactorConnection connection) {
        this.stream = stream;
        this.buffers = buffers;
        this.connection = connection;
    }

    /** For one subscriber, which gets a group after the other for as long as there is a stream. */
    Flux<Publisher<DataBuffer>> elements() {
        Publisher<DataBuffer> element = subscriber -> subscriber.onSubscribe(new Demand(subscriber));
        return Flux.<Publisher<DataBuffer>>generate(groups -> {
                    if (ended) {
                        groups.complete();
                    } else {
                        groups.next(element);
                    }
                })
                .doOnCancel(this::leave);
    }

    /** Fails when the stream is aborted, whatever the host waits for at that moment. */
    Mono<Void> aborted() {
        return abort.asMono();
    }

    private void leave() {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        } else {
            stream.end();
        }
    }

    /** The wish for one element. */
    private final class Demand implements Subscription {

        private final Subscriber<? super DataBuffer> subscriber;
        private boolean asked; // by the subscriber, which calls serially

        Demand(Subscriber<? super DataBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (asked) {
                return;
            }
            asked = true;
            current.set(subscriber);
            Flow.Subscription from = subscription;
            if (ended) {
                complete();
            } else if (from == null) {
                stream.body().subscribe(StreamBody.this);
            } else {
                connection.whenFlushed(() -> from.request(1));
            }
        }

        @Override
        public void cancel() {
            if (!ended && current.compareAndSet(subscriber, null)) {
                leave();
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
        Subscriber<? super DataBuffer> waiting = current.getAndSet(null);
        if (waiting != null) {
            waiting.onNext(buffers.wrap(bytes));
            waiting.onComplete();
        }
    }

    @Override
    public void onComplete() {
        ended = true;
        complete();
    }

    private void complete() {
        Subscriber<? super DataBuffer> waiting = current.getAndSet(null);
        if (waiting != null) {
            waiting.onComplete();
        }
    }

    /** The host may have bytes that the client does not take, and waits for it: it is not asked. */
    @Override
    public void onError(Throwable why) {
        ended = true;
        connection.close();
        EOFException cutOff =
                new EOFException("the stream was aborted"); // which Spring takes for a client that has gone
        cutOff.initCause(why);
        abort.tryEmitError(cutOff);
    }
}
