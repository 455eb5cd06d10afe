package eventsource.server;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for: which events, from where on, and until when. Immutable; each method that changes something gives a
 * new one.
 */
public final class StreamRequest {

    private static final StreamRequest OWN = new StreamRequest(List.of(), List.of());

    private final List<String> topics;
    private final List<Selector> selectors;

    // Set while a copy is made, and never again.
    private @Nullable String lastEventId;
    private boolean fromEarliest;
    private boolean newestPerKeyFirst;
    private GapStart gapStart = GapStart.OLDEST;
    private @Nullable Function<? super Resume, ? extends CompletionStage<List<Event>>> snapshot;
    private @Nullable Predicate<? super Map<String, String>> filter;
    private @Nullable Instant until;
    private Map<String, Object> attributes = Map.of();
    private @Nullable Executor executor;

    private StreamRequest(List<String> topics, List<Selector> selectors) {
        this.topics = topics;
        this.selectors = selectors;
    }

    private StreamRequest copy() {
        StreamRequest copy = new StreamRequest(topics, selectors);
        copy.lastEventId = lastEventId;
        copy.fromEarliest = fromEarliest;
        copy.newestPerKeyFirst = newestPerKeyFirst;
        copy.gapStart = gapStart;
        copy.snapshot = snapshot;
        copy.filter = filter;
        copy.until = until;
        copy.attributes = attributes;
        copy.executor = executor;
        return copy;
    }

