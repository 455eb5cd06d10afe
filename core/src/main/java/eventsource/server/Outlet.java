package eventsource.server;

import eventsource.server.spi.RunSubscriber;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The side of a stream that its subscriber sees: one subscription, demand, elements and an end.
 *
 * <p>Confinement. Any thread may raise {@code demand}, set {@code cancelled} and {@code faulty}, and provide the
 * subscriber; it marks the stream afterwards. The rest belongs to the lane's turns. {@code starved} is set before {@code
 * demand} is read again, and read after {@code demand} was raised: one of the two sides marks the stream.
 */
abstract class Outlet extends Mark implements Flow.Subscription, Flow.Publisher<ByteBuffer> {

    private static final VarHandle DEMAND;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DEMAND = lookup.findVarHandle(Outlet.class, "demand", long.class);
            TAKEN = lookup.findVarHandle(Outlet.class, "taken", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final Lane lane;

    @SuppressWarnings("UnusedVariable") // read through TAKEN
    private volatile boolean taken;

    private volatile boolean starved;
    private volatile boolean cancelled;
    private volatile boolean faulty;
    private volatile long demand;
    private volatile Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

    Outlet(Lane lane) {
        this.lane = lane;
    }

    // --- from any thread ---

    public final Flow.Publisher<ByteBuffer> body() {
        return this;
    }

    @Override
    public final void subscribe(Flow.Subscriber<? super ByteBuffer> only) {
        Objects.requireNonNull(only, "subscriber");
        if (!TAKEN.compareAndSet(this, false, true)) {
            Refusal.to(
                    only, new IllegalStateException("the body of a stream is for one subscriber; open another stream"));
            return;
        }
        if (Foreign.call("onSubscribe", () -> only.onSubscribe(this)) != null) {
            faulty = true;
            cancelled = true;
        }
        // Only now may the lane signal: nothing may overtake onSubscribe (Flow rule 1.3).
        subscriber = only;
        lane.mark(this);
    }

    @Override
    public final void request(long n) {
        if (cancelled) {
            return; // a turn that looked before the cancellation must not find new demand (Flow rule 3.6)
        }
        if (n <= 0) {
            faulty = true;
            lane.mark(this);
            return;
        }
        long now;
        do {
            now = demand;
        } while (!DEMAND.compareAndSet(this, now, now + n < 0 ? Long.MAX_VALUE : now + n));
        if (starved) {
            lane.mark(this);
        }
    }

    @Override
    public final void cancel() {
        cancelled = true;
        lane.mark(this);
    }

    // --- in the lane's turns ---

    final boolean hasSubscriber() {
        return subscriber != null;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    final boolean isFaulty() {
        return faulty;
    }

    final boolean hasDemand() {
        return demand > 0;
    }

    /** From now on, whoever raises the demand marks the stream. */
    final void awaitDemand() {
        starved = true;
        if (demand > 0) {
            lane.mark(this);
        }
    }

    /**
     * Hands an element over.
     *
     * @return whether the subscriber took it as it should
     */
    final boolean hand(ByteBuffer bytes) {
        starved = false;
        if (demand != Long.MAX_VALUE) {
            DEMAND.getAndAdd(this, -1L);
        }
        Flow.Subscriber<? super ByteBuffer> to = Objects.requireNonNull(subscriber);
        return Foreign.call("onNext", () -> to.onNext(bytes)) == null;
    }

    /** Whether the subscriber takes runs as they are. */
    final boolean takesRuns() {
        return subscriber instanceof RunSubscriber;
    }

    /** Hands a run over to a subscriber that takes runs; otherwise as above. Allocates nothing. */
    final boolean hand(Run run) {
        starved = false;
        try {
            if (!((RunSubscriber) Objects.requireNonNull(subscriber)).onRun(run) && demand != Long.MAX_VALUE) {
                DEMAND.getAndAdd(this, -1L); // perhaps after it was requested again, which comes to the same
            }
            return true;
        } catch (Throwable thrown) {
            Foreign.log(Level.WARNING, "onRun threw an exception, which it must not", thrown);
            return false;
        }
    }

    /** Tells the subscriber of the end, if there is one and it is to be told. */
    final void signal(StreamEnd end, @Nullable Throwable failure) {
        Flow.Subscriber<? super ByteBuffer> to = subscriber;
        if (to == null) {
            return;
        }
        subscriber = null; // rule 3.13: a cancelled subscription lets its subscriber go
        Throwable why = faulty && !cancelled
                ? badRequest()
                : end == StreamEnd.STALLED
                        ? new TimeoutException("the stream stalled: nothing was requested")
                        : failure;
        if (why != null) {
            Foreign.call("onError", () -> to.onError(why));
        } else if (end != StreamEnd.CANCELLED && end != StreamEnd.FAILED) {
            Foreign.call("onComplete", to::onComplete);
        }
    }

    /** What a subscriber hears that has requested less than one element. */
    static IllegalArgumentException badRequest() {
        return new IllegalArgumentException("request(n) with n < 1; request at least one element (Flow rule 3.9)");
    }
}
