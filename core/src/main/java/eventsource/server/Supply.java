package eventsource.server;

import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
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

    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    private final EventSourceServer server;
    private final Function<? super T, Emission> mapper;
    private final BiConsumer<? super T, ? super @Nullable Throwable> settled;
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();

    private final AtomicReference<@Nullable Retry> paused = new AtomicReference<>();
    private volatile long pause = SHORTEST;

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
            server.emit(emission).whenComplete((id, failure) -> emitted(item, emission, failure));
        } catch (IllegalArgumentException | NullPointerException rejected) {
            // One item that cannot be emitted must not keep back those that come after it.
            settle(item, rejected);
        }
    }

    private void emitted(T item, Emission emission, @Nullable Throwable failure) {
        Throwable cause = Foreign.cause(failure);
        if (cause == null || isCancelled()) {
            pause = SHORTEST;
            settle(item, cause);
        } else if (cause instanceof AppendRefusedException || cause instanceof AppendUnknownException) {
            Foreign.log(Level.WARNING, "the event log does not take an event of a supply, which waits for it", cause);
            Retry retry = new Retry(item, emission);
            paused.set(retry);
            server.wheel().set(retry, server.wheel().now() + pause);
            pause = Math.min(LONGEST, pause * 2);
            if (isCancelled()) {
                giveUp();
            }
        } else {
            cancel();
            settle(item, cause);
        }
    }

    /** The item that waits is not emitted any more. */
    private void giveUp() {
        Retry retry = paused.getAndSet(null);
        if (retry != null) {
            server.wheel().clear(retry);
            settle(
                    retry.item,
                    new IllegalStateException("the supply was cancelled before the event log took the event"));
        }
    }

    /** An item that the event log did not take, and when it is tried again. Whoever takes it out of {@code paused} goes on. */
    private final class Retry extends Alarm {
        private final T item;
        private final Emission emission;

        Retry(T item, Emission emission) {
            this.item = item;
            this.emission = emission;
        }

        @Override
        void ring() {
            if (paused.compareAndSet(this, null)) {
                emit(item, emission);
            }
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
        Foreign.log(Level.WARNING, "a supply failed; the server goes on without it", failure);
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
        giveUp();
    }
}
