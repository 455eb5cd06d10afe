package eventsource.server.parser;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A parser of event streams, as the HTML standard describes it in "9.2 Server-sent events".
 *
 * <p>It yields what a browser would dispatch, whatever the stream contains, and apart from that lists in {@link
 * #violations()} where the bytes depart from the much stricter rules for what a server writes.
 *
 * <p>The standard leaves two things open: a {@code retry} line with an empty value is ignored here, and a value beyond
 * the range of {@code long} counts as {@link Long#MAX_VALUE}.
 *
 * <p>For tests only: lines, events and violations are kept without any bound, for a bound could hide what an oracle has
 * to show. An instance is not safe for use by several threads.
 */
public final class EventStreamParser {
    private final Consumer<? super ParsedEvent> sink;
    private final boolean collecting;
    private final List<ParsedEvent> events = new ArrayList<>();
    private final WireRules rules = new WireRules();

    private byte[] pending = new byte[256];
    private int pendingLength;
    private long position;
    private boolean afterCarriageReturn;
    private boolean ended;

    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String idBuffer = "";
    private String lastEventId = "";
    private long retryMillis = -1;
    private int comments;

    /** Creates a parser that collects its events. */
    public EventStreamParser() {
        this.collecting = true;
        this.sink = events::add;
    }

    /**
     * Creates a parser that hands its events on and keeps none.
     *
     * @param sink receives each event during the call that feeds its blank line; must not throw
     */
    public EventStreamParser(Consumer<? super ParsedEvent> sink) {
        this.collecting = false;
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /**
     * Parses the next bytes of the stream.
     *
     * @param bytes the bytes, which may begin and end anywhere, also inside a character or a line end
     */
    public void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    /**
     * Parses the next bytes of the stream.
     *
     * @param bytes the buffer, which is not kept
     * @param offset the index of the first byte
     * @param length the number of bytes
     */
    public void feed(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (ended) {
            throw new IllegalStateException("the stream has ended");
        }
        int end = offset + length;
        int lineStart = offset;
        for (int i = offset; i < end; i++) {
            byte c = bytes[i];
            if (c != '\n' && c != '\r') {
                continue;
            }
            boolean secondOfPair = c == '\n' && afterCarriageReturn && i == lineStart && pendingLength == 0;
            if (c == '\r') {
                rules.carriageReturn(position + (i - offset));
            }
            if (!secondOfPair) {
                endLine(bytes, lineStart, i, position + (lineStart - offset));
            }
            afterCarriageReturn = c == '\r';
            lineStart = i + 1;
        }
        keep(bytes, lineStart, end);
        position += length;
    }

    /**
     * Parses the next bytes of the stream.
     *
     * @param bytes the bytes between position and limit, all of which are consumed
     */
    public void feed(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        feed(copy);
    }

    /**
     * Ends the stream. An incomplete event is discarded. That the stream stops inside an event, a line or a character is
     * no violation, because a connection can break anywhere. A second call has no effect.
     */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        long lineAt = position - pendingLength;
        if (lineAt == 0 && startsWithByteOrderMark(pending, 0, pendingLength)) {
            rules.byteOrderMark();
        }
        Utf8.checkInterrupted(pending, 0, pendingLength, i -> rules.malformed(lineAt + i));
    }

    /**
     * Returns the events so far.
     *
     * @return a snapshot of all events in order
     * @throws IllegalStateException if the events go to a sink
     */
    public List<ParsedEvent> events() {
        if (!collecting) {
            throw new IllegalStateException("the events of this parser go to its sink");
        }
        return List.copyOf(events);
    }

    /**
     * Returns the last event ID string: what the latest blank line committed, and what a browser sends when it
     * reconnects.
     *
     * @return the ID, or the empty string
     */
    public String lastEventId() {
        return lastEventId;
    }

    /**
     * Returns the reconnection time.
     *
     * @return the last valid {@code retry} value, in milliseconds
     */
    public OptionalLong retryMillis() {
        return retryMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryMillis);
    }

    /**
     * Returns the number of comment lines.
     *
     * @return the number of complete comment lines so far
     */
    public int comments() {
        return comments;
    }

    /**
     * Tells whether the stream is between two events. Complete lines that belong to no event (comments, lone retry
     * lines, lines that are ignored) do not matter. After {@link #end()} it tells where the end fell.
     *
     * @return true if nothing of an unfinished event or line is pending
     */
    public boolean atBoundary() {
        return pendingLength == 0 && !rules.insideEvent();
    }

    /**
     * Returns where the complete lines so far depart from the rules for servers. These rules are: no byte order mark;
     * LF only; well-formed UTF-8; every field line is {@code name: value} with a name among event, data, retry and id;
     * an event is at most one {@code event} (neither empty nor {@code message}), one or more {@code data}, at most one
     * {@code retry} (digits), at most one {@code id} (without NUL), in this order, and a blank line; between events
     * there are only comments and lone {@code retry} lines, without blank lines.
     *
     * @return a snapshot of the violations, each a short sentence that begins with the byte offset
     */
    public List<String> violations() {
        return rules.violations();
    }

    private void keep(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > pending.length - pendingLength) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, pendingLength + length));
        }
        System.arraycopy(bytes, from, pending, pendingLength, length);
        pendingLength += length;
    }

    private void endLine(byte[] bytes, int from, int to, long at) {
        if (pendingLength == 0) {
            line(bytes, from, to, at);
            return;
        }
        long lineAt = at - pendingLength;
        keep(bytes, from, to);
        int length = pendingLength;
        pendingLength = 0;
        line(pending, 0, length, lineAt);
    }

    private void line(byte[] bytes, int from, int to, long at) {
        int start = from;
        // The mark contains no line end, so it is whole in the first line however the stream was cut.
        if (at == 0 && startsWithByteOrderMark(bytes, from, to)) {
            rules.byteOrderMark();
            start += 3;
        }
        if (start == to) {
            rules.blank(at);
            dispatch();
        } else if (Utf8.isAscii(bytes, start, to)) {
            line(new String(bytes, start, to - start, StandardCharsets.ISO_8859_1), at);
        } else {
            // No byte of a line end is ever part of a character, so lines can be decoded one by one.
            line(Utf8.decode(bytes, start, to, i -> rules.malformed(at + (i - from))), at);
        }
    }

    private void line(String line, long at) {
        int colon = line.indexOf(':');
        if (colon == 0) {
            comments++;
            rules.comment(at);
            return;
        }
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        rules.field(at, line, colon, name, value);
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
            case "retry" -> retryMillis = isDigits(value) ? toMillis(value) : retryMillis;
            default -> {
                // Ignored, as the standard says; the rules have reported it.
            }
        }
    }

    private void dispatch() {
        lastEventId = idBuffer;
        String eventType = type.isEmpty() ? "message" : type;
        type = "";
        if (data.length() == 0) {
            return;
        }
        String eventData = data.substring(0, data.length() - 1);
        data.setLength(0);
        sink.accept(new ParsedEvent(eventType, eventData, lastEventId));
    }

    static boolean isDigits(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long toMillis(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int from, int to) {
        return to - from >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF;
    }
}
