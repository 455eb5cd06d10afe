package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of events, emitted one by one.
 *
 * <p>Confinement. The publisher calls serially. {@code source} is set once, to the publisher's subscription or, by
 * whoever cancels first, to the mark of that; {@link Flow} leaves calling {@code request} and {@code cancel} to any thread.
 */
final class Supply implements Flow.Subscriber<Event>, Flow.Subscription {

    private final EventSourceServer server;
    private final Consumer<Supply> ended;
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();

    Supply(EventSourceServer server, Consumer<Supply> ended) {
        this.server = server;
        this.ended = ended;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (source.compareAndSet(null, subscription)) {
            subscription.request(1);
        } else {
            subscription.cancel(); // a second one (rule 2.5), or we were cancelled before the first
        }
    }

    @Override
    public void onNext(Event event) {
        Objects.requireNonNull(event, "event");
        Flow.Subscription from = source.get();
        if (from == null || from == this) {
            return;
        }
        try {
            server.emit(event).whenComplete((id, failed) -> settled(from, failed));
        } catch (IllegalArgumentException rejected) {
            // One event that cannot be emitted must not keep back those that come after it.
            Foreign.LOG.log(Level.WARNING, "an event of a supply was rejected, and nobody gets it", rejected);
            from.request(1);
        }
    }

    private void settled(Flow.Subscription from, @Nullable Throwable failed) {
        if (failed == null) {
            from.request(1);
        } else {
            cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        Foreign.LOG.log(Level.WARNING, "a supply failed; the server goes on without it", failure);
        ended.accept(this);
    }

    @Override
    public void onComplete() {
        ended.accept(this);
    }

    @Override
    public void request(long n) {
        // The server asks for the next event when it has emitted the one before.
    }

    @Override
    public void cancel() {
        Flow.Subscription from = source.getAndSet(this);
        if (from != null && from != this) {
            from.cancel();
        }
        ended.accept(this);
    }
}
