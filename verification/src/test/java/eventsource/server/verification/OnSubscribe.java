package eventsource.server.verification;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A client that does something more when it has been subscribed. */
record OnSubscribe(Client client, Runnable more) implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        client.onSubscribe(subscription);
        more.run();
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        client.onNext(bytes);
    }

    @Override
    public void onError(Throwable failure) {
        client.onError(failure);
    }

    @Override
    public void onComplete() {
        client.onComplete();
    }
}
