package eventsource.server.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The rules for servers")
class WireRulesTest {
    /** Each character is a byte. */
    private static List<String> violations(String bytes, int chunk) {
        return EventStreamParserTest.parse(bytes.getBytes(StandardCharsets.ISO_8859_1), chunk)
                .violations();
    }

    static Stream<Arguments> bytesAndLines() {
        return Stream.of(
                Arguments.of("\u00EF\u00BB\u00BFdata: x\n\n", "byte 0: the stream begins with a byte order mark"),
                Arguments.of("\u00EF\u00BB\u00BF", "byte 0: the stream begins with a byte order mark"),
                Arguments.of("data: x\r\n\n", "byte 7: a CR; lines end with LF only"),
                Arguments.of("data: x\n\r", "byte 8: a CR; lines end with LF only"),
                Arguments.of("data: \u00C0\n\n", "byte 6: malformed UTF-8"),
                Arguments.of("data: a\u00C3\n\n", "byte 7: malformed UTF-8"),
                Arguments.of(": \u00E2\u0082\n", "byte 2: malformed UTF-8"),
                Arguments.of("data: \u00FF", "byte 6: malformed UTF-8"),
                Arguments.of("data: x\n\ndata: \u00FFy\u00C3", "byte 15: malformed UTF-8"),
                Arguments.of("foo: 1\n", "byte 0: an unknown field \"foo\""),
                Arguments.of("Data: 1\n", "byte 0: an unknown field \"Data\""),
                Arguments.of("data\n\n", "byte 0: a field line without colon: \"data\""),
                Arguments.of("data:x\n\n", "byte 0: no space after the colon: \"data:x\""),
                Arguments.of("data: x\ndata:\n\n", "byte 8: no space after the colon: \"data:\""),
                Arguments.of("data: x\nid:\n\n", "byte 8: no space after the colon: \"id:\""));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("event: \ndata: x\n\n", "byte 0: an event line with an empty value"),
                Arguments.of(
                        "event: message\ndata: x\n\n", "byte 0: the default type \"message\" is written explicitly"),
                Arguments.of("retry: x\n", "byte 0: a retry value that is not digits: \"x\""),
                Arguments.of("retry: \n", "byte 0: a retry value that is not digits: \"\""),
                Arguments.of("retry:  5\n", "byte 0: a retry value that is not digits: \" 5\""),
                Arguments.of("data: x\nid: 1\0\n\n", "byte 8: an id that contains NUL"));
    }

    static Stream<Arguments> order() {
        return Stream.of(
                Arguments.of("event: a\nevent: b\ndata: x\n\n", "byte 9: a second event line in an event"),
                Arguments.of("data: x\nevent: a\n\n", "byte 8: an event line that is not the first of its event"),
                Arguments.of(
                        "data: x\nid: 1\ndata: y\n\n", "byte 14: a data line after the retry or id line of its event"),
                Arguments.of(
                        "data: x\nretry: 1\ndata: y\n\n",
                        "byte 17: a data line after the retry or id line of its event"),
                Arguments.of("data: x\nretry: 1\nretry: 2\n\n", "byte 17: a second retry line in an event"),
                Arguments.of("data: x\nid: 1\nretry: 2\n\n", "byte 14: a retry line after the id line of its event"),
                Arguments.of("event: a\nretry: 2\ndata: x\n\n", "byte 9: a retry line inside an event before its data"),
                Arguments.of("data: x\nid: 1\nid: 2\n\n", "byte 14: a second id line in an event"),
                Arguments.of("id: 1\ndata: x\n\n", "byte 0: an id line before the data of its event"),
                Arguments.of("data: x\n: c\ndata: y\n\n", "byte 8: a comment line inside an event"),
                Arguments.of("data: x\n:\n\n", "byte 8: a comment line inside an event"),
                Arguments.of("\n", "byte 0: a blank line that does not end an event with data"),
                Arguments.of(": c\n\n", "byte 4: a blank line that does not end an event with data"),
                Arguments.of("retry: 5\n\n", "byte 9: a blank line that does not end an event with data"),
                Arguments.of("event: a\n\n", "byte 9: a blank line that does not end an event with data"),
                Arguments.of("data: x\n\n\n", "byte 9: a blank line that does not end an event with data"));
    }

    @ParameterizedTest
    @MethodSource({"bytesAndLines", "values", "order"})
    @DisplayName("are broken, in exactly one way and wherever the chunks end, by")
    void report(String stream, String violation) {
        for (int chunk : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
            assertEquals(List.of(violation), violations(stream, chunk));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00C0\u0080",
                "\u00C1\u00BF",
                "\u00E0\u0080\u0080",
                "\u00E0\u009F\u00BF",
                "\u00F0\u008F\u00BF\u00BF",
                "\u00ED\u00A0\u0080",
                "\u00ED\u00BF\u00BF",
                "\u00F4\u0090\u0080\u0080",
                "\u00F5\u0080\u0080\u0080"
            })
    @DisplayName("are broken, once for each byte, by an overlong form, a surrogate or what is beyond U+10FFFF:")
    void malformed(String sequence) {
        List<String> expected = IntStream.range(6, 6 + sequence.length())
                .mapToObj(at -> "byte " + at + ": malformed UTF-8")
                .toList();
        assertEquals(expected, violations("data: " + sequence + "\n\n", 1));
        assertEquals(expected, violations("data: " + sequence, 2), "in an interrupted line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: x\n\n",
                "data: \n\n",
                "data:  leading space\n\n",
                "data: x\ndata: \ndata: y\n\n",
                "event: a\ndata: x\nretry: 5\nid: 1\n\ndata: y\n\n",
                "data: x\nid: \n\n",
                "data: x\nretry: 5\n\n",
                "data: x\nid: 1\n\ndata: y\nid: 2\n\n",
                "event: messages\ndata: x\n\n",
                ":\n: c\ndata: x\n\n:c\n",
                "retry: 5\n",
                "retry: 5\nretry: 6\n: c\ndata: x\nretry: 7\n\nretry: 8\n",
                "data: \u00C3\u00BC\u00E2\u0082\u00AC\u00F0\u009F\u0098\u0080\n\n",
                "data: \u00EF\u00BB\u00BF\n\n",
                "data: \0\u000B\f\n\n",
                "data: x\n\ndata: y",
                "data: x\n\nda",
                "data: x\n\n: \u00F0\u009F\u0098",
                "data: x\nid: \u00C3",
                "data: x\n"
            })
    @DisplayName("are kept, whether the stream is whole or cut, by")
    void accept(String stream) {
        for (int chunk : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
            assertEquals(List.of(), violations(stream, chunk));
        }
    }
}
