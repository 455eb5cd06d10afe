package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden bytes of the wire format; {@code docs/design/wire-format.md} numbers the rules. */
class WireFormatTest {

    private static String written(Event event) {
        Feed[] feeds = {};
        Frame frame = new Frame(
                1, 0, Traits.of(event), feeds, Frame.Fields.of(event), event.id() == null ? "~e-1" : event.id());
        return text(frame.view(Representation.PLAIN));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    @DisplayName("WF-01: data and the id that every event has, and nothing that was not set")
    void dataAndId() {
        assertEquals("data: hello\nid: ~e-1\n\n", written(Event.of("hello")));
    }

    @ParameterizedTest(name = "WF-02: {0}")
    @CsvSource({"a\\nb", "a\\r\\nb", "a\\rb"})
    void eachLineEndStartsAField(String data) {
        String unescaped = data.replace("\\n", "\n").replace("\\r", "\r");
        assertEquals("data: a\ndata: b\nid: ~e-1\n\n", written(Event.of(unescaped)));
    }

    @Test
    @DisplayName("WF-02: LF CR are two line ends")
    void lfCrAreTwo() {
        assertEquals("data: a\ndata: \ndata: b\nid: ~e-1\n\n", written(Event.of("a\n\rb")));
    }

    @Test
    @DisplayName("WF-03: empty data is one line, a last line break another")
    void emptyLinesAreWritten() {
        assertEquals("data: \nid: ~e-1\n\n", written(Event.of("")));
        assertEquals("data: \ndata: \nid: ~e-1\n\n", written(Event.of("\n")));
        assertEquals("data: a\ndata: \nid: ~e-1\n\n", written(Event.of("a\n")));
        assertEquals("data: \ndata: \ndata: a\nid: ~e-1\n\n", written(Event.of("\n\na")));
    }

    @Test
    @DisplayName("WF-04: one space after the colon, so that the data's own survive")
    void oneSpace() {
        assertEquals("data:  x\nid: ~e-1\n\n", written(Event.of(" x")));
        assertEquals("data: \tx\nid: ~e-1\n\n", written(Event.of("\tx")));
    }

    @Test
    @DisplayName("WF-06: only CR, LF and CRLF end a line")
    void otherLineEndsAreData() {
        String data = "a\u2028b\u2029c\u0085d\u000Be\u000Cf\u0000g\u007Fh\uD83D\uDE00";
        assertEquals("data: " + data + "\nid: ~e-1\n\n", written(Event.of(data)));
    }

    @Test
    @DisplayName("WF-08: event, data, retry, id, blank line")
    void orderOfFields() {
        Event event = Event.of("tick", "a\nb").withId("7").withRetry(Duration.ofMillis(2500));
        assertEquals("event: tick\ndata: a\ndata: b\nretry: 2500\nid: 7\n\n", written(event));
    }

    @Test
    @DisplayName("WF-13: the type message is not written")
    void messageIsNotWritten() {
        assertEquals("data: x\nid: ~e-1\n\n", written(Event.of("message", "x")));
    }

    @Test
    @DisplayName("WF-15: an empty id is written where it was asked for")
    void emptyId() {
        assertEquals("data: x\nid: \n\n", written(Event.of("x").withEmptyId()));
    }

    @Test
    @DisplayName("WF-16: retry is written as digits")
    void retryIsDigits() {
        assertEquals("data: x\nretry: 0\nid: ~e-1\n\n", written(Event.of("x").withRetry(Duration.ZERO)));
        assertEquals(
                "data: x\nretry: 86400000\nid: ~e-1\n\n", written(Event.of("x").withRetry(Duration.ofDays(1))));
    }

    @Test
    @DisplayName("WF-10, WF-20: the prelude is a comment line and a retry line, and no blank line")
    void prelude() {
        assertEquals(
                ":\nretry: 2741\n",
                StandardCharsets.UTF_8.decode(Frame.prelude(2741)).toString());
    }

    @Test
    @DisplayName("WF-11: a heartbeat is a comment line, and no blank line")
    void heartbeat() {
        assertEquals(":\n", text(Frame.heartbeat()));
    }

    @Test
    void aChunkFramesExactlyTheEvent() {
        Feed[] feeds = {};
        Frame frame = new Frame(
                1, 0, Traits.of(Event.of("x")), feeds, Frame.Fields.of(Event.of("tick", "h\u00E9llo")), "~e-1");
        String chunk = text(frame.view(Representation.CHUNKED));
        String plain = text(frame.view(Representation.PLAIN));
        int length = plain.getBytes(StandardCharsets.UTF_8).length;
        assertEquals(Integer.toHexString(length) + "\r\n" + plain + "\r\n", chunk);
        assertEquals(length, frame.length(Representation.PLAIN));
    }

    @Test
    void anEventIsEncodedOnceForAllStreams() {
        EventSourceServer server = Servers.create();
        Reader one = Reader.of(server, StreamRequest.own());
        Reader other = Reader.of(server, StreamRequest.own());
        server.emit("x");
        ByteBuffer first = one.buffers.get(1);
        ByteBuffer second = other.buffers.get(1);
        assertNotSame(first, second);
        assertSame(arrayOf(first), arrayOf(second), "both views share one array");
        assertThrows(ReadOnlyBufferException.class, () -> first.put(0, (byte) 'y'));
    }

    /** The array under a read-only buffer, which the buffer itself does not give away. */
    private static Object arrayOf(ByteBuffer readOnly) {
        try {
            var field = ByteBuffer.class.getDeclaredField("hb");
            field.setAccessible(true);
            return field.get(readOnly);
        } catch (ReflectiveOperationException closed) {
            throw new LinkageError("run the tests with --add-opens java.base/java.nio=ALL-UNNAMED", closed);
        }
    }

    @Test
    void generatedIdsNeedNoEscapingAndNoPreflight() {
        Pattern safe = Pattern.compile("~[A-Za-z0-9._~-]{1,127}");
        EventSourceServer server = Servers.create();
        for (int i = 0; i < 100; i++) {
            String id = Servers.now(server.emit("x"));
            assertTrue(safe.matcher(id).matches(), id);
        }
    }

    @Test
    void allBytesOfARunAreThoseOfItsFrames() {
        EventSourceServer server = Servers.create();
        Reader reader = Reader.asking(1);
        server.outSupply(StreamRequest.own()).subscribe(reader);
        String one = Servers.now(server.emit("a"));
        String two = Servers.now(server.emit("b"));
        reader.subscription.request(1);
        assertEquals("data: a\nid: " + one + "\n\ndata: b\nid: " + two + "\n\n", reader.elements.get(1));
        assertArrayEquals(new String[0], reader.parser.violations().toArray());
    }
}
