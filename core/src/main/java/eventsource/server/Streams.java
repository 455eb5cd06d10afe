package eventsource.server;

import eventsource.server.StreamRefusedException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a server: how many there are, which lane each belongs to, and how they all end.
 *
 * <p>Confinement. {@code open} counts a stream before it looks whether the journal was stopped, and {@link #stop} stops
 * the journal before it looks at the count: so the last one out completes {@code ended}. Lanes are added under the lock of
 * this object, a leaf, and never removed.
 */
final class Streams {

    /** What every response with a stream says; see the wire format's page for why each of them is there. */
    static final Map<String, String> HEADERS = headers();

    /** Below this many streams, another lane would cost more turns than it saves. */
    private static final int LANE_SIZE = 512;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final Lane[] NO_LANES = {};

    private final Settings settings;
    private final Journal journal;
    private final AtomicInteger open = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Lane[] lanes = NO_LANES;

    Streams(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/event-stream");
        headers.put("Cache-Control", "no-store, no-transform");
        headers.put("X-Accel-Buffering", "no");
        headers.put("X-Content-Type-Options", "nosniff");
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
     * @throws StreamRefusedException if there are too many, or the server was stopped
     */
    JournalStream open(StreamRequest request) {
        if (open.incrementAndGet() > settings.maxStreams()) {
            closed();
            throw refusal(
                    Reason.TOO_MANY_STREAMS,
                    "the server has " + settings.maxStreams() + " streams; maxStreams on the builder allows no more");
        }
        if (journal.isStopped()) {
            closed();
            throw refusal(Reason.STOPPED, "the server was stopped");
        }
        Lane lane = lane();
        JournalStream stream = new JournalStream(this, lane, request, journal.enter(request));
        lane.mark(stream);
        return stream;
    }

    StreamRefusedException refusal(Reason reason, String message) {
        return new StreamRefusedException(
                reason, message, settings.retryWhenRefused().choose());
    }

    /** The emptiest lane; another one where all are well filled and there are processors for it. */
    private Lane lane() {
        Lane emptiest = emptiest();
        return emptiest != null && emptiest.size() < LANE_SIZE ? emptiest : another();
    }

    private synchronized Lane another() {
        Lane emptiest = emptiest();
        if (emptiest != null && (emptiest.size() < LANE_SIZE || lanes.length >= PROCESSORS)) {
            return emptiest;
        }
        Lane[] more = Arrays.copyOf(lanes, lanes.length + 1);
        more[lanes.length] = new Lane(settings.executor(), settings.wheel(), journal);
        lanes = more;
        return more[more.length - 1];
    }

    private @Nullable Lane emptiest() {
        Lane emptiest = null;
        for (Lane lane : lanes) {
            if (emptiest == null || lane.size() < emptiest.size()) {
                emptiest = lane;
            }
        }
        return emptiest;
    }

    /** What a stream is sent before anything else. */
    ByteBuffer firstBytes(JournalStream stream) {
        byte[] prelude = Frame.prelude(settings.retry().choose());
        byte[] first = firstEvent(stream);
        return ByteBuffer.allocate(prelude.length + first.length)
                .put(prelude)
                .put(first)
                .flip()
                .asReadOnlyBuffer();
    }

    /** The event that tells a client where it stands: browsers do not show it the response header. */
    private byte[] firstEvent(JournalStream stream) {
        Resume resume = stream.resume();
        String from = "\"from\":" + json(resume.from()) + "}";
        if (resume.outcome() == Resume.Outcome.GAP && settings.gapEvent() != null) {
            String after = json(Objects.requireNonNullElse(stream.request().lastEventId(), ""));
            return Frame.loose(Event.of(settings.gapEvent(), "{\"after\":" + after + "," + from), resume.from());
        }
        if (resume.outcome() == Resume.Outcome.LIVE && settings.openingEvent() != null) {
            return Frame.loose(Event.of(settings.openingEvent(), "{" + from), resume.from());
        }
        return new byte[0];
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

    /** A stream less; the last one after {@link #stop} ends the server. */
    void closed() {
        if (open.decrementAndGet() == 0 && journal.isStopped()) {
            allEnded();
        }
    }

    private void allEnded() {
        journal.forget();
        ended.complete(null);
    }

    /** Ends all streams, after what was appended. */
    CompletionStage<Void> stop() {
        journal.stop();
        for (Lane lane : lanes) {
            lane.markAll();
        }
        if (open.get() == 0) {
            allEnded();
        }
        return ended.minimalCompletionStage();
    }
}
