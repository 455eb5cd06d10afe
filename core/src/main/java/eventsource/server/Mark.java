package eventsource.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Something a lane has to look at. It stands in its lane's list at most once, and is a link of that list itself, so that
 * marking allocates nothing.
 *
 * <p>Confinement. {@code next} belongs to the thread whose {@link #claim} succeeded until its push publishes the mark, and
 * from then until {@link #release} to the lane.
 */
abstract class Mark {

    private static final VarHandle MARKED;

    static {
        try {
            MARKED = MethodHandles.lookup().findVarHandle(Mark.class, "marked", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Nullable
    Mark next;

    private volatile boolean marked;

    /** Whether the caller has to put this mark into the list; otherwise it is there already, and still to be looked at. */
    final boolean claim() {
        return !marked && MARKED.compareAndSet(this, false, true);
    }

    /** Lets the mark be made again. Comes before {@link #drain}, which therefore misses nothing. */
    final void release() {
        marked = false;
    }

    /** Looks after whatever was marked. Runs in a turn of the lane. */
    abstract void drain();
}
