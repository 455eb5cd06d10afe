package eventsource.server;

import eventsource.server.spi.EventLog;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Page;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a server with an event log has its events from: it appends to the log, has the journal filled by what the log lets
 * it follow, and reads what the journal does not have any more.
 *
 * <p>Confinement. The log calls the follower's methods one after the other. What else changes is guarded by this object's
 * monitor, a leaf.
 */
final class Source extends Alarm implements EventLog.Follower {

    /** With how much of the log's newest entries a journal begins, so that most clients need not have pages read. */
    private static final long WARM = 10_000;

    /** How many pages are kept that were read, for other clients that stand at the same place. */
    private static final int PAGES = 64;

    private static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final EventLog log;
    private final Settings settings;
    private final Journal journal;
    private final Runnable woken;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Alarm patience = new Patience();
    private volatile boolean up;
    private volatile boolean draining;
    private volatile long skipped;
    private CompletableFuture<Void> began = new CompletableFuture<>();
    private EventLog.@Nullable Following following;
    private boolean closed;
    private int pending; // appends that the log has not settled
    private long appended; // the number of the last one that it stored

    private record Place(Position after, List<String> topics) {}

    private final Map<Place, CompletionStage<Page>> pages = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, CompletionStage<Page>> eldest) {
            return size() > PAGES;
        }
    };

    /**
     * The source of a server.
     *
     * @param woken has all streams look around
     */
    Source(EventLog log, Settings settings, Journal journal, Runnable woken) {
        this.log = log;
        this.settings = settings;
        this.journal = journal;
        this.woken = woken;
    }

    // --- following ---

    /** Begins to follow; tries again until that succeeds. */
    void begin() {
        Foreign.stage(log::range).thenAccept(this::follow).whenComplete((none, failure) -> {
            if (failure == null) {
                began().complete(null);
            } else {
                Foreign.log(Level.WARNING, "the event log cannot be followed yet", failure);
                began().completeExceptionally(failure);
                settings.wheel().set(this, settings.wheel().now() + AGAIN);
            }
        });
    }

    @Override
    void ring() {
        synchronized (this) {
            if (closed) {
                return;
            }
            began = new CompletableFuture<>();
        }
        begin();
    }

    private void follow(Range range) {
        Position after = range.after();
        Position newest = range.newest();
        Position start = newest.at(Math.max(after.ordinal(), newest.ordinal() - WARM));
        journal.restart(start);
        up = true; // before the log can say otherwise
        EventLog.Following to = log.follow(start, this);
        boolean late;
        synchronized (this) {
            late = closed;
            following = to;
        }
        if (late) {
            to.close();
        }
    }

    /** Completes when the journal has begun to be filled; fails if that was not possible this time. */
    synchronized CompletableFuture<Void> began() {
        return began;
    }

    /** Whether the log is being followed. */
    boolean isUp() {
        return up;
    }

    /** How many entries nobody got: too large for this server, or not understood by the log. */
    long skipped() {
        return skipped + log.skipped();
    }

    @Override
    public void entries(List<Entry> batch) {
        for (Entry entry : batch) {
            try {
                follow(entry);
            } catch (Throwable failure) { // as when there is no memory: the entry is lost, and everybody is told
                Foreign.log(Level.ERROR, "an entry of the event log could not be appended", failure);
                journal.restart(entry.position());
                woken.run();
            }
        }
        if (draining) {
            lookWhetherDrained();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // called serially
    private void follow(Entry entry) {
        if (!journal.follow(entry)) {
            skipped++;
            Foreign.log(Level.WARNING, "an entry of the event log is larger than maxEventBytes; nobody gets it", null);
        }
    }

    @Override
    public void lost(Range now) {
        journal.restart(now.after());
        woken.run();
    }

    @Override
    public void down(Throwable why) {
        up = false;
        Foreign.log(Level.WARNING, "the event log is down", why);
    }

    @Override
    public void up() {
        up = true;
    }

    /** Follows no longer. The log itself is the application's to close. */
    void close() {
        EventLog.Following last;
        synchronized (this) {
            closed = true;
            last = following;
        }
        settings.wheel().clear(this);
        if (last != null) {
            last.close();
        }
    }

    // --- appending and reading ---

    /** Appends an event; completes with the id on the wire. */
    CompletionStage<String> append(Emission emission) {
        String own = emission.event().id();
        synchronized (this) {
            if (draining) {
                return CompletableFuture.failedStage(EventSourceServer.over());
            }
            pending++;
        }
        return Foreign.stage(() -> log.append(emission))
                .whenComplete(this::settled)
                .thenApply(position -> own == null ? Epoch.id(position) : own);
    }

    private void settled(@Nullable Position position, @Nullable Throwable failure) {
        synchronized (this) {
            pending--;
            appended = position == null ? appended : Math.max(appended, journal.number(position));
        }
        lookWhetherDrained();
    }

    /**
     * Accepts no more, and waits until what was appended can be given to clients.
     *
     * @return completes then, or when the log has had the time that a client has
     */
    CompletionStage<Void> drain() {
        draining = true;
        lookWhetherDrained();
        if (!drained.isDone()) {
            settings.wheel().set(patience, settings.wheel().now() + settings.stallNanos());
            lookWhetherDrained(); // once more, now that the alarm would be found
        }
        return drained;
    }

    private void lookWhetherDrained() {
        boolean done;
        synchronized (this) {
            done = draining && pending == 0 && appended <= journal.head();
        }
        if (done) {
            settings.wheel().clear(patience);
            drained.complete(null);
        }
    }

    /** A log that answers no more must not keep its server from ending. */
    private final class Patience extends Alarm {
        @Override
        void ring() {
            drained.complete(null);
        }
    }

    /** Reads a page; clients at the same place share it. */
    CompletionStage<Page> read(Position after, List<String> topics) {
        Place place = new Place(after, topics);
        CompletableFuture<Page> page = new CompletableFuture<>();
        CompletionStage<Page> known;
        synchronized (pages) {
            known = pages.putIfAbsent(place, page);
        }
        if (known != null) {
            return known;
        }
        Foreign.stage(() -> log.read(after, topics, Run.MAX_BYTES)).whenComplete((read, failure) -> {
            // What was at the end of the log is not there any more when somebody asks again.
            if (failure != null || read.through().equals(after)) {
                synchronized (pages) {
                    pages.remove(place);
                }
            }
            if (failure == null) {
                page.complete(read);
            } else {
                page.completeExceptionally(failure);
            }
        });
        return page;
    }

    /**
     * Where a stream starts for which the journal alone proves nothing.
     *
     * @return completes with a start that reads from the log what the journal does not have, or with the one that was given
     *     if the log does not have it either
     */
    CompletionStage<Cursors.Start> resume(StreamRequest request, Cursors.Start gap) {
        String id = request.lastEventId();
        if (id == null || gap.outcome() != Resume.Outcome.GAP) {
            return CompletableFuture.completedStage(gap);
        }
        Position known = journal.position(id);
        return known == null
                ? Foreign.stage(() -> log.find(id)).thenCompose(found -> resume(found, request, gap))
                : resume(known, request, gap);
    }

    private CompletionStage<Cursors.Start> resume(
            @Nullable Position position, StreamRequest request, Cursors.Start gap) {
        if (position == null) {
            return CompletableFuture.completedStage(gap);
        }
        long number = journal.number(position);
        return number >= journal.head() ? resumeAhead(position, gap) : resumeBehind(position, request, gap);
    }

    /** The client was served by a node that is further than this one. Or else its id is an invention. */
    private CompletionStage<Cursors.Start> resumeAhead(Position position, Cursors.Start gap) {
        return Foreign.stage(log::range).thenApply(range -> {
            boolean given = range.newest().epoch().equals(position.epoch())
                    && range.newest().ordinal() >= position.ordinal();
            long number = given ? journal.reach(position) : -1;
            return number < 0 ? gap : gap.resumed(number, null);
        });
    }

    private CompletionStage<Cursors.Start> resumeBehind(Position position, StreamRequest request, Cursors.Start gap) {
        Pages read = new Pages(this, journal, settings.maxEventBytes(), request, gap.feeds(), position);
        if (read.isOver()) { // as after an id of the application's that only the log knows
            return CompletableFuture.completedStage(gap.resumed(journal.number(position), null));
        }
        return read.first().thenApply(page -> page.trimmed() ? gap : gap.resumed(journal.number(position), read));
    }
}
