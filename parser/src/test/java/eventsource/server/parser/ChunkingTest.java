package eventsource.server.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The parser")
class ChunkingTest {
    private static final long SEED = 20_261_122L;
    private static final int STREAMS = 2_000;
    private static final String[] ALPHABET = {
        "\n",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\r\n\r\n",
        ":",
        " ",
        "data",
        "data: ",
        "\ndata: x\n",
        "\nevent: ",
        "id: ",
        "\nid",
        "\nretry: ",
        "7",
        "x",
        "\0",
        "message",
        "\u00EF\u00BB\u00BF",
        "\u00EF",
        "\u00BB",
        "\u00C3\u00BC",
        "\u00C3",
        "\u00F0\u009F",
        "\u0098\u0080",
        "\u00ED\u00A0"
    };

    private record Result(
            List<ParsedEvent> events,
            List<String> violations,
            String lastEventId,
            long retryMillis,
            int comments,
            boolean atBoundary) {
        static Result of(EventStreamParser parser) {
            return new Result(
                    parser.events(),
                    parser.violations(),
                    parser.lastEventId(),
                    parser.retryMillis().orElse(-1),
                    parser.comments(),
                    parser.atBoundary());
        }
    }

    private static byte[] randomStream(Random random) {
        StringBuilder stream = new StringBuilder();
        int parts = random.nextInt(120);
        for (int i = 0; i < parts; i++) {
            stream.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        byte[] bytes = new byte[stream.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) stream.charAt(i);
        }
        return bytes;
    }

    private static Result inRandomChunks(byte[] bytes, Random random) {
        EventStreamParser parser = new EventStreamParser();
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(bytes.length - from, random.nextInt(7));
            parser.feed(bytes, from, length);
            from += length;
        }
        parser.end();
        return Result.of(parser);
    }

    @Test
    @DisplayName("gives the same result however a random stream is cut into chunks")
    void chunkingDoesNotMatter() {
        System.out.println("ChunkingTest: seed " + SEED);
        Random random = new Random(SEED);
        List<ParsedEvent> all = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = randomStream(random);
            Result whole = Result.of(EventStreamParserTest.parse(bytes, Integer.MAX_VALUE));
            all.addAll(whole.events());
            String message = "seed " + SEED + ", stream " + i + ": " + Arrays.toString(bytes);
            assertEquals(whole, Result.of(EventStreamParserTest.parse(bytes, 1)), message);
            assertEquals(whole, inRandomChunks(bytes, random), message);
        }
        // Without enough events in the streams the comparison would show nothing.
        assertTrue(all.size() > STREAMS, () -> "only " + all.size() + " events");
    }

    @Test
    @DisplayName("agrees with a direct transcription of the standard on random streams")
    void agreesWithTranscription() {
        Random random = new Random(SEED + 1);
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = randomStream(random);
            EventStreamParser parser = EventStreamParserTest.parse(bytes, 3);
            Transcription expected = new Transcription(bytes);
            String message = "seed " + (SEED + 1) + ", stream " + i + ": " + Arrays.toString(bytes);
            assertEquals(expected.events, parser.events(), message);
            assertEquals(expected.lastEventId, parser.lastEventId(), message);
        }
    }
}
