package eventsource.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One client's cursor over the journal, and the demand of whoever writes to that client.
 *
 * <p>Confinement. A stream belongs to one lane. Any thread may raise {@code demand}, set the flags {@code cancelled},
 * {@code faulty}, {@code endWanted} and {@code rang}, and provide the subscriber; it marks the stream afterwards.
 * Everything else is written in the lane's turns only; what others may read of it is volatile. {@code starved} is set
 * before {@code demand} is read again, and read after {@code demand} was raised: one of the two sides marks the stream.
 */
final class JournalStream extends Mark implements EventStream, Flow.Subscription, Flow.Publisher<ByteBuffer> {

    private static final VarHandle DEMAND;
    private static final VarHandle TAKEN;
    private static final long NOT_STARVING = Long.MIN_VALUE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DEMAND = lookup.findVarHandle(JournalStream.class, "demand", long.class);
            TAKEN = lookup.findVarHandle(JournalStream.class, "taken", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Streams owner;
    private final Lane lane;
    private final StreamRequest request;
    private final Resume.Outcome outcome;
    private final Feed[] feeds;
    private final long from;
    private final long told;
    private final Alarm alarm = new Alarm(this::ring);

    @SuppressWarnings("UnusedVariable") // read through TAKEN
    private volatile boolean taken;

    private volatile Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
    private volatile long demand;
    private volatile boolean starved;
    private volatile boolean cancelled;
    private volatile boolean faulty;
    private volatile boolean endWanted;
    private volatile boolean rang;

    private volatile long after;
    private volatile @Nullable StreamEnd end;
    private @Nullable ByteBuffer ahead;
    private boolean announced;
    private boolean following;
    private long lastWrite;
    private long starvingSince = NOT_STARVING;

    JournalStream(Streams owner, Lane lane, StreamRequest request, Journal.Start start) {
        this.owner = owner;
        this.lane = lane;
        this.request = request;
        outcome = start.outcome();
        feeds = start.feeds();
        from = start.after();
        told = start.told();
        after = from;
    }

    // --- from any thread ---

    @Override
    public StreamRequest request() {
        return request;
    }

    @Override
    public Resume resume() {
        return new Resume(outcome, owner.journal().id(from));
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Streams.HEADERS);
        headers.put("EventSource-Resume", outcome.headerValue());
        return Collections.unmodifiableMap(headers);
    }

    @Override
    public Flow.Publisher<ByteBuffer> body() {
        return this;
    }

    @Override
    public long lag() {
        return hasEnded() ? 0 : Journal.pending(Arrays.asList(feeds), after);
    }

    @Override
    public void end() {
        endWanted = true;
        lane.mark(this);
    }

