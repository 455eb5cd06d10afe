package eventsource.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one event, encoded once and shared by all streams, and where the event stands. This class alone knows the
 * wire format; its rules and the reasons for them are in {@code docs/design/wire-format.md}.
 *
 * <p>Immutable, but for the feeds and links, which belong to the journal. The bytes are one HTTP/1.1 chunk, and the event
 * without framing is a part of that chunk.
 */
final class Frame {

    /** Charged to the journal for each frame besides its bytes: the objects around them, and the slots that refer to them. */
    static final int OVERHEAD = 96;

    /** Charged for each feed the frame is in: a slot there, twice because rings grow by doubling, and one in the frame. */
    static final int SLOT = 24;

    /** A comment line and nothing more: many clients take a blank line for an event. */
    private static final byte[] HEARTBEAT = ascii(":\n");

    private static final byte[] ID = ascii("id: ");
    private static final byte[] END = ascii("\n\n"); // of the id's line, and the blank one
    private static final byte[] CRLF = ascii("\r\n"); // of a chunk

    /** Where the event stands in the order of the journal. */
    final long number;

    /** When it was appended, in ticks of the journal. */
    final int since;

    /** What is known of the event besides its bytes. */
    final Traits traits;

    /** The feeds it is in, trimmed or not; written and read under the journal's lock. */
    Feed[] feeds;

    /** The frames before and after this one in the journal; written and read under its lock. */
    @Nullable
    Frame older;

    @Nullable
    Frame newer;

    private final byte[] chunk;
    private final byte start; // the first line of a chunk is short

    /**
     * The frame of an event.
     *
     * @param fields what {@link #fields} made of the event
     * @param id the id on the wire
     */
    Frame(long number, int since, Traits traits, Feed[] feeds, byte[] fields, String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        int length = fields.length + ID.length + text.length + END.length;
        byte[] size = ascii(Integer.toHexString(length));
        start = (byte) (size.length + CRLF.length);
        chunk = new byte[start + length + CRLF.length];
        ByteBuffer into = ByteBuffer.wrap(chunk).put(size).put(CRLF).put(fields);
        // The id comes last: some clients take it over as soon as they have read its line, whether or not the event
        // follows.
        into.put(ID).put(text).put(END).put(CRLF);
        this.number = number;
        this.since = since;
        this.traits = traits;
        this.feeds = feeds;
    }

    /** All fields of an event but its id, which is known only when the event has a place. */
    static byte[] fields(Event event) {
        String type = event.isMessage() ? "" : "event: " + event.type() + '\n';
        String retry = event.retry() == null ? "" : retry(event.retry().toMillis());
        return (type + "data: " + lines(event.data()) + '\n' + retry).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The data, with a field for each further line. The splitters of the JDK would drop an empty last line, and with it the
     * data's last line break and, for empty data, the event; or they know line ends that the event stream does not.
     */
    private static String lines(String data) {
        if (data.indexOf('\n') < 0 && data.indexOf('\r') < 0) {
            return data;
        }
        StringBuilder text = new StringBuilder(data.length() + 32);
        int start = 0;
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c != '\n' && c != '\r') {
                continue;
            }
            text.append(data, start, i).append("\ndata: ");
            if (c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n') {
                i++;
            }
            start = i + 1;
        }
        return text.append(data, start, data.length()).toString();
    }

    private static String retry(long millis) {
        return "retry: " + millis + '\n';
    }

    /**
     * The first bytes of a stream: they make every hop pass the response head on, and tell the client when to come back
     * should the stream end.
     */
    static ByteBuffer prelude(long retryMillis) {
        return ByteBuffer.wrap(ascii(":\n" + retry(retryMillis)));
    }

    /** An event for one stream only, which has no place in the journal; without an id, the client keeps the one it has. */
    static ByteBuffer loose(Event event, @Nullable String id) {
        return loose(fields(event), id);
    }

    /** The same of fields that were encoded already. */
    static ByteBuffer loose(byte[] fields, @Nullable String id) {
        byte[] end = (id == null ? "\n" : "id: " + id + "\n\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(fields.length + end.length)
                .put(fields)
                .put(end)
                .flip();
    }

    /** What keeps a silent connection from being taken for a dead one. */
    static ByteBuffer heartbeat() {
        return ByteBuffer.wrap(HEARTBEAT).asReadOnlyBuffer();
    }

    /** What the journal charges for this frame, besides its slots in feeds. */
    int weight() {
        return chunk.length + OVERHEAD + traits.charge();
    }

    /** What the journal charges for this frame. */
    int charge() {
        return weight() + SLOT * feeds.length;
    }

    int length(Representation representation) {
        return representation == Representation.CHUNKED ? chunk.length : chunk.length - start - CRLF.length;
    }

    /** Puts the bytes into a buffer that is not shared yet. */
    void put(Representation representation, ByteBuffer into) {
        into.put(chunk, from(representation), length(representation));
    }

    /** The bytes without a copy; read-only, because all streams share them. */
    ByteBuffer view(Representation representation) {
        return ByteBuffer.wrap(chunk, from(representation), length(representation))
                .slice()
                .asReadOnlyBuffer();
    }

    private int from(Representation representation) {
        return representation == Representation.CHUNKED ? 0 : start;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
