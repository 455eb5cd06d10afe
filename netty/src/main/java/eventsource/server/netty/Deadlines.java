package eventsource.server.netty;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop. All are equally long, so a list in the order in which they were set is sorted, and one
 * timer looks after all of them. Belongs to the event loop.
 */
final class Deadlines {

    private final EventLoop loop;
    private final long nanos;
    private @Nullable Deadline first;
    private @Nullable Deadline last;
    private boolean ticking;

    Deadlines(EventLoop loop, long nanos) {
        this.loop = loop;
        this.nanos = nanos;
    }

    /** Sets a deadline, anew if it was set already. */
    void set(Deadline deadline) {
        clear(deadline);
        deadline.due = System.nanoTime() + nanos;
        deadline.set = true;
        deadline.earlier = last;
        if (last == null) {
            first = deadline;
        } else {
            last.later = deadline;
        }
        last = deadline;
        tick(nanos);
    }

    void clear(Deadline deadline) {
        if (!deadline.set) {
            return;
        }
        deadline.set = false;
        if (deadline.earlier == null) {
            first = deadline.later;
        } else {
            deadline.earlier.later = deadline.later;
        }
        if (deadline.later == null) {
            last = deadline.earlier;
        } else {
            deadline.later.earlier = deadline.earlier;
        }
        deadline.earlier = null;
        deadline.later = null;
    }

    private void tick(long wait) {
        if (!ticking && !loop.isShuttingDown()) {
            ticking = true;
            loop.schedule(this::turn, wait, TimeUnit.NANOSECONDS);
        }
    }

    private void turn() {
        ticking = false;
        long now = System.nanoTime();
        while (first != null && first.due - now <= 0) {
            Deadline missed = first;
            clear(missed);
            missed.missed.run();
        }
        if (first != null) {
            // Not for each one: those that were set within a tenth of the time are looked at together.
            tick(Math.max(first.due - now, nanos / 10));
        }
    }
}
