package eventsource.server.testkit.log;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what it is given one after the other, in this order, on whichever threads an executor has. What is only touched in
 * turns needs no lock.
 */
final class Turns implements Executor {

    private final Executor executor;
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Turns(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable turn) {
        work.add(turn);
        if (waiting.getAndIncrement() == 0) {
            executor.execute(this::runAll);
        }
    }

    private void runAll() {
        do {
            try {
                work.remove().run();
            } catch (RuntimeException | Error thrown) {
                // Of a follower, which must not: it is shown, and costs the others nothing.
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
