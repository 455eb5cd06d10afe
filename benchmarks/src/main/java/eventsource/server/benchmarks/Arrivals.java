package eventsource.server.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets an emitter wait until all clients have all bytes, at little cost to the clients: each counts in one of many cells,
 * so that two threads rarely meet, and only the last in a cell looks at what all share.
 *
 * <p>The emitter calls {@link #expect}, then {@link #begin}, then emits, then {@link #await}. Clients call {@link #add}.
 */
final class Arrivals {

    static final int CELLS = 64;

    private static final int APART = 16; // longs, so that no two cells share a cache line or a pair of them

    private final AtomicLongArray missing = new AtomicLongArray((CELLS + 1) * APART);
    private final AtomicLongArray ignored = new AtomicLongArray((CELLS + 1) * APART);
    private final long[] expected = new long[CELLS];
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile Thread emitter = Thread.currentThread();

    /** Bytes that clients of a cell are going to be given. */
    void expect(int cell, long bytes) {
        expected[cell] += bytes;
    }

    void begin() {
        emitter = Thread.currentThread();
        int cells = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            missing.set(at(cell), expected[cell]);
            cells += expected[cell] > 0 ? 1 : 0;
            expected[cell] = 0;
        }
        unfinished.set(cells);
    }

    void await() {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (unfinished.get() > 0) {
            LockSupport.parkNanos(this, 1_000_000_000L);
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("after a minute, events are still missing: " + missing);
            }
        }
    }

    void add(int cell, int bytes) {
        if (missing.addAndGet(at(cell), -bytes) == 0 && unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(emitter);
        }
    }

    /** Costs what {@link #add} costs. */
    void ignore(int cell, int bytes) {
        ignored.addAndGet(at(cell), -bytes);
    }

    private static int at(int cell) {
        return (cell + 1) * APART;
    }
}
