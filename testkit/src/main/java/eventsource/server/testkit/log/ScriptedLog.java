package eventsource.server.testkit.log;

import eventsource.server.Emission;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An event log in memory that goes wrong as it is told to, for tests of what uses a log, and to learn from for those who
 * write one. It keeps all rules of {@code docs/design/event-log.md} and passes {@link EventLogContract}.
 *
 * <p>This class is the engine: numbered rows that all nodes share, and what can happen to these. A {@link ScriptedNode} is
 * the log as one server sees it, and has what can happen on the way between the two:
 *
 * <pre>{@code
 * var log = new ScriptedLog();
 * var node = log.node();
 * var events = EventSourceServer.builder().log(node).build();
 * node.fail(AppendFault.ANSWER_LOST);
 * }</pre>
 *
 * <p>Nothing happens on the thread of a caller. Give the log a {@link eventsource.server.testkit.TestClock} as its executor,
 * and all that was asked for happens in the next {@code advance}; with {@code Runnable::run}, everything happens at once.
 *
 * <p>Any thread may call any method.
 */
public final class ScriptedLog {

    /** Longer data was not written by a server that uses this log. */
    static final int MOST_CHARS = 16 << 20;

    private static final AtomicLong EPOCHS = new AtomicLong();

    /** What is stored under an ordinal: an emission, or something else that somebody has written into the engine. */
    record Row(long ordinal, Object content) {}

    private final Executor executor;
    private final List<ScriptedNode> nodes = new CopyOnWriteArrayList<>();

    // Guarded by this. No method that is called with the lock calls anything else.
    private final NavigableMap<Long, Object> rows = new TreeMap<>();
    private String epoch;
    private long head;
    private long trimmed;

    /** A log without entries, which runs on daemon threads of its own that end when they have nothing to do. */
    public ScriptedLog() {
        this(new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), ScriptedLog::daemon));
    }

    /**
     * A log without entries.
     *
     * @param executor runs whatever the log does, on any number of threads
     */
    public ScriptedLog(Executor executor) {
        this(executor, nextEpoch());
    }

    /**
     * A log without entries, for a test whose ids are known beforehand.
     *
     * @param executor runs whatever the log does, on any number of threads
     * @param epoch the first epoch: letters and digits
     */
    public ScriptedLog(Executor executor, String epoch) {
        this.executor = executor;
        this.epoch = epoch;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-log");
        thread.setDaemon(true);
        return thread;
    }

    /** Used by no other log of this process. */
    private static String nextEpoch() {
        return "scripted" + EPOCHS.incrementAndGet();
    }

    /**
     * One more node: the log as one server sees it.
     *
     * @return the node, which has everything that was appended before
     */
    public ScriptedNode node() {
        ScriptedNode node = new ScriptedNode(this, new Turns(executor));
        nodes.add(node);
        return node;
    }

    /**
     * What the log has.
     *
     * @return the range
     */
    public synchronized Range range() {
        return new Range(new Position(epoch, trimmed), new Position(epoch, rows.isEmpty() ? trimmed : rows.lastKey()));
    }

    /**
     * What is in the log, for a test to compare.
     *
     * @return all entries
     */
    public synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<Long, Object> row : rows.entrySet()) {
            if (row.getValue() instanceof Emission emission) {
                entries.add(new Entry(new Position(epoch, row.getKey()), emission));
            }
        }
        return entries;
    }

    /**
     * Appends an emission of somebody who is no node, such as an application that writes to the engine itself.
     *
     * @param emission what to append
     * @return its position
     */
    public Position append(Emission emission) {
        return add(emission);
    }

    /**
     * Begins to append an emission, as in a transaction. It gets its position with the commit and not before, so that
     * nothing appears before what was already seen, and a transaction that is forgotten holds nothing up.
     *
     * @param emission what to append
     * @return commits; an emission that is never committed is never in the log
     */
    public Runnable begin(Emission emission) {
        return () -> add(emission);
    }

    /**
     * Writes something that is no emission: nodes pass over it and count it.
     *
     * @param content anything, for instance a text
     */
    public void addForeign(Object content) {
        add(content);
    }

    /**
     * Leaves a hole in the ordinals, as engines do that number what they do not store in the end.
     *
     * @param ordinals how many are not used
     */
    public synchronized void skip(long ordinals) {
        head += ordinals;
    }

    /**
     * Removes the oldest entries.
     *
     * @param through the last position to remove; one of another epoch removes nothing
     */
    public synchronized void trim(Position through) {
        if (through.epoch().equals(epoch)) {
            NavigableMap<Long, Object> oldest = rows.headMap(through.ordinal(), true);
            trimmed = oldest.isEmpty() ? trimmed : oldest.lastKey();
            oldest.clear();
        }
    }

    /** Loses everything and begins again, as an engine does whose data were deleted: another epoch, and ordinals from 1. */
    public void recreate() {
        synchronized (this) {
            rows.clear();
            epoch = nextEpoch();
            head = 0;
            trimmed = 0;
        }
        wakeNodes();
    }

    /** Has the same entries under the same ordinals, but of another epoch, as when an operator forces one. */
    public void forceEpoch() {
        synchronized (this) {
            epoch = nextEpoch();
        }
        wakeNodes();
    }

    /** Numbers a row and stores it, in one step. */
    Position add(Object content) {
        Position position;
        synchronized (this) {
            head++;
            rows.put(head, content);
            position = new Position(epoch, head);
        }
        wakeNodes();
        return position;
    }

    /** The rows after a position, as far as they are still there; none for a position of another epoch. */
    synchronized List<Row> rows(Position after, int most) {
        List<Row> next = new ArrayList<>();
        if (after.epoch().equals(epoch)) {
            for (Map.Entry<Long, Object> row :
                    rows.tailMap(after.ordinal(), false).entrySet()) {
                if (next.size() == most) {
                    break;
                }
                next.add(new Row(row.getKey(), row.getValue()));
            }
        }
        return next;
    }

    /** Whether all that was ever stored after a position is still there; of a position that never was, nobody knows. */
    synchronized boolean hasAllAfter(Position position) {
        return position.epoch().equals(epoch) && position.ordinal() >= trimmed && position.ordinal() <= head;
    }

    void leave(ScriptedNode node) {
        nodes.remove(node);
    }

    private void wakeNodes() {
        nodes.forEach(ScriptedNode::wake);
    }
}
