package eventsource.server.testkit.log;

import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Follower;
import eventsource.server.spi.EventLog.Following;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import eventsource.server.testkit.log.ScriptedLog.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a log by pulling: whenever something may have happened, it looks for what comes after its position. So it does
 * not matter why it is woken, how often, or whether a wake is lost on the way as long as there is another; beginning, going
 * on after an outage, and noticing a loss are all the same.
 *
 * <p>Everything but {@link #close} runs in turns of the node.
 */
final class ScriptedFollowing implements Following {

    private static final int BATCH = 64;

    private final ScriptedLog log;
    private final ScriptedNode node;
    private final Follower follower;
    private Position after;
    private boolean toldDown;
    private volatile boolean closed;

    ScriptedFollowing(ScriptedLog log, ScriptedNode node, Position after, Follower follower) {
        this.log = log;
        this.node = node;
        this.after = after;
        this.follower = follower;
    }

    /** Tells the follower what is new. */
    void pull() {
        while (goesOn() && isUp() && step()) {
            // Calls go on as long as there is more.
        }
    }

    private boolean goesOn() {
        return !closed && !node.isClosed();
    }

    private boolean isUp() {
        Throwable down = node.down();
        if (down != null && !toldDown) {
            toldDown = true;
            follower.down(down);
        } else if (down == null && toldDown) {
            toldDown = false;
            follower.up();
        }
        return down == null && goesOn();
    }

    /** Makes one call at most; says whether there may be more to tell. */
    private boolean step() {
        // An engine that has delivered something again is asked from further back: whatever comes then, only what is
        // after the position counts.
        int again = node.redelivered();
        List<Row> rows = log.rows(after.at(Math.max(0, after.ordinal() - again)), BATCH + again);
        if (!log.hasAllAfter(after)) {
            Range now = log.range();
            after = now.after();
            follower.lost(now);
            return true;
        }
        List<Entry> batch = new ArrayList<>();
        boolean moved = false;
        for (Row row : rows) {
            if (row.ordinal() > after.ordinal()) {
                after = after.at(row.ordinal());
                moved = true;
                Entry entry = node.entry(after, row);
                if (entry != null) {
                    batch.add(entry);
                }
            }
        }
        if (!batch.isEmpty()) {
            follower.entries(batch);
        }
        return moved;
    }

    @Override
    public void close() {
        closed = true;
        node.leave(this);
    }
}