    boolean hasEnded() {
        return end != null;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> only) {
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
    public void request(long n) {
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
    public void cancel() {
        cancelled = true;
        lane.mark(this);
    }

    private void ring() {
        rang = true;
        lane.mark(this);
    }

    // --- in the lane's turns ---

    @Override
    void drain() {
        if (hasEnded()) {
            signalEnd(); // to a subscriber that came after it
            return;
        }
        if (!announced) {
            announce();
        }
        if (faulty) {
            close(StreamEnd.FAILED);
        } else if (cancelled) {
            close(StreamEnd.CANCELLED);
        } else if (endWanted) {
            closeOnceTaken(StreamEnd.ENDED);
        } else if (subscriber != null) {
            serve();
        } else if (lane.stopped() && !isBehind()) {
            close(StreamEnd.STOPPED); // else whoever sends the response head just now is still to be given the rest
        }
        if (rang && !hasEnded()) {
            rang = false;
            watch();
        }
    }

    private void announce() {
        announced = true;
        lane.streams().add(this);
        lastWrite = lane.now();
        starvingSince = lastWrite; // until somebody takes the first bytes
        owner.settings().wheel().set(alarm, nextAlarm(lastWrite));
        Foreign.call("StreamListener.opened", () -> owner.settings().listener().opened(this));
    }

    private void serve() {
        if (!following) {
            following = true;
            for (Feed feed : feeds) {
                owner.journal().join(feed, lane).add(this);
            }
            ahead = owner.firstBytes(this);
            // Frames that were appended before the stream joined are above the head that this drain sees,
            // and marked nothing.
            lane.mark(this);
        }
        if (ahead != null) {
            serveAhead(ahead);
        } else if (isBehind()) {
            serveRun();
        } else {
            settle();
        }
    }

    /** One element a turn, so that no stream keeps the others of its lane waiting for longer than that. */
    private void serveAhead(ByteBuffer bytes) {
        if (demand == 0) {
            starve();
            return;
        }
        ahead = null;
        send(bytes);
        lane.mark(this);
    }

    private void serveRun() {
        if (demand == 0) {
            starve(); // without looking for a run: a stalled stream must cost nothing
            return;
        }
        Run run = lane.pending(feeds, after, told);
        if (run.lapped()) {
            close(StreamEnd.LAGGED);
            return;
        }
        boolean whole = run.whole();
        after = run.through();
        if (!run.isEmpty()) {
            send(run.bytes());
        }
        if (!whole) {
            lane.mark(this);
        } else if (!hasEnded() && !isBehind()) {
            settle(); // else the rest is above the head that this drain sees, and marked for the next
        }
    }

    private boolean isBehind() {
        for (Feed feed : feeds) {
            if (feed.hasAfter(after)) {
                return true;
            }
        }
        return false;
    }

    /** The client has, or is being sent, everything up to the head that this drain sees. */
    private void settle() {
        if (demand > 0) {
            if (starvingSince != NOT_STARVING) {
                rang = true; // what could not be sent was a heartbeat, and is still due
            }
            sated();
        }
        if (lane.stopped()) {
            closeOnceTaken(StreamEnd.STOPPED);
        }
    }

    /** Without demand, the last element is still being written: to a client that takes nothing, that would be for ever. */
    private void closeOnceTaken(StreamEnd reason) {
        if (!following || demand > 0) {
            close(reason);
        } else {
            starve();
        }
    }

    /** There is something to send and no demand for it. */
    private void starve() {
        if (starvingSince == NOT_STARVING) {
            starvingSince = lane.now();
        }
        starved = true;
        if (demand > 0) {
            lane.mark(this);
        }
    }

    private void sated() {
        starved = false;
        starvingSince = NOT_STARVING;
    }

    private void send(ByteBuffer bytes) {
        sated();
        lastWrite = lane.now();
        if (demand != Long.MAX_VALUE) {
            DEMAND.getAndAdd(this, -1L);
        }
        Flow.Subscriber<? super ByteBuffer> to = Objects.requireNonNull(subscriber);
        if (Foreign.call("onNext", () -> to.onNext(bytes)) != null) {
            close(StreamEnd.FAILED);
        }
    }

    /** What depends on the time: heartbeats, and the end of a stream that takes nothing. */
    private void watch() {
        Settings settings = owner.settings();
        long now = lane.now();
        if (starvingSince != NOT_STARVING && now - starvingSince >= settings.stallNanos()) {
            close(StreamEnd.STALLED);
            return;
        }
        boolean silent = settings.keepaliveNanos() > 0 && now - lastWrite >= settings.keepaliveNanos();
        if (silent && following && ahead == null && !isBehind()) {
            if (demand > 0) {
                send(Frame.heartbeat());
            } else {
                starve();
            }
        }
        if (!hasEnded()) {
            owner.settings().wheel().set(alarm, nextAlarm(now));
        }
    }

    /** Never further away than a heartbeat or a stall: so one that begins in between is noticed in time. */
    private long nextAlarm(long now) {
        Settings settings = owner.settings();
        long due = (starvingSince == NOT_STARVING ? now : starvingSince) + settings.stallNanos();
        if (settings.keepaliveNanos() == 0) {
            return due;
        }
        long beat = lastWrite + settings.keepaliveNanos();
        return Math.min(due, beat > now ? beat : now + settings.keepaliveNanos());
    }

    /** Ends the stream, once: everything that ends it comes through here, in a turn. */
    private void close(StreamEnd reason) {
        end = reason;
        owner.settings().wheel().clear(alarm);
        ahead = null;
        lane.streams().left();
        if (following) {
            for (Feed feed : feeds) {
                owner.journal().part(feed, lane);
            }
        }
        owner.journal().leave(feeds);
        signalEnd();
        Foreign.call("StreamListener.closed", () -> owner.settings().listener().closed(this, reason));
        owner.closed();
    }

    private void signalEnd() {
        Flow.Subscriber<? super ByteBuffer> to = subscriber;
        if (to == null) {
            return;
        }
        subscriber = null; // rule 3.13: a cancelled subscription lets its subscriber go
        StreamEnd reason = Objects.requireNonNull(end);
        if (faulty && !cancelled) {
            Foreign.call("onError", () -> to.onError(badRequest()));
        } else if (reason == StreamEnd.STALLED) {
            Foreign.call(
                    "onError", () -> to.onError(new TimeoutException("the stream stalled: nothing was requested")));
        } else if (reason != StreamEnd.CANCELLED && reason != StreamEnd.FAILED) {
            Foreign.call("onComplete", to::onComplete);
        }
    }

    /** What a subscriber hears that has requested less than one element. */
    static IllegalArgumentException badRequest() {
        return new IllegalArgumentException("request(n) with n < 1; request at least one element (Flow rule 3.9)");
    }
}
