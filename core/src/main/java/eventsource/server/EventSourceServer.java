package eventsource.server;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Takes events and gives each client a stream of them. This is the object that an application holds: one for all its
 * clients with a topic for each kind of event, or one per user or answer; an idle one costs a few hundred bytes, and no
 * thread or timer.
 *
 * <pre>{@code
 * var events = EventSourceServer.create();
 * events.emit("tick", "it is " + LocalTime.now());
 * }</pre>
 *
 * <p>An event is encoded once and kept in a journal; each client is a cursor over that journal. A client that returns with
 * its last event id goes on from there, or is told that it cannot. A slow client neither delays another nor an emitter: it
 * falls behind, and is closed when what it still needs is no longer retained, or when it takes nothing for a while.
 *
 * <p>Safe for use by any number of threads. No method blocks.
 */
public final class EventSourceServer implements AutoCloseable {

    private final Journal journal;
    private final Streams streams;
    private final Set<Supply> supplies = ConcurrentHashMap.newKeySet(2);

    EventSourceServer(Settings settings) {
        journal = new Journal(settings);
        streams = new Streams(settings, journal);
    }

    /**
     * A server with the default options.
     *
     * @return the server
     */
    public static EventSourceServer create() {
        return builder().build();
    }

    /**
     * Options for a server.
     *
     * @return a builder that has the defaults
     */
    public static EventSourceServerBuilder builder() {
        return new EventSourceServerBuilder();
    }

    /**
     * Emits an event of the type {@code message} on the server's own stream. See {@link #emit(Event, String...)}.
     *
     * @param data any text
     * @return completes with the id that the event has on the wire; may be ignored
     */
    public CompletionStage<String> emit(String data) {
        return emit(Event.of(data));
    }

    /**
     * Emits an event on the server's own stream. See {@link #emit(Event, String...)}.
     *
     * @param type one line, not empty; not {@code open} or {@code error}
     * @param data any text
     * @return completes with the id that the event has on the wire; may be ignored
     */
    public CompletionStage<String> emit(String type, String data) {
        return emit(Event.of(type, data));
    }

    /**
     * Emits an event. All clients see the events of a topic in the order in which they were emitted.
     *
     * @param event the event
     * @param topics where it goes; none for the server's own stream
     * @return completes with the id that the event has on the wire, once a client that comes back can be given it; fails
     *     with an {@link IllegalStateException} after {@link #stop}, and then nobody gets the event. May be ignored
     * @throws IllegalArgumentException if a topic's name is not valid, or the event is larger than the server allows; the
     *     message says what to change, and nobody gets the event
     */
    public CompletionStage<String> emit(Event event, String... topics) {
        String id = journal.append(Emission.of(event, topics));
        return id == null
                ? CompletableFuture.failedStage(new IllegalStateException("the server was stopped; emit before stop"))
                : CompletableFuture.completedStage(id);
    }

    /**
     * Emits what a publisher publishes, on the server's own stream, until the publisher ends, the returned subscription is
     * cancelled or the server is stopped. May be called for any number of publishers. Each is asked for one event at a
     * time. The end of a publisher does not end the server; if it fails, that is logged.
     *
     * @param source where the events come from
     * @return cancels the supply; requesting is the server's part, and {@code request} does nothing
     */
    public Flow.Subscription supply(Flow.Publisher<Event> source) {
        Objects.requireNonNull(source, "source");
        Supply supply = new Supply(this, supplies::remove);
        supplies.add(supply);
        try {
            source.subscribe(supply);
        } catch (Throwable failure) { // of the caller's publisher, and for the caller to see
            supply.cancel();
            throw failure;
        }
        if (journal.isStopped()) {
            supply.cancel(); // stop may have looked before this one was there
        }
        return supply;
    }

    /**
     * Opens a stream for a client. Outcome and headers are known before the first byte, so that a response can be begun
     * properly; then subscribe to {@link EventStream#body}.
     *
     * @param request what the client asks for
     * @return completes with the stream; fails with a {@link StreamRefusedException} if the server has as many streams as
     *     it may, or was stopped
     */
    public CompletionStage<EventStream> open(StreamRequest request) {
        Objects.requireNonNull(request, "request");
        try {
            return CompletableFuture.completedStage(streams.open(request));
        } catch (StreamRefusedException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    /**
     * The bytes of streams: each subscription is one client, and opens a stream as {@link #open} does. The door for every
     * framework that takes a {@code Flow.Publisher}. A subscriber that is refused gets the bytes that make a browser come
     * back later, and the end.
     *
     * @param request what the clients ask for
     * @return a publisher for any number of subscribers; {@link EventStream#body} describes what they get
     */
    public Flow.Publisher<ByteBuffer> outSupply(StreamRequest request) {
        Objects.requireNonNull(request, "request");
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            @Nullable EventStream stream = null;
            try {
                stream = streams.open(request);
            } catch (StreamRefusedException refused) {
                Refusal.to(subscriber, refused);
            }
            if (stream != null) {
                stream.body().subscribe(subscriber);
            }
        };
    }

    /**
     * The headers that a response with a stream has to have, whichever stream it is; {@link EventStream#headers} has them
     * and one more.
     *
     * @return the headers by name
     */
    public static Map<String, String> headers() {
        return Streams.HEADERS;
    }

    /**
     * What whoever serves this server's streams answers if it can take no more of them itself.
     *
     * @param message why, for logs
     * @return a refusal as {@link #open} gives it, with a time of its own to come back
     */
    public StreamRefusedException refusal(String message) {
        return streams.refusal(StreamRefusedException.Reason.TOO_MANY_STREAMS, message);
    }

    /**
     * Stops the server: no event is accepted and no stream opened any more, supplies are cancelled, and each stream ends,
     * at the end of an event, as soon as it was sent everything that had been emitted. A client that takes nothing is
     * aborted after {@link EventSourceServerBuilder#stall}. Clients will try to come back: to another server, or this one
     * once it was started anew. Stopping twice is the same as once.
     *
     * @return completes when all streams have ended
     */
    public CompletionStage<Void> stop() {
        CompletionStage<Void> ended = streams.stop();
        supplies.forEach(Supply::cancel);
        return ended;
    }

    /** The same as {@link #stop}; does not wait for the streams to end. */
    @Override
    public void close() {
        stop();
    }
}
