package eventsource.server;

import eventsource.server.spi.EventLog;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
 * falls behind, and is closed when it takes nothing for a while, or when what it still needs is no longer retained: unless
 * {@link LagPolicy} says otherwise.
 *
 * <p>Safe for use by any number of threads. No method blocks.
 */
public final class EventSourceServer implements AutoCloseable {

    private final Journal journal;
    private final Streams streams;
    private Set<Supply<?>> supplies = Set.of(); // guarded by this

    EventSourceServer(Settings settings) {
        journal = new Journal(settings);
        streams = new Streams(settings, journal);
        if (streams.source() != null) {
            streams.source().begin();
        }
    }

    /**
     * A server with the default options.
     *
     * @return the server
     */
    public static EventSourceServer create() {
        return new EventSourceServer(EventSourceServerBuilder.DEFAULTS);
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
     *     with an {@link IllegalStateException} after {@link #stop} or {@link #finish}, and then nobody gets the event; with
     *     an event log as {@link EventLog#append} does. May be ignored
     * @throws IllegalArgumentException if a topic's name is not valid, or the event is larger than the server allows; the
     *     message says what to change, and nobody gets the event
     */
    public CompletionStage<String> emit(Event event, String... topics) {
        return emit(Emission.of(event, topics));
    }

    CompletionStage<String> emit(Emission emission) {
        Source source = streams.source();
        if (source != null && journal.over() == null) {
            journal.encode(emission.event());
            return source.append(emission);
        }
        String id = source == null ? journal.append(emission) : null;
        return id == null ? CompletableFuture.failedStage(over()) : CompletableFuture.completedStage(id);
    }

    /** What an emitter hears that comes too late. */
    static IllegalStateException over() {
        return new IllegalStateException("the server was stopped or has finished; emit before that");
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
        return supply(source, Emission::of, (event, failure) -> {
            if (failure != null) {
                Foreign.log(Level.WARNING, "an event of a supply was not emitted, and nobody gets it", failure);
            }
        });
    }

    /**
     * Emits what a publisher publishes, and says of each item what became of it: as for acknowledging messages of a queue.
     * Items are taken one at a time, and settled in their order. What an event log does not take is tried again, after one
     * second and then up to 30, and the publisher is asked for nothing else until that has succeeded; where the log could
     * not say whether it took it, the event may then be there twice.
     *
     * @param source where the items come from
     * @param mapper makes an emission of an item. An item for which it throws, or whose emission is not valid, is settled
     *     with that failure, and the next one comes
     * @param settled is called once for every item: with null when it was emitted, as {@link #emit(Event, String...)}
     *     completes; otherwise with the reason why nobody gets it, an {@link IllegalStateException} if the supply was
     *     cancelled or the server stopped first. Must not block
     * @param <T> the type of the items
     * @return cancels the supply; requesting is the server's part, and {@code request} does nothing
     */
    public <T> Flow.Subscription supply(
            Flow.Publisher<T> source,
            Function<? super T, Emission> mapper,
            BiConsumer<? super T, ? super @Nullable Throwable> settled) {
        Objects.requireNonNull(source, "source");
        Supply<T> supply = new Supply<>(
                this, Objects.requireNonNull(mapper, "mapper"), Objects.requireNonNull(settled, "settled"));
        synchronized (this) {
            supplies = supplies.isEmpty() ? new HashSet<>() : supplies;
            supplies.add(supply);
        }
        try {
            source.subscribe(supply);
        } catch (Throwable failure) { // of the caller's publisher, and for the caller to see
            supply.cancel();
            throw failure;
        }
        if (journal.over() != null) {
            supply.cancel(); // the end may have come before this one was there
        }
        return supply;
    }

    Wheel wheel() {
        return streams.settings().wheel();
    }

    synchronized void ended(Supply<?> supply) {
        if (!supplies.isEmpty()) {
            supplies.remove(supply);
        }
    }

    /**
     * Opens a stream for a client. Outcome and headers are known before the first byte, so that a response can be begun
     * properly; then subscribe to {@link EventStream#body}.
     *
     * @param request what the client asks for
     * @return completes with the stream; fails with a {@link StreamRefusedException} if the server has as many streams or
     *     selectors as it may, was stopped, has finished, or has an event log that cannot be read; with an {@link IllegalStateException} if the newest per key is
     *     wanted and {@link EventSourceServerBuilder#keys} keeps none
     */
    public CompletionStage<EventStream> open(StreamRequest request) {
        Objects.requireNonNull(request, "request");
        try {
            return streams.open(request).thenApply(stream -> stream);
        } catch (StreamRefusedException | IllegalArgumentException | IllegalStateException refused) {
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
            open(request).whenComplete((stream, failure) -> {
                if (failure == null) {
                    stream.body().subscribe(subscriber);
                } else {
                    Refusal.to(subscriber, failure);
                }
            });
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
     * Ends streams, as to put out a user or a tenant. Each ends as {@link EventStream#end} says; their clients will try to
     * come back, and it is for the application to turn them away.
     *
     * @param which says of a request whether its stream is to end. Called on the threads that drain streams, so it must not
     *     block; a stream for which it throws goes on
     * @return completes with the number of streams once all that were open were looked at
     */
    public CompletionStage<Integer> end(Predicate<? super StreamRequest> which) {
        Objects.requireNonNull(which, "which");
        AtomicInteger ended = new AtomicInteger();
        return streams.visit(stream -> {
                    if (Foreign.test("what chooses the streams to end", () -> which.test(stream.request()))) {
                        ended.incrementAndGet();
                        stream.end();
                    }
                })
                .thenApply(all -> ended.get());
    }

    /**
     * What the server did and has.
     *
     * @return the figures of now
     */
    public Figures figures() {
        return streams.figures();
    }

    /**
     * The streams that are open, for looking at what they ask for and how far they {@linkplain EventStream#lag lag}.
     *
     * @return completes with the streams
     */
    public CompletionStage<List<EventStream>> streams() {
        Queue<EventStream> all = new ConcurrentLinkedQueue<>();
        return streams.visit(all::add).thenApply(done -> List.copyOf(all));
    }

    /**
     * Says that the story is over, as when an answer was streamed to its last word: no event is accepted any more, supplies
     * are cancelled, and each stream ends as {@link StreamEnd#FINISHED} when it was sent everything. What is retained can
     * still be asked for; a client that comes back and has everything is refused as {@link
     * StreamRefusedException.Reason#FINISHED}, which in HTTP is status 204: it stays away. Call {@link #stop} when nobody
     * is to ask any more.
     *
     * @return completes when no stream is open, for the first time
     */
    public CompletionStage<Void> finish() {
        CompletionStage<Void> ended = streams.finish();
        cancelSupplies();
        return ended;
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
        cancelSupplies();
        return ended;
    }

    /**
     * Stops the server over some time, so that its clients do not all come to another one at the same moment. No stream is
     * opened any more. Those that are open end one after the other, spread over three quarters of the time, each when it
     * was sent everything that had been emitted until then; those that have not ended at the deadline are aborted, and
     * count as stalled. Events are accepted until the last stream has ended or the deadline has come, supplies included.
     *
     * @param deadline how long that may take: up to a day; zero stops and aborts at once
     * @return completes when all streams have ended
     */
    public CompletionStage<Void> stop(Duration deadline) {
        CompletionStage<Void> ended = streams.stop(EventSourceServerBuilder.upToADay("deadline", deadline));
        ended.thenRun(this::cancelSupplies);
        return ended;
    }

    private void cancelSupplies() {
        List<Supply<?>> all;
        synchronized (this) {
            all = List.copyOf(supplies);
        }
        all.forEach(Supply::cancel);
    }

    /** The same as {@link #stop()}; does not wait for the streams to end. */
    @Override
    public void close() {
        stop();
    }
}
