package eventsource.server.spring;

import eventsource.server.EventStream;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams that no bean will stop: of servers that the application has made for one user or answer, and of what its methods
 * publish.
 *
 * <p>Safe for use by any number of threads.
 */
final class OpenStreams {

    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean ending;

    /** The same stream, which is ended when the application stops. */
    EventStream add(EventStream stream) {
        ServedStream served = new ServedStream(stream, () -> {}, () -> remove(stream), () -> null);
        open.add(stream);
        if (ending) {
            stream.end();
        }
        return served;
    }

    private void remove(EventStream stream) {
        open.remove(stream);
        if (ending && open.isEmpty()) {
            empty.complete(null);
        }
    }

    /** Ends all of them, and those that come later; completes when there are none. */
    CompletionStage<Void> end() {
        ending = true;
        open.forEach(EventStream::end);
        if (open.isEmpty()) {
            empty.complete(null);
        }
        return empty;
    }
}
