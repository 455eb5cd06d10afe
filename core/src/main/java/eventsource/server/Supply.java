package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of items, emitted one by one: the next is asked for when the one before was settled.
 *
 * <p>Confinement. The publisher calls serially. {@code source} is set once, to the publisher's subscription or, by
 * whoever cancels first, to the mark of that. An item that is being emitted is settled by what comes of that, and by nothing else;
 * so each is settled once. {@link Flow} leaves calling {@code request} and {@code cancel} to any thread.
 */
final class Supply<T> implements Flow.Subscriber<T>, Flow.Subscription {

    private final EventSourceServer server;
    private final Function<? super T, Emission> mapper;
    private final BiConsumer<? super T, ? super @Nullable Throwable> settled;
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();

    Supply(
            EventSourceServer server,
            Function<? super T, Emission> mapper,
            BiConsumer<? super T, ? super @Nullable Throwable> settled) {
        this.server = server;
        this.mapper = mapper;
        this.settled = settled;
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
    public void onNext(T item) {
        Objects.requireNonNull(item, "item");
        if (isCancelled()) {
            settle(item, new IllegalStateException("the supply was cancelled"));
            return;
        }
        Emission[] emission = new Emission[1];
        Throwable rejected = Foreign.call("the mapper of a supply", () -> emission[0] = mapper.apply(item));
        if (rejected != null) {
            settle(item, rejected);
        } else {
            emit(item, emission[0]);
        }
    }

    private void emit(T item, Emission emission) {
        try {
            server.emit(emission).whenComplete((id, failure) -> {
                if (failure != null) {
                    cancel();
                }
                settle(item, failure);
            });
        } catch (IllegalArgumentException | NullPointerException rejected) {
            // One item that cannot be emitted must not keep back those that come after it.
            settle(item, rejected);
        }
    }

    private void settle(T item, @Nullable Throwable failure) {
        Foreign.call("what settles the items of a supply", () -> settled.accept(item, failure));
        Flow.Subscription from = source.get();
        if (from != null && from != this) {
            from.request(1);
        }
    }

    private boolean isCancelled() {
        return source.get() == this;
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        Foreign.LOG.log(Level.WARNING, "a supply failed; the server goes on without it", failure);
        server.ended(this);
    }

    @Override
    public void onComplete() {
        server.ended(this);
    }

    @Override
    public void request(long n) {
        // The server asks for the next item when it has settled the one before.
    }

    @Override
    public void cancel() {
        Flow.Subscription from = source.getAndSet(this);
        if (from != null && from != this) {
            Foreign.call("Subscription.cancel", from::cancel);
        }
        server.ended(this);
    }
}
