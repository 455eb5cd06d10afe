package eventsource.server;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told: a type, data, and if wanted an id and a reconnection time.
 *
 * <p>An event checks itself when it is made. One that exists can be written, and can only ever be read as one event: a
 * line break cannot get out of a field. Instances are immutable and may be shared by any number of threads and servers.
 *
 * <p>Data may be any text. CR, LF and CRLF in it are line ends, which the wire format cannot tell apart: the client reads
 * each of them as LF. Everything else arrives as it was given, including leading spaces, an empty text and a last line
 * break.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">Interpreting
 *     an event stream</a>
 */
public final class Event {

    /** Longer is a mistake rather than a wish: the client would look dead. */
    private static final Duration MAX_RETRY = Duration.ofDays(1);

    /** More would be data, which belongs into the data. */
    private static final int MAX_LABELS = 16;

    private static final String MESSAGE = "message";

    private final String type;
    private final String data;
    private final @Nullable String id;
    private final @Nullable Duration retry;
    private final @Nullable String key;
    private final boolean removal;
    private final Map<String, String> labels;

    private Event(
            String type,
            String data,
            @Nullable String id,
            @Nullable Duration retry,
            @Nullable String key,
            boolean removal,
            Map<String, String> labels) {
        this.type = type;
        this.data = data;
        this.id = id;
        this.retry = retry;
        this.key = key;
        this.removal = removal;
        this.labels = labels;
    }

    /**
     * An event of the type {@code message}, the one that a browser gives to {@code onmessage}.
     *
     * @param data any text
     * @return the event
     * @throws IllegalArgumentException if the text has half of a surrogate pair
     */
    public static Event of(String data) {
        return make(MESSAGE, data);
    }

    /**
     * An event with a type, which a browser gives to the listeners of that type.
     *
     * @param type one line, not empty; not {@code open} or {@code error}, see {@link #ofReservedType}
     * @param data any text
     * @return the event
     * @throws IllegalArgumentException if the type has a line break or NUL, is empty or reserved, or one of the texts has
     *     half of a surrogate pair
     */
    public static Event of(String type, String data) {
        Objects.requireNonNull(type, "type");
        if (type.equals("open") || type.equals("error")) {
            throw new IllegalArgumentException(
                    "type is \"" + type + "\", which a browser's EventSource also uses for the"
                            + " state of its connection; choose another, or say Event.ofReservedType if both are meant");
        }
        return make(type, data);
    }

    /**
     * An event whose type may be {@code open} or {@code error}. Browsers fire events of these types themselves when a
     * connection opens or fails, so their listeners cannot tell which is which without looking at the data.
     *
     * @param type one line, not empty
     * @param data any text
     * @return the event
     * @throws IllegalArgumentException as {@link #of(String, String)}, but for the reserved types
     */
    public static Event ofReservedType(String type, String data) {
        return make(type, data);
    }

