package eventsource.server.testkit.checker;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.spi.AppendRefusedException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Records what one thread emits, on one node, and what becomes of it. The order of the calls is the order in which all
 * clients have to receive the events.
 *
 * <p>For one thread. A second thread, or a second node, gets a recorder of its own: nothing is promised about their order
 * among each other.
 */
public final class EmitterRecorder {

    /** What an emitter was told of an emission. */
    enum Outcome {
        STORED,
        REFUSED,
        UNKNOWN
    }

    private final String name;
    private final Texts texts;

    // Written by the one thread, read by the checker when that has ended.
    private final Ints payloads = new Ints();
    private final List<List<String>> topics = new ArrayList<>();
    private final List<CompletionStage<String>> outcomes = new ArrayList<>();
    private final BitSet announced = new BitSet();

    // Written by the one thread, read by those of the clients: what they read says what was surely emitted before or
    // after.
    private volatile int begun;
    private volatile int recorded;

    EmitterRecorder(String name, Texts texts) {
        this.name = name;
        this.texts = texts;
    }

    /**
     * Emits an event, and records it. Its data has to be one line, and different from those of all other emissions.
     *
     * @param server emits it
     * @param event the event
     * @param to its topics; none for the server's own stream
     * @return what {@link EventSourceServer#emit(Event, String...)} returned
     */
    public CompletionStage<String> emit(EventSourceServer server, Event event, String... to) {
        announce();
        CompletionStage<String> outcome = server.emit(event, to);
        record(event.data(), List.of(to), outcome);
        return outcome;
    }

    /** Whatever begins after this is emitted after this. Without it, the next emission may have begun already. */
    void announce() {
        announced.set(recorded);
        begun = recorded + 1;
    }

    /**
     * Records an emission that was just begun in another way than by {@link #emit}. The next one may only begin when this
     * method has returned.
     *
     * @param payload what clients will receive as the event's data; different from those of all other emissions
     * @param to its topics; none for the server's own stream
     * @param outcome completes with the id on the wire when the event is stored. An {@link AppendRefusedException} and an {@link
     *     IllegalStateException} mean that nobody ever gets it; any other failure, and a stage that has not completed when the history
     *     is checked, that it may be received, once
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void record(String payload, List<String> to, CompletionStage<String> outcome) {
        payloads.add(texts.number(payload));
        topics.add(List.copyOf(to));
        outcomes.add(Objects.requireNonNull(outcome, "outcome"));
        recorded++;
        begun = recorded;
    }

    String name() {
        return name;
    }

    int begun() {
        return begun;
    }

    int recorded() {
        return recorded;
    }

    /** The first emission that surely began after {@link #begun} had returned a number. */
    int surelyBegunAfter(int before) {
        return before >= recorded || announced.get(before) ? before : before + 1;
    }

    int payload(int index) {
        return payloads.get(index);
    }

    List<String> topics(int index) {
        return topics.get(index);
    }

    Outcome outcome(int index) {
        return outcomes.get(index)
                .toCompletableFuture()
                .handle((id, failure) -> failure == null ? Outcome.STORED : outcome(failure))
                .getNow(Outcome.UNKNOWN);
    }

    private static Outcome outcome(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        // The class itself: a subclass is somebody else's, such as that of a stage that was cancelled.
        boolean tooLate = cause != null && cause.getClass() == IllegalStateException.class;
        return tooLate || cause instanceof AppendRefusedException ? Outcome.REFUSED : Outcome.UNKNOWN;
    }

    /** The id of what was stored. */
    String id(int index) {
        return outcomes.get(index).toCompletableFuture().join();
    }
}
