package eventsource.server.verification;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client's connection on which a write is done when the test says so. */
final class SlowConnection implements SnippetContext.Connection {

    /** What was written, and what says that it was flushed. */
    record Write(ByteBuffer bytes, CompletableFuture<Void> done) {}

    final CompletableFuture<String> ended = new CompletableFuture<>();
    private final BlockingQueue<Write> writes = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
        Write write = new Write(bytes, new CompletableFuture<>());
        writes.add(write);
        return write.done;
    }

    @Override
    public void end() {
        ended.complete("ended");
    }

    @Override
    public void abort() {
        ended.complete("aborted");
    }

    /** Waits for a write. */
    Write next() throws InterruptedException {
        Write write = writes.poll(20, TimeUnit.SECONDS);
        if (write == null) {
            throw new AssertionError("nothing was written; ended: " + ended);
        }
        return write;
    }

    boolean isIdle() {
        return writes.isEmpty();
    }
}
