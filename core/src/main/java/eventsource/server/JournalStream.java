package eventsource.server;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One client's cursor over the journal.
 *
 * <p>Confinement. A stream belongs to one lane. Any thread may set the flags {@code wanted} and {@code rang}, and give the
 * {@code answer} that it was asked for; it marks the stream afterwards. Everything else is written in the lane's turns only;
 * what others may read of it is volatile.
 */
final class JournalStream extends Outlet implements EventStream {

    private static final Object ASKED = new Object();

    private final Streams owner;
    private final StreamRequest request;
    private final Resume.Outcome outcome;
    private final Feed[] feeds;
    private final long from;
    private final Epoch epoch;
    private final Watch watch;

    private volatile @Nullable StreamEnd wanted;
    private volatile @Nullable Object answer; // of what comes before the journal: pieces, or a failure

    private volatile long after;
    private volatile @Nullable StreamEnd end;
    private @Nullable Ahead ahead;
    private @Nullable Before before;
    private @Nullable Before pages; // what comes before the journal, and after a snapshot
    private @Nullable Throwable broken;
    private boolean announced;
    private boolean following;
    private boolean newest;
    private boolean lagging;
    private long goal = Long.MAX_VALUE;
    private long @Nullable [] told; // null as soon as the stream is further

    JournalStream(Streams owner, Lane lane, StreamRequest request, Cursors.Start start) {
        super(lane);
        this.owner = owner;
        this.request = request;
        outcome = start.outcome();
        feeds = start.feeds();
        from = start.after();
        told = start.told();
        epoch = start.epoch();
        newest = start.newest();
        after = from;
        watch = new Watch(this, owner.settings());
        pages = start.before();
        before = request.snapshot() == null ? pages : new Snapshot(this, from);
    }

    // --- from any thread ---

    @Override
    public StreamRequest request() {
        return request;
    }

    @Override
    public Resume resume() {
        return new Resume(outcome, epoch.id(from));
    }

    @Override
    public Map<String, String> headers() {
        return Streams.headers(outcome);
    }

    @Override
    public long lag() {
        return hasEnded() ? 0 : Cursors.pending(Arrays.asList(feeds), after);
    }

    @Override
    public void end() {
        wanted = StreamEnd.ENDED;
        lane.mark(this);
    }

    boolean hasEnded() {
        return end != null;
    }

    // --- in the lane's turns ---

    @Override
    void drain() {
        StreamEnd past = end;
        if (past != null) {
            signal(past, broken); // to a subscriber that came after it
            return;
        }
        if (!announced) {
            announce();
        }
        StreamEnd reason = wanted == null ? lane.over() : wanted;
        if (isFaulty()) {
            close(StreamEnd.FAILED);
        } else if (isCancelled()) {
            close(StreamEnd.CANCELLED);
        } else if (wanted != null && wanted != StreamEnd.STOPPED) {
            closeOnceTaken(wanted);
        } else if (hasSubscriber()) {
            serve();
        } else if (reason != null && !isBehind()) {
            close(reason); // else whoever sends the response head just now is still to be given the rest
        }
        if (!hasEnded() && watch.takeRang()) {
            lookAtTheTime();
        }
    }

    private void announce() {
        announced = true;
        lane.streams().add(this);
        lane.add(Count.OPENED, 1);
        lane.add(Count.GAPS, outcome == Resume.Outcome.GAP ? 1 : 0);
        watch.begin(lane.now());
        owner.spread(this);
        Foreign.call("StreamListener.opened", () -> owner.settings().listener().opened(this));
    }

    private void serve() {
        if (!following) {
            following = true;
            for (Feed feed : feeds) {
                owner.journal().cursors().join(feed, lane).add(this);
            }
            ahead = owner.firstBytes(this);
            // Frames that were appended before the stream joined are above the head that this drain sees,
            // and marked nothing.
            lane.mark(this);
        }
        if (ahead != null) {
            serveAhead(ahead);
        } else if (before != null) {
            serveBefore(before);
        } else if (!isBehind() || (wanted == StreamEnd.STOPPED && !newest && after >= goal)) {
            settle();
        } else if (!hasDemand()) {
            starve(); // without looking for a run: a stalled stream must cost nothing
        } else if (newest) {
            serveNewest();
        } else {
            serveRun();
        }
    }

