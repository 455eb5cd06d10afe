package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.Finding.Kind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event that comes twice is found")
class DuplicateTest extends SixEvents {

    @Test
    @DisplayName("in one connection")
    void inOneConnection() {
        fromTheBeginning("1", "2", "3", "2", "4");
        assertEquals("'2' (id ~2) was received again, after '3' (id ~3)", only(Kind.DUPLICATE, "c"));
    }

    @Test
    @DisplayName("where the client was resumed")
    void acrossAResume() {
        ClientRecorder client = fromTheBeginning("1", "2");
        comeBack(client, Outcome.RESUMED);
        receive(client, "2", "3");
        assertEquals("'2' (id ~2) was received again, after '2' (id ~2)", only(Kind.DUPLICATE, "c"));
    }

    @Test
    @DisplayName("where the client was resumed from an event that it has from elsewhere")
    void theEventItself() {
        ClientRecorder client = client("c", "t");
        client.connected(Outcome.RESUMED, id("2"));
        receive(client, "2", "3");
        assertEquals("'2' (id ~2) was received, and the stream starts after that", only(Kind.DUPLICATE, "c"));
    }

    @Test
    @DisplayName("after a gap in the middle of the stream")
    void afterAGapInTheMiddle() {
        ClientRecorder client = fromTheBeginning("1", "2", "3");
        client.gapTold("");
        receive(client, "3", "4");
        only(Kind.DUPLICATE, "c");
    }

    @Test
    @DisplayName("under two ids, at two clients")
    void underTwoIds() {
        ClientRecorder client = fromTheBeginning("1", "2");
        client.received("another", "3");
        assertEquals("'3' has two ids: ~3, and here another", only(Kind.DUPLICATE, "c"));
    }

    @Test
    @DisplayName("under two ids, at one client")
    void underTwoIdsAtOneClient() {
        ClientRecorder client = fromTheBeginning("1", "2", "3");
        client.received("another", "3");
        only(Kind.DUPLICATE, "c");
    }
}
