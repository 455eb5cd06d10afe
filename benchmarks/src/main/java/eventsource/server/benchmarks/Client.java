package eventsource.server.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes nowhere: it counts what it is given and asks for the next element. */
final class Client implements Flow.Subscriber<ByteBuffer> {

    final int cell;
    private final Arrivals arrivals;
    private final CountDownLatch begun;
    private Flow.@Nullable Subscription subscription;
    private boolean hasBegun;

    /** How many elements it was given; written in its lane's turns, for whoever has waited for the arrivals. */
    long elements;

    /** How many elements it was given to compare with. */
    long loops;

    Client(int cell, Arrivals arrivals, CountDownLatch begun) {
        this.cell = cell;
        this.arrivals = arrivals;
        this.begun = begun;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        Flow.Subscription from = subscription;
        if (from == null) {
            throw new IllegalStateException("onNext came before onSubscribe");
        }
        from.request(1);
        if (hasBegun) {
            elements++;
            arrivals.add(cell, bytes.remaining());
        } else {
            hasBegun = true; // these were the stream's first bytes
            begun.countDown();
        }
    }

    /** The same work for an element that nobody waits for, and no demand: to compare with. */
    void take(ByteBuffer bytes) {
        loops++;
        arrivals.ignore(cell, bytes.remaining());
    }

    @Override
    public void onError(Throwable failure) {
        failure.printStackTrace();
    }

    @Override
    public void onComplete() {}
}
