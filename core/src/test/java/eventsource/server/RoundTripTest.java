package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is emitted is what the strict parser reads, whatever it is and however the bytes are cut. */
class RoundTripTest {

    private static final int STREAMS = 400;
    private static final int EVENTS = 250;

    /** Everything that has ever confused an encoder, and ordinary letters between. */
    private static final String[] PIECES = {
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        ":",
        ": ",
        " ",
        "  ",
        "data: x",
        "id: 9",
        "event: y",
        "retry: 1",
        "\u0000",
        "\t",
        "\u000B",
        "\f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\uFEFF",
        "\uFFFD",
        "e\u0301",
        "\u00E9",
        "\u6F22",
        "\uD83D\uDE00",
        "\uD83D\uDC69\u200D\uD83D\uDC67",
        "a",
        "b",
        "{\"k\":1}",
        "<x>"
    };

    @Test
    @DisplayName("WF-03, WF-05, WF-19, IN-03, IN-08: 100,000 random events, cut at random places")
    void whatIsEmittedIsWhatIsRead() {
        long seed = Long.getLong("seed", 20261122L);
        System.out.println("RoundTripTest: -Dseed=" + seed);
        for (int i = 0; i < STREAMS; i++) {
            oneStream(new Random(seed + i));
        }
    }

    private static void oneStream(Random random) {
        EventSourceServer server = Servers.create();
        Reader reader = Reader.asking(0);
        List<ParsedEvent> expected = new ArrayList<>();
        server.outSupply(StreamRequest.own()).subscribe(reader);
        for (int i = 0; i < EVENTS; i++) {
            Event event = event(random);
            String id = Servers.now(server.emit(event));
            expected.add(new ParsedEvent(event.type(), normalised(event.data()), id));
            reader.subscription.request(random.nextInt(3) == 0 ? 1 : 2);
        }
        reader.subscription.request(Long.MAX_VALUE);
        server.stop();
        assertEquals(List.of(), reader.parser.violations());
        assertEquals(expected, reader.parser.events());
        assertEquals(expected, readInPieces(reader, random));
    }

    private static List<ParsedEvent> readInPieces(Reader reader, Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        reader.buffers.forEach(buffer -> {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            all.writeBytes(bytes);
        });
        byte[] bytes = all.toByteArray();
        EventStreamParser parser = new EventStreamParser();
        int most = 1 + random.nextInt(40);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
            parser.feed(bytes, at, length);
            at += length;
        }
        return parser.events();
    }

    private static Event event(Random random) {
        String data = text(random, PIECES.length);
        Event event = random.nextInt(3) == 0 ? Event.of(data) : Event.of("t" + oneLine(random), data);
        return random.nextInt(4) == 0 ? event.withId("i" + oneLine(random).replaceAll("\\p{Cc}", "") + "i") : event;
    }

    /** Text that may stand in a type: the pieces without those that end a line. */
    private static String oneLine(Random random) {
        return text(random, PIECES.length).replaceAll("[\r\n\u0000]", "");
    }

    private static String text(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(random.nextInt(4) == 0 ? Character.toString(scalar(random)) : PIECES[random.nextInt(pieces)]);
        }
        return text.toString();
    }

    /** Any character but a surrogate. */
    private static int scalar(Random random) {
        int c = random.nextInt(0x110000);
        return c >= 0xD800 && c < 0xE000 ? 'x' : c;
    }

    private static String normalised(String data) {
        return data.replace("\r\n", "\n").replace('\r', '\n');
    }
}