    private static Event make(String type, String data) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
        if (type.isEmpty()) {
            throw new IllegalArgumentException("type is empty, which clients read as \"message\";"
                    + " leave the type out or give it at least one character");
        }
        Text.requireOneLine("type", type);
        Text.requireEncodable("data", data);
        return new Event(type, data, null, null, null, false, Map.of());
    }

    /**
     * This event with an id of the caller's, which the client sends back as its last event id. Without one, the server
     * gives the event an id.
     *
     * <p>While the event is retained, the id leads back to it. Give no two events the same id: clients that had the later one
     * would be taken back to the earlier, or, when an id is used again after its event was trimmed, miss what came between.
     *
     * @param id 1 to 256 bytes of UTF-8, no control characters, no space at either end, not starting with {@code ~}. Ids
     *     of letters, digits and {@code . _ ~ -}, at most 128 of them, spare other origins a preflight request
     * @return a copy with the id
     * @throws IllegalArgumentException if the id is anything else
     */
    public Event withId(String id) {
        Objects.requireNonNull(id, "id");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id is empty, which makes the client forget its last event id;"
                    + " give it at least one character, or say withEmptyId if forgetting is meant");
        }
        Text.requireName("id", id);
        if (id.charAt(0) == Epoch.MARK) {
            throw new IllegalArgumentException("id starts with \"" + Epoch.MARK
                    + "\", which the server's own ids start with; choose another first character");
        }
        return new Event(type, data, id, retry, key, removal, labels);
    }

    /**
     * This event with an empty id, on which a client forgets its last event id: should it lose its connection before the
     * next event, it comes back without one and misses what was sent meanwhile.
     *
     * @return a copy with an empty id
     */
    public Event withEmptyId() {
        return new Event(type, data, "", retry, key, removal, labels);
    }

    /**
     * This event with a reconnection time, which the client uses from now on. It replaces the one that the server chose
     * for each stream at random, so that all clients of a server that fails come back at the same moment: prefer
     * {@link EventSourceServerBuilder#retry}.
     *
     * @param retry zero to one day; what is less than a millisecond is dropped
     * @return a copy with the reconnection time
     * @throws IllegalArgumentException if the duration is negative or longer than a day
     */
    public Event withRetry(Duration retry) {
        Objects.requireNonNull(retry, "retry");
        if (retry.isNegative() || retry.compareTo(MAX_RETRY) > 0) {
            throw new IllegalArgumentException("retry is " + retry + "; choose a duration from zero to " + MAX_RETRY);
        }
        return new Event(type, data, id, retry, key, removal, labels);
    }

    /**
     * This event as the newest about something: the events of a topic that have the same key replace one another for clients
     * that want the newest per key, see {@link StreamRequest#newestPerKeyFirst}. The key is not sent.
     *
     * @param key names what the event is about, within each of its topics: 1 to 256 bytes of UTF-8, no control characters,
     *     no space at either end
     * @return a copy with the key
     * @throws IllegalArgumentException if the key is anything else
     */
    public Event withKey(String key) {
        Text.requireName("key", Objects.requireNonNull(key, "key"));
        return new Event(type, data, id, retry, key, removal, labels);
    }

    /**
     * This event as the last about its key: clients that are there get it as any other, and whoever comes later and wants
     * the newest per key is given none for this key.
     *
     * @return a copy that removes its key
     * @throws IllegalStateException if the event has no key
     */
    public Event asRemoval() {
        if (key == null) {
            throw new IllegalStateException("the event has no key to remove; say withKey before asRemoval");
        }
        return new Event(type, data, id, retry, key, true, labels);
    }

    /**
     * This event with a label, for {@link StreamRequest#where}. Labels are kept with the event and not sent.
     *
     * @param name 1 to 256 bytes of UTF-8, as a topic's name
     * @param value empty, or as a name
     * @return a copy with the label, which replaces one of the same name
     * @throws IllegalArgumentException if name or value is anything else, or there would be more than 16 labels
     */
    public Event withLabel(String name, String value) {
        Text.requireName("label", Objects.requireNonNull(name, "name"));
        if (!Objects.requireNonNull(value, "value").isEmpty()) {
            Text.requireName("value of the label", value);
        }
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        if (more.size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    more.size() + " labels; at most " + MAX_LABELS + " are allowed, so use fewer");
        }
        return new Event(type, data, id, retry, key, removal, Collections.unmodifiableMap(more));
    }

    /**
     * The type.
     *
     * @return the type, {@code message} if none was given
     */
    public String type() {
        return type;
    }

    /** Whether the type is the one that clients assume, so that it need not be written. */
    boolean isMessage() {
        return type.equals(MESSAGE);
    }

    /**
     * The data.
     *
     * @return the data as it was given
     */
    public String data() {
        return data;
    }

    /**
     * The caller's id.
     *
     * @return the id, empty if the client shall forget, or null if the server gives the event one
     */
    public @Nullable String id() {
        return id;
    }

    /**
     * The reconnection time.
     *
     * @return the reconnection time, or null if the event leaves the client's as it is
     */
    public @Nullable Duration retry() {
        return retry;
    }

    /**
     * What the event is about.
     *
     * @return the key, or null if the event has none
     */
    public @Nullable String key() {
        return key;
    }

    /**
     * Whether the event is the last about its key.
     *
     * @return whether {@link #asRemoval} made it
     */
    public boolean isRemoval() {
        return removal;
    }

    /**
     * The labels.
     *
     * @return the labels by name; not to be changed
     */
    public Map<String, String> labels() {
        return labels;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event that
                && type.equals(that.type)
                && data.equals(that.data)
                && Objects.equals(id, that.id)
                && Objects.equals(retry, that.retry)
                && Objects.equals(key, that.key)
                && removal == that.removal
                && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, data, id, retry, key, removal, labels);
    }

    /** For logs: names the type, the id and the size of the data, which may be private and is not shown. */
    @Override
    public String toString() {
        return "Event[type=" + type + ", id=" + id + ", data=" + data.length() + " chars]";
    }
}
