package eventsource.server.testkit.log;

import eventsource.server.Emission;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import eventsource.server.testkit.log.ScriptedLog.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScriptedLog} as one server sees it, and what can go wrong on the way between the two. What is scripted holds for
 * the calls that come after it.
 *
 * <p>The whole node runs in turns, one after the other: a call only leaves a turn to be run, so nothing blocks, nothing is
 * locked, and what is called from here may call back.
 */
public final class ScriptedNode implements EventLog {

    /** How many appends may be pending. The next one is refused. */
    public static final int MOST_PENDING = 1024;

    /** How many rows a page looks at. */
    private static final int SCAN = 64;

    private record Append(Emission emission, CompletableFuture<Position> outcome) {

        void refuse(String why) {
            outcome.completeExceptionally(new AppendRefusedException(why));
        }

        void giveUp(String why) {
            outcome.completeExceptionally(new AppendUnknownException(why));
        }
    }

    private final ScriptedLog log;
    private final Turns turns;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean closed;

    // Touched in turns only.
    private final Deque<Append> waiting = new ArrayDeque<>();
    private final Deque<AppendFault> faults = new ArrayDeque<>();
    private final List<ScriptedFollowing> followings = new ArrayList<>();
    private boolean held;
    private @Nullable Append late;
    private @Nullable Throwable down;
    private int failingReads;
    private int redelivered;
    private @Nullable Runnable duringRead;
    private Position counted = new Position("none", 0);

    ScriptedNode(ScriptedLog log, Turns turns) {
        this.log = log;
        this.turns = turns;
    }

    // ---- the log ----

    @Override
    public CompletionStage<Position> append(Emission emission) {
        Append append = new Append(emission, new CompletableFuture<>());
        if (closed) {
            turns.execute(() -> append.refuse("the log is closed"));
        } else if (pending.incrementAndGet() > MOST_PENDING) {
            pending.decrementAndGet();
            turns.execute(() -> append.refuse(MOST_PENDING + " appends are pending already; append more slowly"));
        } else {
            turns.execute(() -> {
                waiting.add(append);
                sendWaiting();
            });
        }
        return append.outcome.minimalCompletionStage();
    }

    /** Sends what may be sent, in the order of the calls: nothing while an earlier append may still get there. */
    private void sendWaiting() {
        while (!waiting.isEmpty() && (closed || down != null || (!held && late == null))) {
            Append next = waiting.remove();
            pending.decrementAndGet();
            send(next);
        }
    }

    private void send(Append append) {
        AppendFault fault = closed || down != null ? null : faults.poll();
        if (closed) {
            append.giveUp("the log was closed before the engine had answered");
        } else if (down != null) {
            append.refuse("the engine is down: " + down.getMessage());
        } else if (fault == null) {
            append.outcome.complete(log.add(append.emission));
        } else {
            fail(append, fault);
        }
    }

    private void fail(Append append, AppendFault fault) {
        switch (fault) {
            case REFUSED -> append.refuse("the engine has refused it");
            case ANSWER_LOST -> {
                log.add(append.emission);
                append.giveUp("no answer");
            }
            case REQUEST_LOST -> append.giveUp("no answer");
            case LATE -> {
                late = append;
                append.giveUp("no answer within the time");
            }
        }
    }

    @Override
    public CompletionStage<Page> read(Position after, Collection<String> topics, int maxBytes) {
        Set<String> wanted = Set.copyOf(topics);
        reads.incrementAndGet();
        return answer(() -> page(after, wanted, maxBytes));
    }

    private Page page(Position after, Set<String> wanted, int maxBytes) {
        Position start = log.hasAllAfter(after) ? after : log.range().after();
        List<Row> rows = log.rows(start, SCAN);
        runDuringRead();
        // Judged when the rows are in hand: what is trimmed after that is reported once too often, and never too
        // seldom.
        boolean trimmed = !log.hasAllAfter(after);
        if (!start.epoch().equals(log.range().after().epoch())) {
            throw new IllegalStateException("the epoch changed during the read; read again");
        }
        return page(start, rows, wanted, maxBytes, trimmed);
    }

    private Page page(Position start, List<Row> rows, Set<String> wanted, int maxBytes, boolean trimmed) {
        List<Entry> entries = new ArrayList<>();
        Position through = start;
        int bytes = 0;
        for (Row row : rows) {
            Position here = start.at(row.ordinal());
            Entry entry = entry(here, row);
            if (entry != null && isAskedFor(entry.emission(), wanted)) {
                bytes += entry.emission().event().data().length();
                if (!entries.isEmpty() && bytes > maxBytes) {
                    break;
                }
                entries.add(entry);
            }
            through = here;
        }
        return new Page(entries, through, trimmed);
    }