    // --- which events ---

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
        return new StreamRequest(Emission.topics(topics), List.of());
    }

    /**
     * Every event, whatever its topics, those of the server's own stream included.
     *
     * @return a request that starts with the next event
     */
    public static StreamRequest all() {
        return new StreamRequest(List.of(), List.of(Selectors.ALL));
    }

    /**
     * The events of all topics that a selector matches, also of topics that do not exist yet. The server's own stream is
     * no topic, and not among them. See {@link EventSourceServerBuilder#maxSelectors}.
     *
     * @param selectors 1 to 128 selectors; equal ones count once
     * @return a request that starts with the next event
     * @throws IllegalArgumentException if there are none or too many
     */
    public static StreamRequest matching(Selector... selectors) {
        List<Selector> distinct = List.of(selectors).stream().distinct().toList();
        if (distinct.isEmpty() || distinct.size() > Emission.MAX_TOPICS) {
            throw new IllegalArgumentException(
                    distinct.size() + " selectors; give from 1 to " + Emission.MAX_TOPICS + " of them");
        }
        return new StreamRequest(List.of(), distinct);
    }

    /**
     * Leaves out the events that a filter does not want. The filter is asked for each event and stream when the event is
     * sent, on the threads that drain streams or those of the event log: it must be quick and must not block. Streams whose requests have the same
     * filter object share the work. A client's last event id stays where it was while nothing passes the filter: when it comes
     * back after more than the retention, it is told of a gap even if nothing was missing. A filter that throws ends its stream as {@link StreamEnd#FAILED}.
     *
     * @param filter gets the labels of an event, see {@link Event#withLabel}, and says whether the event is sent
     * @return a copy with the filter, instead of the one it had
     */
    public StreamRequest where(Predicate<? super Map<String, String>> filter) {
        StreamRequest copy = copy();
        copy.filter = Objects.requireNonNull(filter, "filter");
        return copy;
    }

    // --- from where on ---

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
        StreamRequest copy = copy();
        copy.lastEventId = lastEventId.isEmpty() ? null : lastEventId;
        return copy;
    }

    /**
     * Starts with the oldest retained event instead of the next one, where the client brings no last event id.
     *
     * @return a copy that starts there
     */
    public StreamRequest fromEarliest() {
        StreamRequest copy = copy();
        copy.fromEarliest = true;
        return copy;
    }

    /**
     * Chooses where the stream starts if the client missed events that cannot be given any more.
     *
     * @param start where to start; by default {@link GapStart#OLDEST}
     * @return a copy that starts there
     */
    public StreamRequest onGap(GapStart start) {
        StreamRequest copy = copy();
        copy.gapStart = Objects.requireNonNull(start, "start");
        return copy;
    }

    /**
     * Starts with the newest event of each key, in the order in which they were emitted, and goes on live: what a client
     * needs that shows a state, as of prices. A client that comes back is given the newest of each key since, and what has
     * no key; that succeeds for longer than {@link EventSourceServerBuilder#retainFor}, because the newest events are kept.
     * For selectors, equal keys in several topics count as one. Comes instead of {@link #fromEarliest}. A stream that wants
     * this and lags is given the newest of each key since, too, whatever the {@link LagPolicy}.
     *
     * @return a copy that starts with the newest per key
     * @see EventSourceServerBuilder#keys
     */
    public StreamRequest newestPerKeyFirst() {
        StreamRequest copy = copy();
        copy.newestPerKeyFirst = true;
        return copy;
    }

    /**
     * Starts with events that the application makes, for this stream only: a snapshot of the state that the events after it
     * change. The place where the stream goes on is chosen first, then the application is asked; so what happens meanwhile
     * comes after the snapshot, perhaps for a second time, and nothing is missed. Where a client comes back with a gap, the
     * snapshot replaces what is retained, and the stream goes on live.
     *
     * <p>The last of these events is sent with the id of that place, and the others without any, so that a client that
     * loses its connection in the middle is given a new snapshot; ids of their own are not sent. They are sent whatever {@link
     * #where} and {@link EventSourceServerBuilder#maxEventBytes} say. There is no time limit: the stream waits, with
     * heartbeats.
     *
     * @param source is asked when the body is subscribed to, on a thread that drains streams: it must not block. It is told
     *     how the client goes on, and may give an empty list, as for a client that resumes. If it fails, the stream ends as
     *     {@link StreamEnd#FAILED}
     * @return a copy that starts with a snapshot
     */
    public StreamRequest snapshot(Function<? super Resume, ? extends CompletionStage<List<Event>>> source) {
        StreamRequest copy = copy();
        copy.snapshot = Objects.requireNonNull(source, "source");
        return copy;
    }

    // --- until when, and whose it is ---

    /**
     * Ends the stream at a time, as that of a token's expiry; the client will come back. See also {@link
     * EventSourceServerBuilder#lifetime}: whatever comes first.
     *
     * @param end when to end; a time that has passed ends the stream at once
     * @return a copy that ends then
     */
    public StreamRequest until(Instant end) {
        StreamRequest copy = copy();
        copy.until = Objects.requireNonNull(end, "end");
        return copy;
    }

    /**
     * Notes something about the client for the application's own use: who it is, for {@link EventSourceServer#end} and
     * the {@link StreamListener}.
     *
     * @param attribute the name
     * @param value the value, best an immutable one
     * @return a copy with the attribute, which replaces one of the same name
     */
    public StreamRequest with(String attribute, Object value) {
        Map<String, Object> more = new HashMap<>(attributes);
        more.put(Objects.requireNonNull(attribute, "attribute"), Objects.requireNonNull(value, "value"));
        StreamRequest copy = copy();
        copy.attributes = Collections.unmodifiableMap(more);
        return copy;
    }

    /**
     * Has the stream drained by an executor of a transport's, instead of the server's: its event loop. For adapters; {@link
     * eventsource.server.spi.HttpRequest#drainedBy} does it for requests of HTTP.
     *
     * @param loop runs one task after the other, on one thread. All streams of one loop are drained in the same turn; what
     *     it refuses goes to the pool of all servers
     * @return a copy that is drained there
     */
    public StreamRequest drainedBy(Executor loop) {
        StreamRequest copy = copy();
        copy.executor = Objects.requireNonNull(loop, "loop");
        return copy;
    }

    // --- what was asked for ---

    /**
     * The topics.
     *
     * @return the topics, each once; empty for the server's own stream, and where selectors choose
     */
    public List<String> topics() {
        return topics;
    }

    /**
     * The selectors.
     *
     * @return the selectors, each once; empty where topics are named
     */
    public List<Selector> selectors() {
        return selectors;
    }

    /**
     * The last event id that the client sent.
     *
     * @return the id, or null if the client has had nothing
     */
    public @Nullable String lastEventId() {
        return lastEventId;
    }

    /**
     * What was noted about the client.
     *
     * @return the values by name; not to be changed
     */
    public Map<String, Object> attributes() {
        return attributes;
    }

    boolean isFromEarliest() {
        return fromEarliest;
    }

    boolean isNewestPerKeyFirst() {
        return newestPerKeyFirst;
    }

    GapStart gapStart() {
        return gapStart;
    }

    @Nullable
    Function<? super Resume, ? extends CompletionStage<List<Event>>> snapshot() {
        return snapshot;
    }

    @Nullable
    Predicate<? super Map<String, String>> filter() {
        return filter;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    @Nullable
    Instant until() {
        return until;
    }

    /** For logs: without the last event id and the attributes, which are the client's. */
    @Override
    public String toString() {
        return "StreamRequest[topics=" + topics
                + (selectors.isEmpty() ? "" : ", selectors=" + selectors)
                + (lastEventId == null ? "]" : ", resumes]");
    }
}
