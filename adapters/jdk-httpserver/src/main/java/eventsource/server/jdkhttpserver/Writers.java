package eventsource.server.jdkhttpserver;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that write streams: all of them are daemons, and there is one per open stream. */
final class Writers {

    /** From here on a virtual thread that blocks in a synchronized method, as the web server's do, lets its carrier go. */
    private static final int UNPINNED = 24;

    private Writers() {}

    static Executor start(int maxThreads) {
        return Runtime.version().feature() >= UNPINNED ? virtual() : platform(maxThreads);
    }

    /** By reflection, because this is compiled for JDK 17. */
    private static Executor virtual() {
        try {
            return (Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("this JDK has no virtual threads, which its version promises", impossible);
        }
    }

    /** Refuses work when all threads are taken. */
    static Executor platform(int maxThreads) {
        return new ThreadPoolExecutor(0, maxThreads, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "eventsource-writer");
            thread.setDaemon(true);
            return thread;
        });
    }
}