    private static boolean isAskedFor(Emission emission, Set<String> wanted) {
        List<String> topics = emission.topics();
        return wanted.isEmpty() || (topics.isEmpty() ? wanted.contains("") : !Collections.disjoint(topics, wanted));
    }

    private void runDuringRead() {
        Runnable work = duringRead;
        duringRead = null;
        if (work != null) {
            work.run();
        }
    }

    /** Makes an entry of a row, unless it has something that no server can have appended. Counts that once. */
    @Nullable
    Entry entry(Position position, Row row) {
        boolean isNew = !position.epoch().equals(counted.epoch()) || position.ordinal() > counted.ordinal();
        counted = isNew ? position : counted;
        if (row.content() instanceof Emission emission
                && emission.event().data().length() <= ScriptedLog.MOST_CHARS) {
            return new Entry(position, emission);
        }
        skipped.addAndGet(isNew ? 1 : 0);
        return null;
    }

    @Override
    public Following follow(Position after, Follower follower) {
        ScriptedFollowing following = new ScriptedFollowing(log, this, after, follower);
        turns.execute(() -> {
            followings.add(following);
            following.pull();
        });
        return following;
    }

    @Override
    public CompletionStage<Range> range() {
        return answer(log::range);
    }

    @Override
    public CompletionStage<@Nullable Position> find(String eventId) {
        return answer(() -> log.entries().stream()
                .filter(entry -> eventId.equals(entry.emission().event().id()))
                .map(Entry::position)
                .findFirst()
                .orElse(null));
    }

    private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        turns.execute(() -> {
            try {
                requireReadable();
                answer.complete(question.get());
            } catch (IllegalStateException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer.minimalCompletionStage();
    }

    private void requireReadable() {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
        if (down != null) {
            throw new IllegalStateException("the engine is down", down);
        }
        if (failingReads > 0) {
            failingReads--;
            throw new IllegalStateException("the read has failed, as it was told to");
        }
    }

    @Override
    public void close() {
        closed = true;
        log.leave(this);
        turns.execute(this::sendWaiting);
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    Throwable down() {
        return down;
    }

    int redelivered() {
        return redelivered;
    }

    /** Something may have happened to the log, or to this node. */
    void wake() {
        turns.execute(() -> List.copyOf(followings).forEach(ScriptedFollowing::pull));
    }

    void leave(ScriptedFollowing following) {
        turns.execute(() -> followings.remove(following));
    }

    // ---- the script ----

    /**
     * Has the next append that nothing was scripted for yet go wrong.
     *
     * @param fault what goes wrong with it
     */
    public void fail(AppendFault fault) {
        turns.execute(() -> faults.add(fault));
    }

    /** Has the engine store what was {@link AppendFault#LATE late}, and the node send what waits behind it. */
    public void settle() {
        turns.execute(() -> {
            if (late != null) {
                log.add(late.emission);
                late = null;
                sendWaiting();
            }
        });
    }

    /** Has appends wait, as with an engine that is slow. */
    public void hold() {
        turns.execute(() -> held = true);
    }

    /** Ends {@link #hold}: whatever waits is sent. */
    public void release() {
        turns.execute(() -> {
            held = false;
            sendWaiting();
        });
    }

    /**
     * Takes the engine away: appends are refused, reads fail, followers hear of it.
     *
     * @param why the reason
     */
    public void disconnect(Throwable why) {
        turns.execute(() -> {
            down = why;
            sendWaiting();
        });
        wake();
    }

    /** Ends {@link #disconnect}. */
    public void reconnect() {
        turns.execute(() -> down = null);
        wake();
    }

    /**
     * Has reads fail, and questions for the range or an id.
     *
     * @param reads how many of the next
     */
    public void failReads(int reads) {
        turns.execute(() -> failingReads = reads);
    }

    /**
     * Runs something in the middle of the next read: between looking for entries and judging whether some were trimmed.
     *
     * @param work calls the log's script
     */
    public void duringNextRead(Runnable work) {
        turns.execute(() -> duringRead = work);
    }

    /**
     * Has the engine deliver again what followers already had, with everything that is new.
     *
     * @param ordinals how far it goes back; 0 for not at all
     */
    public void redeliver(int ordinals) {
        turns.execute(() -> redelivered = ordinals);
    }

    /**
     * How many pages were asked for.
     *
     * @return the number so far
     */
    public long reads() {
        return reads.get();
    }

    /**
     * How many rows were no emissions, or too large.
     *
     * @return the number of those that this node has passed, each counted once
     */
    @Override
    public long skipped() {
        return skipped.get();
    }
}
