package eventsource.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What all servers of a process share unless they are given their own: a pool that drains and a timer. Their threads are
 * daemons, and gone after ten seconds without work.
 */
final class Shared {

    private static final long IDLE_SECONDS = 10;

    private Shared() {}

    static Executor executor() {
        return Pool.EXECUTOR;
    }

    static ScheduledExecutorService timer() {
        return Timer.TIMER;
    }

    static Wheel wheel() {
        return Timer.WHEEL;
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static final class Pool {
        static final Executor EXECUTOR = start();

        private static Executor start() {
            int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    threads,
                    threads,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    daemons("eventsource-drain"));
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }

    private static final class Timer {
        static final ScheduledExecutorService TIMER = start();
        static final Wheel WHEEL = new Wheel(TIMER, System::nanoTime);

        private static ScheduledExecutorService start() {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("eventsource-timer"));
            timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            return timer;
        }
    }
}
