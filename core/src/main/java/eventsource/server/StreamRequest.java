package eventsource.server;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for: which events, and from where on. Immutable; each method that changes something gives a new one.
 */
public final class StreamRequest {

    private static final StreamRequest OWN = new StreamRequest(List.of(), null, false, GapStart.OLDEST);

    private final List<String> topics;
    private final @Nullable String lastEventId;
    private final boolean fromEarliest;
    private final GapStart gapStart;

    private StreamRequest(List<String> topics, @Nullable String lastEventId, boolean fromEarliest, GapStart gapStart) {
        this.topics = topics;
        this.lastEventId = lastEventId;
        this.fromEarliest = fromEarliest;
        this.gapStart = gapStart;
    }

    /**
     * The server's own stream: the events that are emitted to no topic.
     *
     * @return a request that starts with the next event
     */
    public static StreamRequest own() {
        return OWN;
    }

    /**
     * The events of some topics, in the order in which they were emitted. An event that went to several of them comes once.
     *
     * @param topics 1 to 128 names, each of 1 to 256 bytes of UTF-8, without control characters and without a space at
     *     either end; one that is given twice counts once
     * @return a request that starts with the next event
     * @throws IllegalArgumentException if a name is anything else, or there are none or too many
     */
    public static StreamRequest of(String... topics) {
        if (topics.length == 0) {
            throw new IllegalArgumentException(
                    "no topic given; name at least one, or say StreamRequest.own() for the server's own stream");
        }
        return new StreamRequest(Emission.topics(topics), null, false, GapStart.OLDEST);
    }

    /**
     * Goes on after an event that the client had. If the server cannot prove that it can give everything since, the stream
     * starts with a gap, see {@link Resume.Outcome#GAP}.
     *
     * @param lastEventId what the client sent, unchecked: nothing it could contain does harm. Empty means that the client
     *     has had nothing
     * @return a copy that starts after that event
     */
    public StreamRequest after(String lastEventId) {
        Objects.requireNonNull(lastEventId, "lastEventId");
        return new StreamRequest(topics, lastEventId.isEmpty() ? null : lastEventId, fromEarliest, gapStart);
    }

    /**
     * Starts with the oldest retained event instead of the next one, where the client brings no last event id.
     *
     * @return a copy that starts there
     */
    public StreamRequest fromEarliest() {
        return new StreamRequest(topics, lastEventId, true, gapStart);
    }

    /**
     * Chooses where the stream starts if the client missed events that cannot be given any more.
     *
     * @param start where to start; by default {@link GapStart#OLDEST}
     * @return a copy that starts there
     */
    public StreamRequest onGap(GapStart start) {
        return new StreamRequest(topics, lastEventId, fromEarliest, Objects.requireNonNull(start, "start"));
    }

    /**
     * The topics.
     *
     * @return the topics, each once; empty for the server's own stream
     */
    public List<String> topics() {
        return topics;
    }

    /**
     * The last event id that the client sent.
     *
     * @return the id, or null if the client has had nothing
     */
    public @Nullable String lastEventId() {
        return lastEventId;
    }

    boolean isFromEarliest() {
        return fromEarliest;
    }

    GapStart gapStart() {
        return gapStart;
    }

    /** For logs: without the last event id, which is the client's text. */
    @Override
    public String toString() {
        return "StreamRequest[topics=" + topics + (lastEventId == null ? "]" : ", resumes]");
    }
}
