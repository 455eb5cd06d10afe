package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a set of streams is drained: one turn after the other on an executor, never two at once. Whoever has news marks
 * what concerns the lane and leaves; the lane looks at everything that was marked in its next turn. So an append costs a
 * mark per lane, not per stream, and streams need no lock.
 *
 * <p>Confinement. Any thread marks, and reads counts. Everything else belongs to the turn; turns are ordered by {@link #scheduled}.
 */
final class Lane implements Runnable {

    /** After so many turns in a row, whatever else the executor has to do gets its turn. */
    private static final int TURNS = 16;

    private final Executor executor;
    private final Wheel wheel;
    private final Journal journal;
    private final AtomicReference<@Nullable Mark> marks = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final StreamSet streams = new StreamSet();
    private final Run run = new Run(Representation.PLAIN);
    private final Run filtered = new Run(Representation.PLAIN);
    private final AtomicLongArray counts = new AtomicLongArray(Count.ALL);
    private long head;
    private long now;
    private @Nullable StreamEnd over;

    Lane(Executor executor, Wheel wheel, Journal journal) {
        this.executor = executor;
        this.wheel = wheel;
        this.journal = journal;
    }

    /** Whether the turns of this lane are on an executor. */
    boolean isOn(Executor other) {
        return executor == other;
    }

    // --- from any thread ---

    void mark(Mark mark) {
        if (mark.claim()) {
            Mark first;
            do {
                first = marks.get();
                mark.next = first;
            } while (!marks.compareAndSet(first, mark));
        }
        schedule(); // also where the mark stood already: a turn that could not be scheduled then, perhaps can be now
    }

    /** Has every stream of this lane look around. */
    void markAll() {
        mark(streams);
    }

    /** Calls something with each stream of this lane, in a turn. */
    CompletionStage<Void> visit(Consumer<JournalStream> visitor) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        mark(new Mark() {
            @Override
            void drain() {
                streams.each(visitor);
                done.complete(null);
            }
        });
        return done;
    }

    /** How much of something there was. */
    long count(int what) {
        return counts.get(what);
    }

    /** How many streams there are, roughly: for whoever chooses a lane. */
    int size() {
        return streams.size();
    }

    private void schedule() {
        if (scheduled.get() || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this);
        } catch (Throwable refused) { // an Error as well, as when there is no thread to be had
            // Streams must go on and end even where the application's executor ended first.
            Foreign.log(Level.DEBUG, "the executor refused a turn, which goes to the shared one", refused);
            scheduleElsewhere();
        }
    }

    private void scheduleElsewhere() {
        try {
            Shared.executor().execute(this);
        } catch (Throwable refused) {
            scheduled.set(false); // whoever marks next tries again
            Foreign.log(Level.ERROR, "no thread is to be had; streams wait for the next event or alarm", refused);
        }
    }

    // --- the turn ---

    @Override
    public void run() {
        try {
            for (int i = 0; i < TURNS && marks.get() != null; i++) {
                turn();
            }
            run.clear();
            filtered.clear();
        } finally {
            scheduled.set(false);
        }
        if (marks.get() != null) {
            schedule();
        }
    }

    private void turn() {
        now = wheel.now();
        Mark mark = oldestFirst(marks.getAndSet(null));
        while (mark != null) {
            Mark next = mark.next;
            mark.next = null;
            mark.release();
            // In this order, and for each mark after its release: what was appended before is at or below this
            // head, what is appended later makes the mark anew. And when it is over, the head is the last one.
            over = journal.over();
            head = journal.head();
            try {
                mark.drain();
            } catch (Throwable failure) { // as when there is no memory: the others in the list must not be lost with it
                Foreign.log(Level.ERROR, "a stream could not be drained", failure);
            }
            mark = next;
        }
    }

    private static @Nullable Mark oldestFirst(@Nullable Mark newest) {
        Mark first = null;
        Mark mark = newest;
        while (mark != null) {
            Mark next = mark.next;
            mark.next = first;
            first = mark;
            mark = next;
        }
        return first;
    }

    /** The time of this turn, in the wheel's nanoseconds. */
    long now() {
        return now;
    }

    /** What a stream at this place may be given in this turn; the same object for all streams of the same place. */
    Run pending(
            Feed[] feeds, long after, long @Nullable [] told, @Nullable Predicate<? super Map<String, String>> filter) {
        Run pending = filter == null ? run : filtered;
        pending.find(feeds, after, told, head, filter);
        return pending;
    }

    /** Counts what happened in this turn. */
    void add(int what, long more) {
        counts.lazySet(what, counts.get(what) + more);
    }

    /** The streams of this lane. */
    StreamSet streams() {
        return streams;
    }

    /** With what streams end that have everything up to the head that this drain sees; null if they go on. */
    @Nullable
    StreamEnd over() {
        return over;
    }
}
