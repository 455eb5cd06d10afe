package eventsource.server.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinesTest {

    private final List<String> given = new ArrayList<>();
    private final Lines lines = new Lines(given::add);

    private void feed(String text, int atOnce) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += atOnce) {
            lines.feed(bytes, i, Math.min(bytes.length, i + atOnce));
        }
    }

    @Test
    @DisplayName("Lines are the same however their bytes come")
    void piecesMakeNoDifference() {
        for (int atOnce = 1; atOnce < 9; atOnce++) {
            given.clear();
            feed("one\n\r\n\n  €𝄞 \r\na\rb\r\r\nrest", atOnce);
            assertEquals(List.of("one", "", "", "  €𝄞 ", "a\rb\r"), given);
            lines.end();
            assertEquals("rest", given.get(5));
            lines.end();
            assertEquals(6, given.size(), "the end comes once");
        }
    }

    @Test
    @DisplayName("A line without an end is cut between characters, and nothing of it is lost")
    void longLinesAreCut() {
        for (String before : List.of("", "1", "12", "123")) {
            given.clear();
            String text = before + "𝄞€x".repeat(Lines.LONGEST);
            feed(text + "\n", 1000);
            assertEquals(text, String.join("", given));
            for (String piece : given) {
                int length = piece.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(length <= Lines.LONGEST, length + " bytes");
            }
        }
    }

    @Test
    @DisplayName("A line of just the longest length is one line")
    void theLongestLine() {
        String longest = "x".repeat(Lines.LONGEST);
        feed(longest + "\n" + longest + "y\n", 777);
        assertEquals(List.of(longest, longest, "y"), given);
    }

    @Test
    @DisplayName("What is no UTF-8 does no harm")
    void noUtf8() {
        byte[] bytes = new byte[3 * Lines.LONGEST];
        java.util.Arrays.fill(bytes, (byte) 0x80);
        lines.feed(bytes, 0, bytes.length);
        lines.end();
        assertEquals(3, given.size());
    }
}
