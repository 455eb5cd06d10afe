package eventsource.server;

import eventsource.server.StreamRefusedException.Reason;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a server: how many there are, which lane each belongs to, and how they all end.
 *
 * <p>Confinement. {@code open} counts a stream before it looks whether the server ends, and whoever ends the server says so
 * before it looks at the count: so the last one out completes the ending.
 */
final class Streams {

    /** What every response with a stream says; see the wire format's page for why each of them is there. */
    static final Map<String, String> HEADERS = headers();

    /** When a client comes back for which there is nothing more: no browser can be told to stay away in a stream. */
    private static final long A_DAY = Duration.ofDays(1).toMillis();

    /** A field instead of an object, because there may be a server for every user. */
    private static final AtomicIntegerFieldUpdater<Streams> OPEN =
            AtomicIntegerFieldUpdater.newUpdater(Streams.class, "open");

    private final Settings settings;
    private final Journal journal;
    private final Lanes lanes;
    private volatile int open;
    private final @Nullable Source source;
    private volatile boolean stopping;
    private @Nullable Ending ending; // guarded by this

    Streams(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        lanes = new Lanes(settings, journal);
        source = settings.log() == null ? null : new Source(settings.log(), settings, journal, lanes::markAll);
    }

    /** Where events come from, if not from the journal's own server. */
    @Nullable
    Source source() {
        return source;
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/event-stream");
        headers.put("Cache-Control", "no-store, no-transform");
        headers.put("X-Accel-Buffering", "no");
        headers.put("X-Content-Type-Options", "nosniff");
        return Collections.unmodifiableMap(headers);
    }

