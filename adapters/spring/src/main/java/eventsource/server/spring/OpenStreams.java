package eventsource.server.spring;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The streams that no bean will stop: of servers that the application has made for one user or answer, of what its methods
 * publish, and those that it has opened itself.
 *
 * <p>Safe for use by any number of threads. A stream is added before it is seen whether the application stops; when it stops,
 * that is said before the streams are looked at. So each is ended by one of both sides.
 */
final class OpenStreams {

    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean ending;

    /** The server is null where the stream was opened elsewhere. */
    private record Open(EventStream stream, @Nullable EventSourceServer server) {

        void end() {
            if (server == null) {
                stream.end();
            } else {
                server.stop();
            }
        }
    }

    /** The same stream, which is ended when the application stops, with its server if that is known. */
    EventStream add(EventStream stream, @Nullable EventSourceServer server) {
        Open added = new Open(stream, server);
        ServedStream served = new ServedStream(stream, () -> {}, () -> remove(added), () -> null);
        open.add(added);
        if (ending) {
            added.end();
        }
        return served;
    }

    private void remove(Open ended) {
        open.remove(ended);
        if (ending && open.isEmpty()) {
            empty.complete(null);
        }
    }

    /** How many there are. */
    int count() {
        return open.size();
    }

    /** Takes no more: those that come later are ended. Gives the servers of those that are there, which are to be stopped. */
    Stream<EventSourceServer> close() {
        ending = true;
        return open.stream().map(Open::server).filter(Objects::nonNull).distinct();
    }

    /** Ends the streams whose server is not known; completes when there are none of any server, {@link #close} called. */
    CompletionStage<Void> end() {
        open.stream().filter(each -> each.server == null).forEach(Open::end);
        if (open.isEmpty()) {
            empty.complete(null);
        }
        return empty;
    }
}
