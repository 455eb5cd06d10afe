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
    private static final byte[] BLANK = ascii("\n");
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

    /** The frame of an event, with the id that it has on the wire. */
    Frame(long number, int since, Traits traits, Feed[] feeds, Fields fields, String id) {
        byte[] text = utf8(id);
        int length = fields.length() + endLength(text);
        int digits = (Integer.SIZE + 3 - Integer.numberOfLeadingZeros(length)) / 4;
        start = (byte) (digits + CRLF.length);
        chunk = new byte[start + length + CRLF.length];
        ByteBuffer into = ByteBuffer.wrap(chunk);
        for (int digit = digits - 1; digit >= 0; digit--) {
            into.put((byte) Character.forDigit((length >>> (4 * digit)) & 0xF, 16));
        }
        putEnd(fields.putInto(into.put(CRLF)), text).put(CRLF);
        this.number = number;
        this.since = since;
        this.traits = traits;
        this.feeds = feeds;
    }

    /** The id comes last: some clients take it over as soon as they have read its line, whether or not the event follows. */
    private static ByteBuffer putEnd(ByteBuffer into, byte[] id) {
        return into.put(ID).put(id).put(END);
    }

    private static int endLength(byte[] id) {
        return ID.length + id.length + END.length;
    }

    /**
     * The lines of an event but that of its id, which is known only when the event has a place. Apart, so that the data, the
     * largest part, is encoded without a copy. Immutable.
     *
     * @param before the type's line, and the beginning of the data's
     * @param data with a field for each further line
     * @param after the rest
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Fields(byte[] before, byte[] data, byte[] after) {

        private static final String DATA = "data: ";
        private static final byte[] BEFORE_MESSAGE = utf8(DATA);
        private static final byte[] LINE_FEED = utf8("\n");

        /** What has to be written of an event. */
        static Fields of(Event event) {
            return new Fields(
                    event.isMessage() ? BEFORE_MESSAGE : utf8("event: " + event.type() + '\n' + DATA),
                    utf8(lines(event.data())),
                    event.retry() == null
                            ? LINE_FEED
                            : utf8('\n' + retry(event.retry().toMillis())));
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
                text.append(data, start, i).append('\n').append(DATA);
                if (c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n') {
                    i++;
                }
                start = i + 1;
            }
            return text.append(data, start, data.length()).toString();
        }

        /** In bytes. */
        int length() {
            return before.length + data.length + after.length;
        }

        ByteBuffer putInto(ByteBuffer into) {
            return into.put(before).put(data).put(after);
        }
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
        return loose(Fields.of(event), id);
    }

    /** The same of fields that were encoded already. */
    static ByteBuffer loose(Fields fields, @Nullable String id) {
        byte[] text = id == null ? null : utf8(id);
        ByteBuffer into = ByteBuffer.allocate(fields.length() + (text == null ? BLANK.length : endLength(text)));
        fields.putInto(into);
        return (text == null ? into.put(BLANK) : putEnd(into, text)).flip();
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

    /** The line that says when to come back. */
    private static String retry(long millis) {
        return "retry: " + millis + '\n';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
