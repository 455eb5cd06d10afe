package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The header Accept")
class AcceptTest {

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("HT-01 admits whatever includes an event stream")
    @ValueSource(
            strings = {
                "text/event-stream",
                "*/*",
                "",
                "  ",
                "text/event-stream, application/json;q=0.5",
                "text/*",
                "TEXT/Event-Stream",
                "application/json, */*;q=0.1",
                "text/event-stream;charset=utf-8",
                "text/event-stream; q=0.001",
                "text/event-stream;Q=1.000",
                "text/html,,text/event-stream",
                "*/*;q=0, text/event-stream",
                "text/*;q=0, text/event-stream;q=0.1",
            })
    void admitsEventStreams(String accept) {
        assertTrue(Accept.admitsEventStream(List.of(accept)), "the client takes event streams");
    }

    @Test
    @DisplayName("HT-01 may be missing, or stand on several lines")
    void isOptionalAndRepeatable() {
        assertTrue(Accept.admitsEventStream(List.of()));
        assertTrue(Accept.admitsEventStream(List.of("application/json", "text/event-stream")));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("HT-02 answers 406 to whoever takes no event stream")
    @ValueSource(
            strings = {
                "application/json",
                "text/html, application/xhtml+xml",
                "text/event-stream;q=0",
                "text/event-stream; q=0.000",
                "text/event-stream ; Q=0.",
                "*/*, text/event-stream;q=0",
                "text/*;q=0, */*",
                "*/*;q=0",
                "text/event-streams",
                "event-stream",
                ";",
            })
    void refusesWhatRulesStreamsOut(String accept) {
        try (var server = EventSourceServer.create()) {
            HttpAnswer.Whole answer = Ask.get().with("Accept", accept).wholeOf(HttpManners.of(server));
            assertEquals(406, answer.status());
            assertEquals("text/plain; charset=utf-8", answer.headers().get("Content-Type"));
        }
    }
}
