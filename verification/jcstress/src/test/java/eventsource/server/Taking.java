package eventsource.server;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A subscriber that asks for so many elements at first, and counts what it is given. Turns order its signals. */
final class Taking implements Flow.Subscriber<ByteBuffer> {

    private final long first;
    private Flow.Subscription subscription;
    int elements;
    int ends;

    Taking(long first) {
        this.first = first;
    }

    Taking on(Flow.Publisher<ByteBuffer> body) {
        body.subscribe(this);
        return this;
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        if (first > 0) {
            from.request(first);
        }
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        elements++;
    }

    @Override
    public void onError(Throwable failure) {
        ends++;
    }

    @Override
    public void onComplete() {
        ends++;
    }
}