    /** One element a turn, so that no stream keeps the others of its lane waiting for longer than that. */
    private void serveAhead(Ahead elements) {
        if (!hasDemand()) {
            starve();
            return;
        }
        ByteBuffer element = elements.next();
        ahead = elements.isOver() ? null : elements;
        send(element);
        lane.mark(this);
    }

    /** Asks for what comes before the journal, and takes what was given. */
    private void serveBefore(Before from) {
        Object given = answer;
        if (given == null) {
            answer = ASKED;
            Foreign.stage(from::more).whenComplete((pieces, failure) -> {
                answer = failure == null ? pieces : failure;
                lane.mark(this);
            });
        } else if (given == ASKED) {
            if (lane.over() != null || wanted != null) {
                watch.starve(lane.now()); // the server cannot wait for ever
            }
        } else if (given instanceof Throwable failure) {
            boolean lapped = Foreign.cause(failure) instanceof Pages.Lapped;
            if (!lapped) {
                broken = failure;
                Foreign.log(Level.WARNING, "what a stream was to be sent first is not to be had; it ends", failure);
            }
            close(lapped ? StreamEnd.LAGGED : StreamEnd.FAILED);
        } else if (given instanceof Iterator<?> pieces) {
            answer = null;
            ahead = Ahead.of(pieces);
            if (from.isOver()) {
                after = from.through();
                before = from == pages ? null : pages;
            }
            lane.mark(this);
        }
    }

    private void serveNewest() {
        Newest next = owner.journal().cursors().newest(feeds, after, told);
        if (next.lapped()) {
            close(StreamEnd.LAGGED);
            return;
        }
        List<Frame> frames = new ArrayList<>(next.frames());
        Predicate<? super Map<String, String>> filter = request.filter();
        if (filter != null) {
            broken = Foreign.call("a filter", () -> frames.removeIf(frame -> !filter.test(frame.traits.labels())));
        }
        if (broken != null) {
            close(StreamEnd.FAILED);
            return;
        }
        // First, because there may be no memory for it: then the stream stays where it is.
        ByteBuffer bytes = frames.isEmpty() ? null : Run.join(frames, Representation.PLAIN);
        advance(next.through());
        newest = !next.whole();
        if (bytes != null) {
            lane.add(Count.DELIVERED, frames.size());
            send(bytes);
        }
        lane.mark(this);
    }

    private void advance(long through) {
        after = through;
        if (told != null && Arrays.stream(told).allMatch(number -> number <= through)) {
            told = null;
        }
    }

    private void serveRun() {
        Run run = lane.pending(feeds, after, told, request.filter());
        broken = run.broken();
        if (broken != null) {
            close(StreamEnd.FAILED);
            return;
        }
        if (run.lapped()) {
            fallOff();
            return;
        }
        ByteBuffer bytes = takesRuns() || run.size() == 0 ? null : run.bytes(); // first, as above
        advance(run.through());
        if (run.size() > 0) {
            lane.add(Count.DELIVERED, run.size());
            sent(run.length(Representation.PLAIN), bytes == null ? hand(run) : hand(bytes));
        }
        if (!run.whole()) {
            lane.mark(this);
        } else if (!hasEnded() && !isBehind()) {
            settle(); // else the rest is above the head that this drain sees, and marked for the next
        }
    }