    /** The headers of a stream. */
    static Map<String, String> headers(Resume.Outcome outcome) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        headers.put("EventSource-Resume", outcome.headerValue());
        return Collections.unmodifiableMap(headers);
    }

    Settings settings() {
        return settings;
    }

    Journal journal() {
        return journal;
    }

    /**
     * Opens a stream.
     *
     * @throws StreamRefusedException if there are too many, or the server ends
     */
    CompletionStage<JournalStream> open(StreamRequest request) {
        if (request.isNewestPerKeyFirst() && settings.keys() == 0) {
            throw new IllegalStateException(
                    "the newest per key is wanted, and none are kept: say how many at most with keys on the builder");
        }
        if (request.isNewestPerKeyFirst() && request.snapshot() != null) {
            throw new IllegalArgumentException(
                    "both the newest per key and a snapshot are wanted first; choose one of them");
        }
        try {
            admit(OPEN.incrementAndGet(this));
            if (source == null) {
                return CompletableFuture.completedStage(begin(request, enter(request)));
            }
        } catch (Throwable refused) {
            closed();
            throw refused;
        }
        return open(request, source);
    }

    private CompletionStage<JournalStream> open(StreamRequest request, Source from) {
        return from.began()
                .thenCompose(began -> {
                    Cursors.Start start = enter(request);
                    return from.resume(request, start).whenComplete((resumed, failure) -> {
                        if (failure != null) {
                            journal.cursors().leave(start.feeds());
                        }
                    });
                })
                .thenApply(start -> begin(request, start))
                .exceptionally(failure -> {
                    closed();
                    Throwable cause = Foreign.cause(failure);
                    if (cause instanceof StreamRefusedException refused) {
                        throw refused;
                    }
                    Foreign.log(Level.WARNING, "the event log could not be read for a stream", cause);
                    throw refusal(Reason.LOG_DOWN, "the event log cannot be read now");
                });
    }

    private void admit(int streams) {
        if (streams > settings.maxStreams()) {
            throw refusal(
                    Reason.TOO_MANY_STREAMS,
                    "the server has " + settings.maxStreams() + " streams; maxStreams on the builder allows no more");
        }
        if (stopping || journal.over() == StreamEnd.STOPPED) {
            throw refusal(Reason.STOPPED, "the server was stopped");
        }
    }

    private Cursors.Start enter(StreamRequest request) {
        Feed[] feeds = journal.cursors().hold(request);
        if (feeds == null) {
            throw refusal(
                    Reason.TOO_MANY_SELECTORS,
                    "the server has streams of " + settings.maxSelectors()
                            + " selectors; maxSelectors on the builder allows no more");
        }
        return journal.cursors().enter(request, feeds);
    }

    private JournalStream begin(StreamRequest request, Cursors.Start start) {
        if (journal.over() == StreamEnd.FINISHED && !hasSomething(request, start)) {
            journal.cursors().leave(start.feeds());
            throw new StreamRefusedException(
                    Reason.FINISHED,
                    "the server has finished, and there is nothing more for this client",
                    A_DAY,
                    start.outcome());
        }
        Lane lane = lanes.choose(request.executor());
        JournalStream stream = new JournalStream(this, lane, request, start);
        lane.mark(stream);
        return stream;
    }

    /** Whether a client that comes after the end is to be given events, or has to be told that it missed some. */
    private boolean hasSomething(StreamRequest request, Cursors.Start start) {
        boolean told = start.outcome() == Resume.Outcome.GAP && settings.gapEvent() != null;
        boolean fresh = request.snapshot() != null && start.outcome() != Resume.Outcome.RESUMED;
        if (told || fresh || start.before() != null) {
            return true;
        }
        if (start.newest()) {
            return !journal.cursors()
                    .newest(start.feeds(), start.after(), start.told())
                    .isNothing();
        }
        Run rest = new Run(Representation.PLAIN);
        rest.find(start.feeds(), start.after(), start.told(), journal.head(), request.filter());
        return rest.lapped() || rest.broken() != null || rest.size() > 0 || !rest.whole();
    }

    StreamRefusedException refusal(Reason reason, String message) {
        return new StreamRefusedException(
                reason, message, settings.retryWhenRefused().choose(), null);
    }

    /** What a stream is sent before anything else: with the event that tells its client where it stands. */
    Ahead firstBytes(JournalStream stream) {
        List<ByteBuffer> first =
                new ArrayList<>(List.of(Frame.prelude(settings.retry().choose())));
        Resume resume = stream.resume();
        // Whoever has an id of this place has had the snapshot, and it has not.
        String id = stream.request().snapshot() == null ? resume.from() : null;
        if (resume.outcome() == Resume.Outcome.GAP && settings.gapEvent() != null) {
            String after = Objects.requireNonNullElse(stream.request().lastEventId(), "");
            first.add(gap(after, resume.from(), id));
        } else if (resume.outcome() == Resume.Outcome.LIVE && settings.openingEvent() != null) {
            first.add(Frame.loose(Event.of(settings.openingEvent(), "{\"from\":" + json(resume.from()) + "}"), id));
        }
        return new Ahead(first.iterator());
    }

    /** The event that tells of a gap in the middle of a stream. */
    Ahead gap(String after, String from) {
        return new Ahead(List.of(gap(after, from, from)).iterator());
    }

    private ByteBuffer gap(String after, String from, @Nullable String id) {
        String type = Objects.requireNonNull(settings.gapEvent());
        return Frame.loose(Event.of(type, "{\"after\":" + json(after) + ",\"from\":" + json(from) + "}"), id);
    }

    /** A JSON string. The text is the client's, and may be anything; what is longer than any id of ours is cut. */
    private static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), Text.MAX_NAME_BYTES); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    // --- all streams ---

    /** Calls something with each stream, in turns of their lanes. */
    CompletionStage<Void> visit(Consumer<JournalStream> visitor) {
        return lanes.visit(visitor);
    }

    Figures figures() {
        boolean ready = !stopping && (source == null || source.isUp());
        return journal.figures(ready, source == null ? 0 : source.skipped(), open, lanes::count);
    }

    // --- the end ---

    /** A stream less; the last one ends the server, if it is to end. */
    void closed() {
        if (OPEN.decrementAndGet(this) == 0) {
            endIfLast();
        }
    }

    private void endIfLast() {
        StreamEnd over = journal.over();
        if (stopping && over != StreamEnd.STOPPED) {
            stop();
        } else if (over == StreamEnd.STOPPED) {
            journal.forget();
            settings.wheel().clear(ending());
            if (source != null) {
                source.close();
            }
            ending().stopped.complete(null);
            ending().finished.complete(null);
        } else if (over == StreamEnd.FINISHED) {
            ending().finished.complete(null);
        }
    }

    /** Ends all streams, after what was appended. */
    CompletionStage<Void> stop() {
        stopping = true;
        end(StreamEnd.STOPPED);
        return ending().stopped.minimalCompletionStage();
    }

    /** Ends all streams, after what was appended; what is retained can still be asked for. */
    CompletionStage<Void> finish() {
        end(StreamEnd.FINISHED);
        return ending().finished.minimalCompletionStage();
    }

    private void end(StreamEnd reason) {
        if (source == null) {
            endNow(reason);
        } else {
            source.drain().thenRun(() -> endNow(reason)); // what was emitted is on its way through the log
        }
    }

    private void endNow(StreamEnd reason) {
        journal.end(reason);
        lanes.markAll();
        if (open == 0) {
            endIfLast();
        }
    }

    /** Ends the streams one after the other, and what is left of them at the deadline. */
    CompletionStage<Void> stop(Duration time) {
        Ending ending = ending();
        ending.from = settings.wheel().now();
        // What is left of the time is for those that still have something to take.
        ending.spread = time.toNanos() / 4 * 3;
        stopping = true;
        settings.wheel().set(ending, ending.from + time.toNanos());
        visit(this::spread);
        if (open == 0) {
            endIfLast();
        }
        return ending.stopped.minimalCompletionStage();
    }

    /** Gives a stream a time to end, if the server stops over some time; one that has just been opened, too. */
    void spread(JournalStream stream) {
        if (stopping) {
            Ending ending = ending();
            stream.stopAt(ending.from + ThreadLocalRandom.current().nextLong(ending.spread + 1));
        }
    }

    /** Who waits for the end; made when somebody does. */
    private synchronized Ending ending() {
        if (ending == null) {
            ending = new Ending();
        }
        return ending;
    }

    /** The end of the server, and the deadline for that. The times are set before {@code stopping}. */
    private final class Ending extends Alarm {
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final CompletableFuture<Void> finished = new CompletableFuture<>();
        private long from;
        private long spread;

        @Override
        void ring() {
            stop();
            visit(JournalStream::abort);
        }
    }
}
