package eventsource.server.testkit.log;

import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Follower;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a follower was told, and notices what must never be: two calls at once, an empty batch, an entry that is
 * not after the one before.
 */
final class Followed implements Follower {

    /** One thing that the follower was told: an entry, or that some were lost, or the engine is down or up. */
    private record Heard(
            String what, @Nullable Entry entry, @Nullable Range range) {}

    private final Duration patience;
    private final Thread asking = Thread.currentThread();
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean calling = new AtomicBoolean();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Runnable during = () -> {};
    private @Nullable Position last;

    Followed(Duration patience) {
        this.patience = patience;
    }

    /** Has something done within each further call. */
    void during(Runnable work) {
        during = work;
    }

    private void call(List<Heard> told) {
        if (!calling.compareAndSet(false, true)) {
            violations.add("a follower was called while a call of it was going on");
        }
        if (Thread.currentThread() == asking) {
            violations.add("a follower was called on the thread of a caller");
        }
        calls.incrementAndGet();
        heard.addAll(told);
        during.run();
        calling.set(false);
    }

    /** Calls are ordered by the log: the field needs no more than that. */
    private void passTo(Position next, long step) {
        Position before = last;
        if (before != null && before.epoch().equals(next.epoch()) && next.ordinal() < before.ordinal() + step) {
            violations.add("a follower was given " + next + " after " + before);
        }
        last = next;
    }

    @Override
    public void entries(List<Entry> batch) {
        if (batch.isEmpty()) {
            violations.add("a follower was given a batch without entries");
        }
        batch.forEach(entry -> passTo(entry.position(), 1));
        call(batch.stream().map(entry -> new Heard("entry", entry, null)).toList());
    }

    @Override
    public void lost(Range now) {
        passTo(now.after(), 0);
        call(List.of(new Heard("lost", null, now)));
    }

    @Override
    public void down(Throwable why) {
        call(List.of(new Heard("down", null, null)));
    }

    @Override
    public void up() {
        call(List.of(new Heard("up", null, null)));
    }

    private Heard next(String what) throws InterruptedException {
        Heard next = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("the follower was told nothing within " + patience + ", instead of: " + what);
        }
        if (!next.what.equals(what)) {
            throw new AssertionError("the follower was told \"" + next.what + "\" instead of: " + what);
        }
        return next;
    }

    Entry nextEntry() throws InterruptedException {
        return Objects.requireNonNull(next("entry").entry);
    }

    List<Entry> nextEntries(int number) throws InterruptedException {
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < number) {
            entries.add(nextEntry());
        }
        return entries;
    }

    Range nextLost() throws InterruptedException {
        return Objects.requireNonNull(next("lost").range);
    }

    void nextDown() throws InterruptedException {
        next("down");
    }

    void nextUp() throws InterruptedException {
        next("up");
    }

    /** How often the follower was called. */
    int calls() {
        return calls.get();
    }

    /** What was told and not yet asked for. */
    List<String> rest() {
        return heard.stream().map(Heard::what).toList();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