    /** The stream has fallen off the tail: what comes next was trimmed. */
    private void fallOff() {
        LagPolicy policy = owner.settings().lag();
        // With a filter, a newer event of the key may be one that the stream is not sent.
        boolean made = policy == LagPolicy.NEWEST_PER_KEY && request.filter() == null;
        boolean byKey = made || request.isNewestPerKeyFirst();
        long missed = (byKey ? owner.journal().head() : Cursors.trimmed(List.of(feeds))) - after;
        if (byKey) {
            newest = !owner.journal().cursors().newest(feeds, after, told).lapped();
        } else if (policy == LagPolicy.SKIP) {
            Cursors.Start start = owner.journal().cursors().skip(feeds, after);
            ahead = owner.gap(owner.journal().id(after), owner.journal().id(start.after()));
            after = start.after();
            told = start.told();
        }
        if (!newest && ahead == null) {
            close(StreamEnd.LAGGED);
            return;
        }
        if (!lagging) {
            lagging = true;
            lane.add(Count.LAGGED, 1);
            Foreign.call(
                    "StreamListener.lagged", () -> owner.settings().listener().lagged(this, missed));
        }
        lane.mark(this);
    }

    /** Whether there is something to send, in the journal or before that. */
    private boolean isBehind() {
        boolean behind = before != null || newest || (outcome == Resume.Outcome.GAP && !following);
        for (int i = 0; i < feeds.length && !behind; i++) {
            behind = feeds[i].hasAfter(after);
        }
        return behind;
    }

    /** The client has, or is being sent, everything up to the head that this drain sees. */
    private void settle() {
        lagging = false;
        if (hasDemand()) {
            watch.sate();
        }
        StreamEnd reason = wanted == null ? lane.over() : wanted;
        if (reason != null) {
            closeOnceTaken(reason);
        }
    }

    /** Without demand, the last element is still being written: to a client that takes nothing, that would be for ever. */
    private void closeOnceTaken(StreamEnd reason) {
        if (!following || hasDemand()) {
            close(reason);
        } else {
            starve();
        }
    }

    /** There is something to send and no demand for it. */
    private void starve() {
        watch.starve(lane.now());
        awaitDemand();
    }

    private void send(ByteBuffer bytes) {
        sent(bytes.remaining(), hand(bytes));
    }

    private void sent(int length, boolean taken) {
        watch.wrote(lane.now());
        lane.add(Count.BYTES, length);
        if (!taken) {
            close(StreamEnd.FAILED);
        }
    }

    private void lookAtTheTime() {
        long now = lane.now();
        if (watch.hasStalled(now)) {
            close(StreamEnd.STALLED);
            return;
        }
        StreamEnd expired = watch.takeExpiry(now);
        if (expired != null && wanted == null) {
            wanted = expired;
            goal = owner.journal().head(); // later events are for those who stay longer
            lane.mark(this);
        }
        if (watch.isSilent(now) && following && ahead == null && (before != null || !isBehind())) {
            if (hasDemand()) {
                send(Frame.heartbeat());
            } else {
                starve();
            }
        }
        if (!hasEnded()) {
            watch.set(now);
        }
    }

    /** Ends the stream with the server at a time, once it has everything until then. */
    void stopAt(long time) {
        watch.stopAt(time, lane.now());
    }

    /** Ends a stream that could not be ended in time. */
    void abort() {
        close(StreamEnd.STALLED);
    }

    /** Ends a stream that cannot be drained, as when there is no memory. */
    void fail(Throwable failure) {
        broken = failure;
        close(StreamEnd.FAILED);
    }

    /** Ends the stream, once: everything that ends it comes through here, in a turn. */
    private void close(StreamEnd reason) {
        end = reason;
        watch.end();
        ahead = null;
        before = null;
        lane.add(Count.LAGGED, reason == StreamEnd.LAGGED ? 1 : 0);
        lane.add(Count.STALLED, reason == StreamEnd.STALLED ? 1 : 0);
        lane.streams().left();
        if (following) {
            for (Feed feed : feeds) {
                owner.journal().cursors().part(feed, lane);
            }
        }
        owner.journal().cursors().leave(feeds);
        signal(reason, broken);
        Foreign.call("StreamListener.closed", () -> owner.settings().listener().closed(this, reason));
        owner.closed();
    }
}
