package eventsource.server.spring;

import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is being served, seen by whoever has to know when its client takes something and when it ends.
 *
 * <p>Safe for use by any number of threads, as any stream.
 */
final class ServedStream implements EventStream {

    private final EventStream stream;
    private final Runnable taken;
    private final Runnable ended;
    private final Supplier<@Nullable Throwable> failure;
    private volatile boolean subscribed;

    /**
     * Looks at a stream.
     *
     * @param stream the stream
     * @param taken runs each time after the client has asked for more, or was given something
     * @param ended runs when the body has ended, in whichever way; perhaps more than once
     * @param failure why the body has to be aborted at its end; gives null if it has not
     */
    ServedStream(EventStream stream, Runnable taken, Runnable ended, Supplier<@Nullable Throwable> failure) {
        this.stream = stream;
        this.taken = taken;
        this.ended = ended;
        this.failure = failure;
    }

    @Override
    public StreamRequest request() {
        return stream.request();
    }

    @Override
    public Resume resume() {
        return stream.resume();
    }

    @Override
    public Map<String, String> headers() {
        return stream.headers();
    }

    @Override
    public Flow.Publisher<ByteBuffer> body() {
        return subscriber -> {
            subscribed = true;
            stream.body().subscribe(new Between(subscriber));
        };
    }

    @Override
    public long lag() {
        return stream.lag();
    }

    @Override
    public void end() {
        stream.end();
        if (!subscribed) {
            ended.run(); // its head could not be sent, and nothing will come of its body
        }
    }

    /** Between a body and who writes it. */
    private final class Between implements Flow.Subscriber<ByteBuffer>, Flow.Subscription {

        private final Flow.Subscriber<? super ByteBuffer> to;
        private volatile Flow.Subscription from = this; // until there is one, which comes before anything else

        Between(Flow.Subscriber<? super ByteBuffer> to) {
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            from = subscription;
            to.onSubscribe(this);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            to.onNext(bytes);
            taken.run(); // and it has an element to write, while the next event may be made
        }

        @Override
        public void onComplete() {
            Throwable why = failure.get();
            if (why != null) {
                onError(why);
                return;
            }
            ended.run();
            to.onComplete();
        }

        @Override
        public void onError(Throwable why) {
            ended.run();
            to.onError(why);
        }

        @Override
        public void request(long n) {
            from.request(n);
            taken.run();
        }

        @Override
        public void cancel() {
            from.cancel();
            ended.run();
        }
    }
}
