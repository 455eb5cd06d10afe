package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Emission;
import eventsource.server.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Emissions with everything that an event can be, one thing at a time: what a log has to keep as it is. */
final class Samples {

    /** Letters of 1 to 4 bytes of UTF-8, one of two code points, and what some take for line ends. */
    private static final String TEXT = "a\u00e9\u20ac\u6f22\ud83d\ude00 e\u0301 \u2028\u2029\u0085\u000b\f \ufeff";

    private static final int LONGEST_NAME = 256;
    private static final int MOST_LABELS = 16;
    private static final int MOST_TOPICS = 128;

    private Samples() {}

    static List<Emission> emissions() {
        List<Emission> all = new ArrayList<>();
        for (Event event : events()) {
            all.add(Emission.of(event));
        }
        Event event = Event.of("for topics");
        all.add(Emission.of(event, "topic"));
        all.add(Emission.of(event, "z", "a", "Z", "\u6f22 \ud83d\ude00", "https://example.com/{id}?a=b&c=d#e"));
        all.add(Emission.of(event, "t".repeat(LONGEST_NAME)));
        String[] most = new String[MOST_TOPICS];
        for (int i = 0; i < MOST_TOPICS; i++) {
            most[i] = "topic " + i;
        }
        all.add(Emission.of(event, most));
        return all;
    }

    private static List<Event> events() {
        List<Event> all = new ArrayList<>();
        for (String data : data()) {
            all.add(Event.of(data));
        }
        all.add(Event.of("tick", "a type"));
        all.add(Event.of(" two words ", "a type with spaces"));
        all.add(Event.of("message", "the type of events without one"));
        all.add(Event.ofReservedType("open", "a reserved type"));
        all.add(Event.ofReservedType("error", "a reserved type"));
        all.add(Event.of(TEXT.trim(), "a type of other letters"));
        all.add(Event.of("an id").withId("id-1"));
        all.add(Event.of("an id of other letters").withId("\u6f22:\ud83d\ude00, 'x' \"y\" {z}"));
        all.add(Event.of("the longest id").withId("i".repeat(LONGEST_NAME)));
        all.add(Event.of("an empty id").withEmptyId());
        all.add(Event.of("at once").withRetry(Duration.ZERO));
        all.add(Event.of("soon").withRetry(Duration.ofMillis(1)));
        all.add(Event.of("late").withRetry(Duration.ofDays(1)));
        all.add(Event.of("a key").withKey("\u00e9 key"));
        all.add(Event.of("the longest key").withKey("k".repeat(LONGEST_NAME)));
        all.add(Event.of("a removal").withKey("key").asRemoval());
        all.add(Event.of("a label without a value").withLabel("name", ""));
        Event labelled = Event.of("many labels");
        for (int i = 0; i < MOST_LABELS; i++) {
            labelled = labelled.withLabel("label " + i + " \u20ac", "value " + i + " \ud83d\ude00");
        }
        all.add(labelled);
        all.add(Event.of("tick", TEXT)
                .withId("all")
                .withRetry(Duration.ofSeconds(2))
                .withKey("key")
                .asRemoval()
                .withLabel("tenant", "a"));
        return all;
    }

    private static List<String> data() {
        return List.of(
                "",
                " ",
                "\n",
                "\r",
                "\r\n",
                "a\nb\rc\r\nd\n\ne\n",
                "  leading and trailing  ",
                "\0 and \u0001 and \u001b and \u007f",
                TEXT,
                "\"quoted\" \\back\\ 'single' {\"json\":[null]} <xml/> %25 $1 ? :name",
                "data: x\n\nid: 7\n\n",
                "x".repeat(64 << 10));
    }

    /** As {@code equals}, but says which property differs. */
    static void assertSame(Emission expected, Emission actual) {
        Event was = expected.event();
        Event is = actual.event();
        String what = "rule 2, the event \"" + brief(was.data()) + "\": ";
        assertEquals(was.type(), is.type(), what + "type");
        assertEquals(was.data(), is.data(), what + "data");
        assertEquals(was.id(), is.id(), what + "id");
        assertEquals(was.retry(), is.retry(), what + "retry");
        assertEquals(was.key(), is.key(), what + "key");
        assertEquals(was.isRemoval(), is.isRemoval(), what + "removal");
        assertEquals(was.labels(), is.labels(), what + "labels");
        assertEquals(expected.topics(), actual.topics(), what + "topics");
        assertEquals(expected, actual, what + "a property that is not known here");
    }

    private static String brief(String data) {
        StringBuilder brief = new StringBuilder();
        data.chars()
                .limit(20)
                .forEach(c -> brief.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", c) : (char) c));
        return brief.toString();
    }
}
