package eventsource.server.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The parser dispatches what a browser would")
class EventStreamParserTest {
    private static final int[] CHUNK_SIZES = {1, 2, 3, Integer.MAX_VALUE};

    static ParsedEvent event(String type, String data, String id) {
        return new ParsedEvent(type, data, id);
    }

    static ParsedEvent message(String data) {
        return event("message", data, "");
    }

    static EventStreamParser parse(byte[] bytes, int chunk) {
        EventStreamParser parser = new EventStreamParser();
        for (int i = 0; i < bytes.length; i += Math.min(chunk, bytes.length - i)) {
            parser.feed(bytes, i, Math.min(chunk, bytes.length - i));
        }
        parser.end();
        return parser;
    }

    static EventStreamParser parse(String stream) {
        return parse(stream.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    private static byte[] latin1(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Arguments stream(String name, String stream, ParsedEvent... events) {
        return Arguments.of(name, stream, List.of(events));
    }

    static Stream<Arguments> examplesOfTheStandard() {
        return Stream.of(
                stream("a single line", "data: This is the first message.\n\n", message("This is the first message.")),
                stream("two data lines are joined", "data: a\ndata: b\n\n", message("a\nb")),
                stream("a named event", "event: add\ndata: 73857293\n\n", event("add", "73857293", "")),
                stream("a stock ticker", "data: YHOO\ndata: +2\ndata: 10\n\n", message("YHOO\n+2\n10")),
                stream(
                        "four blocks: comment, id, empty id, leading space",
                        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                        event("message", "first event", "1"),
                        message("second event"),
                        message(" third event")),
                stream(
                        "empty data; the last block is incomplete",
                        "data\n\ndata\ndata\n\ndata:",
                        message(""),
                        message("\n")),
                stream(
                        "the space after the colon is optional",
                        "data:test\n\ndata: test\n\n",
                        message("test"),
                        message("test")));
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                stream("only one space is removed", "data:   x \n\n", message("  x ")),
                stream("a tab is not removed", "data:\tx\n\n", message("\tx")),
                stream("further colons belong to the value", "data: a: b:c\n\n", message("a: b:c")),
                stream("the last LF only is removed", "data: a\ndata\ndata: \n\n", message("a\n\n")),
                stream("an unknown field is ignored", "foo: 1\nbar\ndata: x\n\n", message("x")),
                stream("field names are case-sensitive", "Data: 1\nDATA: 2\ndata: x\n\n", message("x")),
                stream("a space before the name makes it unknown", " data: 1\ndata: x\n\n", message("x")),
                stream("a space before the colon makes it unknown", "data : 1\ndata: x\n\n", message("x")),
                stream("the last event line counts", "event: a\nevent: b\ndata: x\n\n", event("b", "x", "")),
                stream("an empty event line is the default type", "event: a\nevent\ndata: x\n\n", message("x")),
                stream("the order of fields is free", "id: 1\ndata: x\nevent: a\n\n", event("a", "x", "1")),
                stream("an event without data resets the type", "event: a\n\ndata: x\n\n", message("x")),
                stream(
                        "the type does not stick",
                        "event: a\ndata: x\n\ndata: y\n\n",
                        event("a", "x", ""),
                        message("y")),
                stream("comments are ignored", ":\n: c\n:data: no\ndata: x\n:c\ndata: y\n\n", message("x\ny")),
                stream("blank lines alone dispatch nothing", "\n\n\ndata: x\n\n\n\n", message("x")),
                stream("an event without its blank line is discarded", "data: x\n\ndata: y\n", message("x")),
                stream("an event without its line end is discarded", "data: x\n\ndata: y", message("x")),
                stream("an empty stream has no events", ""));
    }

    static Stream<Arguments> ids() {
        return Stream.of(
                stream(
                        "the id sticks",
                        "id: 1\ndata: x\n\ndata: y\n\n",
                        event("message", "x", "1"),
                        event("message", "y", "1")),
                stream(
                        "an empty id resets it",
                        "id: 1\ndata: x\n\nid\ndata: y\n\n",
                        event("message", "x", "1"),
                        message("y")),
                stream(
                        "an id with NUL is ignored",
                        "id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n",
                        event("message", "x", "1"),
                        event("message", "y", "1")),
                stream("an id without data is committed", "id: 7\n\ndata: x\n\n", event("message", "x", "7")),
                stream("the last id line counts", "id: 1\nid: 2\ndata: x\n\n", event("message", "x", "2")),
                stream(
                        "an id keeps its characters",
                        "id:  ü €\u2028\ndata: x\n\n",
                        event("message", "x", " ü €\u2028")));
    }

    static Stream<Arguments> encodings() {
        return Stream.of(
                stream("characters of every length", "data: aü€😀\n\n", message("aü€😀")),
                stream(
                        "only CR and LF end lines",
                        "data: \u2028\u2029\u0085\u000B\f\u001C\0.\n\n",
                        message("\u2028\u2029\u0085\u000B\f\u001C\0.")),
                stream("one byte order mark is removed", "\uFEFFdata: x\n\n", message("x")),
                stream("a second byte order mark is not", "\uFEFF\uFEFFdata: x\n\ndata: y\n\n", message("y")),
                stream("a later byte order mark is part of the name", "data: x\n\n\uFEFFdata: y\n\n", message("x")),
                stream("a byte order mark stays in a value", "data: \uFEFFx\n\n", message("\uFEFFx")),
                stream("a byte order mark before a comment", "\uFEFF: x\n\uFEFFdata: x\n\n"));
    }

    private static void check(String stream, List<ParsedEvent> events) {
        for (String lineEnd : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = stream.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
            for (int chunk : CHUNK_SIZES) {
                assertEquals(events, parse(bytes, chunk).events(), () -> "chunks of " + chunk);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"examplesOfTheStandard", "fields", "ids", "encodings"})
    @DisplayName("for every line end and chunk size:")
    void dispatches(String name, String stream, List<ParsedEvent> events) {
        check(stream, events);
    }

    @Test
    @DisplayName("mixed line ends are each one line end, and LF CR is two")
    void mixedLineEnds() {
        byte[] bytes = latin1("data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\r");
        for (int chunk : CHUNK_SIZES) {
            assertEquals(
                    List.of(message("a\nb\nc"), message("d"), message("e")),
                    parse(bytes, chunk).events());
        }
    }

    @Test
    @DisplayName("a CR dispatches at once, without waiting whether an LF follows")
    void carriageReturnDispatchesAtOnce() {
        EventStreamParser parser = new EventStreamParser();
        parser.feed(latin1("data: x\r\r"));
        assertEquals(List.of(message("x")), parser.events());
        parser.feed(latin1("\n"));
        parser.feed(latin1("data: y\n"));
        assertEquals(1, parser.events().size());
        assertFalse(parser.atBoundary());
    }

    @Test
    @DisplayName("malformed UTF-8 is replaced as the Encoding standard says")
    void replacement() {
        List<List<String>> cases = List.of(
                List.of("a\u00FFb", "a\uFFFDb"),
                List.of("\u0080", "\uFFFD"),
                List.of("\u00C0\u0080", "\uFFFD\uFFFD"),
                List.of("\u00C3", "\uFFFD"),
                List.of("\u00C3A", "\uFFFDA"),
                List.of("\u00E2\u0082", "\uFFFD"),
                List.of("\u00E2\u0082A", "\uFFFDA"),
                List.of("\u00E2A", "\uFFFDA"),
                List.of("\u00E0\u0080\u0080", "\uFFFD\uFFFD\uFFFD"),
                List.of("\u00ED\u00A0\u0080", "\uFFFD\uFFFD\uFFFD"),
                List.of("\u00F0\u009F\u0098", "\uFFFD"),
                List.of("\u00F0\u0080\u0080\u0080", "\uFFFD\uFFFD\uFFFD\uFFFD"),
                List.of("\u00F4\u0090\u0080\u0080", "\uFFFD\uFFFD\uFFFD\uFFFD"),
                List.of("\u00F5\u0080", "\uFFFD\uFFFD"),
                List.of("\u00E2\u00E2\u0082\u00AC", "\uFFFD\u20AC"));
        for (List<String> one : cases) {
            for (int chunk : CHUNK_SIZES) {
                EventStreamParser parser = parse(latin1("data: " + one.get(0) + "\n\n"), chunk);
                assertEquals(List.of(message(one.get(1))), parser.events());
            }
        }
    }

    @Test
    @DisplayName("retry takes ASCII digits and nothing else")
    void retry() {
        assertEquals(OptionalLong.empty(), parse("data: x\n\n").retryMillis());
        assertEquals(OptionalLong.of(0), parse("retry: 0\n").retryMillis());
        assertEquals(OptionalLong.of(1500), parse("retry:1500\n").retryMillis());
        assertEquals(OptionalLong.of(7), parse("retry: 007\r").retryMillis());
        assertEquals(OptionalLong.of(2), parse("retry: 1\nretry: 2\n\n").retryMillis());
        assertEquals(
                OptionalLong.of(Long.MAX_VALUE),
                parse("retry: 99999999999999999999\n").retryMillis());
        for (String bad : List.of("", " 5", "5 ", "-5", "+5", "5.0", "0x5", "5s", "٣")) {
            assertEquals(
                    OptionalLong.of(9), parse("retry: 9\nretry: " + bad + "\n").retryMillis(), bad);
        }
        assertEquals(OptionalLong.of(9), parse("retry: 9\nretry\n").retryMillis());
        assertEquals(OptionalLong.empty(), parse("retry: 9").retryMillis(), "an unfinished line");
    }

    @Test
    @DisplayName("the last event ID is committed by the blank line, with data or without")
    void lastEventId() {
        EventStreamParser parser = new EventStreamParser();
        assertEquals("", parser.lastEventId());
        parser.feed(latin1("data: x\nid: 1\n"));
        assertEquals("", parser.lastEventId());
        parser.feed(latin1("\n"));
        assertEquals("1", parser.lastEventId());
        parser.feed(latin1("id: 2\n\n"));
        assertEquals("2", parser.lastEventId());
        parser.feed(latin1("id: 3\n"));
        parser.end();
        assertEquals("2", parser.lastEventId());
        assertEquals("", parse("id: 1\n\nid:\n\n").lastEventId());
    }

    @Test
    @DisplayName("complete comment lines are counted")
    void comments() {
        assertEquals(3, parse(":\n: a\n:b:c\n: unfinished").comments());
    }

    @Test
    @DisplayName("only an unfinished line or event is off the boundary")
    void boundary() {
        for (String at : List.of("", ": c\n", "retry: 5\n", "data: x\n\n", "data: x\n\n: c\n", "data: x\nid: 1\n\n")) {
            assertTrue(parse(at).atBoundary(), at);
        }
        for (String off : List.of(":", "retry: 5", "data: x\n", "event: x\n", "data: x\nid: 1\n", "data: x\n: c\n")) {
            assertFalse(parse(off).atBoundary(), off);
        }
    }

    @Test
    @DisplayName("a sink gets the events, and the parser keeps none")
    void sink() {
        List<ParsedEvent> received = new ArrayList<>();
        EventStreamParser parser = new EventStreamParser(received::add);
        ByteBuffer buffer = ByteBuffer.wrap(latin1("__data: x\n\n__"), 2, 9);
        parser.feed(buffer);
        assertEquals(0, buffer.remaining());
        assertEquals(List.of(message("x")), received);
        assertThrows(IllegalStateException.class, parser::events);
    }

    @Test
    @DisplayName("nothing can be fed after the end")
    void fedAfterEnd() {
        EventStreamParser parser = parse("data: x\n");
        parser.end();
        assertThrows(IllegalStateException.class, () -> parser.feed(latin1("\n")));
        assertEquals(List.of(), parser.events());
    }
}
