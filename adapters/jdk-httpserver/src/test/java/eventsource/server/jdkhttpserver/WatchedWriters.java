package eventsource.server.jdkhttpserver;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Writers of which a test can tell how many have come to their end. */
final class WatchedWriters implements Executor {

    private final Executor writers;
    private final Semaphore ended = new Semaphore(0);

    WatchedWriters(Executor writers) {
        this.writers = writers;
    }

    @Override
    public void execute(Runnable writer) {
        writers.execute(() -> {
            try {
                writer.run();
            } finally {
                ended.release();
            }
        });
    }

    /** Waits for one more writer to end. */
    void awaitEnd() throws InterruptedException {
        if (!ended.tryAcquire(10, TimeUnit.SECONDS)) {
            throw new AssertionError("a writing thread did not end with its stream");
        }
    }
}
