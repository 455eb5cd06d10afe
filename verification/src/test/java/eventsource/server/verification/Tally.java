package eventsource.server.verification;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Counts events that were emitted, so that a test can wait for so many instead of for some time. */
final class Tally {

    /** The data of the event after which there is none. */
    static final String LAST = "last";

    private final int all;
    private int count; // guarded by this

    Tally(int all) {
        this.all = all;
    }

    synchronized void add() {
        count++;
        notifyAll();
    }

    /** Waits until so many more were emitted, or all. */
    synchronized void await(int more) {
        int enough = Math.min(all, count + more);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try {
            while (count < enough) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new IllegalStateException(
                            "of " + enough + " events, " + count + " were emitted in time", new TimeoutException());
                }
                wait(left);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
