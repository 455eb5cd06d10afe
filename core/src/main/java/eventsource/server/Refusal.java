package eventsource.server;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Ends a subscription that could not begin, in the order that {@code Flow} asks for. */
final class Refusal implements Flow.Subscription {

    private volatile boolean cancelled;

    private Refusal() {}

    static void to(Flow.Subscriber<? super ByteBuffer> subscriber, Throwable why) {
        Refusal refusal = new Refusal();
        Foreign.call("onSubscribe", () -> subscriber.onSubscribe(refusal));
        if (!refusal.cancelled) {
            Foreign.call("onError", () -> subscriber.onError(why));
        }
    }

    @Override
    public void request(long n) {
        // There is nothing to give, and onError follows.
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
