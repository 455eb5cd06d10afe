package eventsource.server.jdkhttpserver;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Where streams are written: each has a thread that does nothing else. */
interface Writers {

    /** From here on a virtual thread that blocks in a synchronized method, as the web server's do, lets its carrier go. */
    int UNPINNED = 24;

    /**
     * Writes a stream to its end, here or elsewhere.
     *
     * @throws RejectedExecutionException if there is no thread for it
     * @throws IOException if it was written here, and was cut off
     */
    void write(StreamWriter stream) throws IOException;

    /** Whether streams are written on the threads that bring their requests. */
    boolean isHere();

    static Writers start(int maxThreads) {
        return Runtime.version().feature() >= UNPINNED ? onVirtualThreads() : here(maxThreads);
    }

    /** By reflection, because this is compiled for JDK 17. */
    private static Writers onVirtualThreads() {
        try {
            return on((Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("this JDK has no virtual threads, which its version promises", impossible);
        }
    }

    static Writers on(Executor threads) {
        return new Writers() {
            @Override
            public void write(StreamWriter stream) {
                threads.execute(stream);
            }

            @Override
            public boolean isHere() {
                return false;
            }
        };
    }

    /**
     * On the web server's own threads, up to a number. Until JDK 22 it forgets a connection whose client has gone only if
     * its handler fails with that; if the exchange is closed elsewhere, it keeps some 18 KiB until it is stopped.
     */
    static Writers here(int maxThreads) {
        Semaphore free = new Semaphore(maxThreads);
        return new Writers() {
            @Override
            public void write(StreamWriter stream) throws IOException {
                if (!free.tryAcquire()) {
                    throw new RejectedExecutionException("all threads that write streams are taken");
                }
                try {
                    stream.run();
                } finally {
                    free.release();
                }
                if (stream.wasCutOff()) {
                    throw new IOException("the client has gone, or was cut off");
                }
            }

            @Override
            public boolean isHere() {
                return true;
            }
        };
    }
}
