package eventsource.server.jdkhttpserver;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Writers of which a test can tell how many streams they have written to the end. */
final class WatchedWriters implements Writers {

    private final Semaphore ended = new Semaphore(0);
    private final boolean here;
    private final Writers writers;

    private WatchedWriters(boolean here, Executor elsewhere) {
        this.here = here;
        writers = here
                ? Writers.here(5)
                : Writers.on(stream -> elsewhere.execute(() -> {
                    try {
                        stream.run();
                    } finally {
                        ended.release();
                    }
                }));
    }

    static WatchedWriters on(Executor threads) {
        return new WatchedWriters(false, threads);
    }

    static WatchedWriters here() {
        return new WatchedWriters(true, Runnable::run);
    }

    @Override
    public void write(StreamWriter stream) throws IOException {
        try {
            writers.write(stream);
        } finally {
            if (here) {
                ended.release();
            }
        }
    }

    @Override
    public boolean isHere() {
        return here;
    }

    /** Waits for one more stream to be written to its end. */
    void awaitEnd() throws InterruptedException {
        if (!ended.tryAcquire(60, TimeUnit.SECONDS)) {
            throw new AssertionError("a writing thread did not end with its stream");
        }
    }
}
