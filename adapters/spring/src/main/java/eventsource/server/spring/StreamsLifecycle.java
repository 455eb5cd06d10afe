package eventsource.server.spring;

import eventsource.server.EventSourceServer;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the streams when the application stops: after what emits events, and before the web server waits for its requests, which
 * would wait for streams until its patience ends.
 */
final class StreamsLifecycle implements SmartLifecycle {

    /** Between beans with the default phase, which stop earlier, and a web server's graceful shutdown. */
    static final int PHASE = DEFAULT_PHASE - 512;

    /**
     * Streams that the application has opened itself may be of these servers, and are not to be cut short: long enough for
     * clients to be sent what was emitted, whatever stalled ones make the servers wait for.
     */
    private static final long SENDING_MILLIS = 500;

    private final Supplier<? extends Collection<EventSourceServer>> servers;
    private final OpenStreams others;
    private final @Nullable Duration within;
    private volatile boolean running;

    StreamsLifecycle(
            Supplier<? extends Collection<EventSourceServer>> servers, OpenStreams others, @Nullable Duration within) {
        this.servers = servers;
        this.others = others;
        this.within = within;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable stopped) {
        running = false;
        CompletableFuture<?> ended = CompletableFuture.allOf(Stream.concat(servers.get().stream(), others.close())
                .distinct()
                .map(this::stop)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new));
        CompletableFuture<?> othersEnded = ended.thenApply(all -> all)
                .completeOnTimeout(null, SENDING_MILLIS, TimeUnit.MILLISECONDS)
                .thenCompose(sent -> others.end());
        CompletableFuture.allOf(ended, othersEnded).whenComplete((all, failure) -> stopped.run());
    }

    private CompletionStage<Void> stop(EventSourceServer server) {
        return within == null ? server.stop() : server.stop(within);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** A server that has stopped does not start again, so it is not stopped for a pause. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
