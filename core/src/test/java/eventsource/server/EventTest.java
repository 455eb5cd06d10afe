package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

    private static void rejects(String says, Executable code) {
        String message = assertThrows(IllegalArgumentException.class, code).getMessage();
        assertTrue(message.contains(says), () -> "the message does not say \"" + says + "\": " + message);
    }

    @ParameterizedTest
    @DisplayName("IN-01, IN-04: what ends a line is rejected in id and type, and the message says where")
    @ValueSource(strings = {"\n", "\r", "\r\n", "\n\r", "\u0000"})
    void lineBreaksAreRejectedInIdAndType(String bad) {
        rejects("type has a ", () -> Event.of("x" + bad, "data"));
        rejects("at index 1", () -> Event.of("x" + bad + "y", "data"));
        rejects("at index 0", () -> Event.ofReservedType(bad + "event: admin", "data"));
        rejects("id has a ", () -> Event.of("data").withId("x" + bad));
        rejects("id has a ", () -> Event.of("data").withId(bad));
    }

    @Test
    @DisplayName("WF-07: half of a surrogate pair is rejected wherever it stands")
    void halfPairsAreRejected() {
        for (String half : List.of("\uD800", "x\uD800y", "\uDC00", "\uDC00\uD800", "\uD83D\uDE00\uD83D")) {
            rejects("surrogate", () -> Event.of(half));
            rejects("surrogate", () -> Event.of(half, "x"));
            rejects("surrogate", () -> Event.of("x").withId(half));
        }
        assertEquals("\uD83D\uDE00", Event.of("\uD83D\uDE00").data());
    }

    @Test
    @DisplayName("WF-14: the types open and error collide with the browser's own events")
    void reservedTypes() {
        rejects("ofReservedType", () -> Event.of("open", "x"));
        rejects("ofReservedType", () -> Event.of("error", "x"));
        assertEquals("error", Event.ofReservedType("error", "x").type());
        assertEquals("Error", Event.of("Error", "x").type());
    }

    @Test
    void anEmptyTypeIsRejected() {
        rejects("type is empty", () -> Event.of("", "x"));
    }

    @Test
    @DisplayName("WF-16: retry is from zero to a day")
    void retryHasLimits() {
        rejects("retry is PT-0.001S", () -> Event.of("x").withRetry(Duration.ofMillis(-1)));
        rejects("choose a duration", () -> Event.of("x").withRetry(Duration.ofDays(2)));
        rejects("choose a duration", () -> Event.of("x").withRetry(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void idsThatDoNotComeBackUnchangedAreRejected() {
        rejects("withEmptyId", () -> Event.of("x").withId(""));
        rejects("starts or ends with a space", () -> Event.of("x").withId(" 1"));
        rejects("starts or ends with a space", () -> Event.of("x").withId("1 "));
        rejects("control character", () -> Event.of("x").withId("a\tb"));
        rejects("control character", () -> Event.of("x").withId("a\u007F"));
        rejects("257 bytes", () -> Event.of("x").withId("i".repeat(257)));
        rejects("258 bytes", () -> Event.of("x").withId("\u00E9".repeat(129)));
        rejects("first character", () -> Event.of("x").withId("~1"));
        assertEquals("i".repeat(256), Event.of("x").withId("i".repeat(256)).id());
        assertEquals("1~ \u00E9", Event.of("x").withId("1~ \u00E9").id());
    }

    @Test
    void messagesDoNotRepeatWhatTheyReject() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Event.of("x").withId("<script>\n"))
                .getMessage();
        assertFalse(message.contains("<script>"), message);
    }

    @Test
    void topicsAreNames() {
        rejects("topic is empty", () -> Emission.of(Event.of("x"), ""));
        rejects("topic has a LF", () -> Emission.of(Event.of("x"), "a", "b\nc"));
        rejects("topic has a ", () -> StreamRequest.of("a\rb"));
        rejects("no topic given", StreamRequest::of);
        String[] many = new String[129];
        for (int i = 0; i < many.length; i++) {
            many[i] = "t" + i;
        }
        rejects("129 topics", () -> Emission.of(Event.of("x"), many));
        rejects("129 topics", () -> StreamRequest.of(many));
        assertEquals(
                List.of("a", "b"), Emission.of(Event.of("x"), "a", "b", "a").topics());
    }

    @Test
    void nullIsRejectedByName() {
        assertEquals(
                "data",
                assertThrows(NullPointerException.class, () -> Event.of(nothing()))
                        .getMessage());
        assertEquals(
                "type",
                assertThrows(NullPointerException.class, () -> Event.of(nothing(), "x"))
                        .getMessage());
        assertEquals(
                "id",
                assertThrows(NullPointerException.class, () -> Event.of("x").withId(nothing()))
                        .getMessage());
    }

    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    @Test
    void anEventIsWhatWasGiven() {
        Event event = Event.of("tick", "data").withId("1").withRetry(Duration.ofSeconds(3));
        assertEquals("tick", event.type());
        assertEquals("data", event.data());
        assertEquals("1", event.id());
        assertEquals(Duration.ofSeconds(3), event.retry());
        assertEquals("message", Event.of("x").type());
        assertNull(Event.of("x").id());
        assertNull(Event.of("x").retry());
        assertEquals("", Event.of("x").withEmptyId().id());
    }

    @Test
    void eventsAreEqualByTheirFields() {
        Event event = Event.of("tick", "data").withId("1").withRetry(Duration.ZERO);
        assertEquals(event, Event.of("tick", "data").withRetry(Duration.ZERO).withId("1"));
        assertEquals(
                event.hashCode(),
                Event.of("tick", "data").withRetry(Duration.ZERO).withId("1").hashCode());
        assertNotEquals(event, event.withId("2"));
        assertNotEquals(event, Event.of("tick", "data"));
        assertEquals(Event.of("x"), Event.of("message", "x"));
    }

    @Test
    void logsDoNotShowData() {
        assertFalse(Event.of("tick", "secret").toString().contains("secret"));
    }
}
