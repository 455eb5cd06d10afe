package eventsource.server.testkit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer whose time passes only when a test says so. Give a server both halves of it:
 *
 * <pre>{@code
 * var clock = new TestClock();
 * var events = EventSourceServer.builder().timer(clock, clock::nanoTime).executor(Runnable::run).build();
 * clock.advance(Duration.ofSeconds(15));
 * }</pre>
 *
 * <p>Whatever is due runs inside of {@link #advance}, on the thread that calls it, one task after the other and each at its
 * time. With the executor of the snippet, everything that follows from it has happened when {@code advance} returns.
 *
 * <p>Any thread may schedule; one thread at a time may advance.
 */
public final class TestClock extends AbstractExecutorService implements ScheduledExecutorService {

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.due).thenComparingLong(task -> task.order));
    private long now;
    private long order;
    private boolean shutdown;

    /** A clock that stands still. */
    public TestClock() {}

    /**
     * The time.
     *
     * @return nanoseconds since the clock was made
     */
    public synchronized long nanoTime() {
        return now;
    }

    /**
     * Lets time pass, and runs what becomes due.
     *
     * @param time how much
     */
    public void advance(Duration time) {
        long until = nanoTime() + time.toNanos();
        for (Task<?> task = next(until); task != null; task = next(until)) {
            task.runDue();
        }
    }

    /** Moves on to the next task, or to the time if there is none until then. */
    private synchronized @Nullable Task<?> next(long until) {
        Task<?> first = tasks.peek();
        if (first == null || first.due > until) {
            now = until;
            return null;
        }
        now = Math.max(now, first.due);
        return tasks.poll();
    }

    /**
     * How many tasks wait for their time.
     *
     * @return the number
     */
    public synchronized int scheduled() {
        return tasks.size();
    }

    private synchronized <V> Task<V> add(Callable<V> work, long delay, long period) {
        if (shutdown) {
            throw new RejectedExecutionException("the clock was shut down");
        }
        Task<V> task = new Task<>(work, now + Math.max(0, delay), period, order++);
        tasks.add(task);
        return task;
    }

    private synchronized void again(Task<?> task) {
        task.due += task.period;
        tasks.add(task);
    }

    private synchronized void drop(Task<?> task) {
        tasks.remove(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return add(callable(work), unit.toNanos(delay), 0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        return add(work, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long first, long period, TimeUnit unit) {
        return add(callable(work), unit.toNanos(first), unit.toNanos(period));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
        return scheduleAtFixedRate(work, first, delay, unit);
    }

    private static Callable<Object> callable(Runnable work) {
        return () -> {
            work.run();
            return work;
        };
    }

    /** Runs the work at the time that it is now, when the test next lets time pass. */
    @Override
    public void execute(Runnable work) {
        schedule(work, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = List.copyOf(tasks);
        tasks.clear();
        return left;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    /** Does not wait: time passes in {@link #advance} only. */
    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
        return isTerminated();
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final long period;
        private final long order;
        private long due;

        Task(Callable<V> work, long due, long period, long order) {
            super(work);
            this.due = due;
            this.period = period;
            this.order = order;
        }

        void runDue() {
            if (period == 0) {
                run();
            } else if (runAndReset()) {
                again(this);
            }
        }

        @Override
        public boolean cancel(boolean interrupt) {
            drop(this);
            return super.cancel(interrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
