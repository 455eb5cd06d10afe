package eventsource.server;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a stream that there is not: it gives an error, or one element and the end.
 *
 * <p>Confinement. Whoever wins {@code settled} signals, once; and nobody before {@code onSubscribe} has returned: {@code
 * wanted} and {@code subscribed} are each set before the other is read.
 */
final class Refusal implements Flow.Subscription {

    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final @Nullable ByteBuffer body;
    private volatile boolean subscribed;
    private volatile boolean wanted;
    private volatile @Nullable Throwable failure;

    private Refusal(
            Flow.Subscriber<? super ByteBuffer> subscriber, @Nullable ByteBuffer body, @Nullable Throwable failure) {
        this.subscriber = subscriber;
        this.body = body;
        this.failure = failure;
        wanted = failure != null; // an error needs no demand
    }

    /** Gives an error; or what makes a browser come back later, if there is no stream for it now. */
    static void to(Flow.Subscriber<? super ByteBuffer> subscriber, Throwable why) {
        Throwable cause = Foreign.cause(why);
        if (cause instanceof StreamRefusedException refused) {
            new Refusal(subscriber, refused.body(), null).subscribe();
        } else {
            new Refusal(subscriber, null, cause).subscribe();
        }
    }

    private void subscribe() {
        if (Foreign.call("onSubscribe", () -> subscriber.onSubscribe(this)) != null) {
            settled.set(true);
        }
        subscribed = true;
        settle();
    }

    private void settle() {
        if (!subscribed || !wanted || !settled.compareAndSet(false, true)) {
            return;
        }
        Throwable why = failure;
        if (why != null) {
            Foreign.call("onError", () -> subscriber.onError(why));
        } else if (body == null || Foreign.call("onNext", () -> subscriber.onNext(body)) == null) {
            Foreign.call("onComplete", subscriber::onComplete);
        }
    }

    @Override
    public void request(long n) {
        if (n < 1 && failure == null) {
            failure = Outlet.badRequest();
        }
        wanted = true;
        settle();
    }

    @Override
    public void cancel() {
        settled.set(true);
    }
}
