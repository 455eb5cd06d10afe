package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Resume.Outcome;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.testkit.checker.Finding.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Found is")
class WrongEventTest {

    @Nested
    @DisplayName("an id")
    class TheIds extends SixEvents {

        @Test
        @DisplayName("that stands for two events")
        void reused() {
            ClientRecorder client = fromTheBeginning("1", "2");
            client.received(id("2"), "3");
            receive(client, "4");
            assertEquals("id ~2 stands for '2' and for '3'", only(Kind.REUSED_ID, "c"));
        }

        @Test
        @DisplayName("that two emitters were told")
        void toldTwice() {
            another.record("A", List.of("u"), CompletableFuture.completedFuture(id("2")));
            assertEquals("id ~2 stands for '2' and for 'A'", only(Kind.REUSED_ID, ""));
        }

        @Test
        @DisplayName("that stands for two events, and nothing that follows from taking it for one of them")
        void ambiguous() {
            another.record("A", List.of("t"), CompletableFuture.completedFuture(id("2")));
            emit(another, "B", "t");
            ClientRecorder client = client("c", "t");
            client.connected(Outcome.RESUMED, id("2"));
            receive(client, "B");
            only(Kind.REUSED_ID, "");
        }

        @Test
        @DisplayName("that is not the one the emitter was told")
        void wrong() {
            emit(another, "A", "u");
            live("c", "u").received("another", "A");
            assertEquals(
                    "'A' was received under the id another, and emitter node 2 was told ~A", only(Kind.WRONG_ID, "c"));
        }
    }

    @Nested
    @DisplayName("an event that nobody was to receive")
    class Strangers extends SixEvents {

        @Test
        @DisplayName("because it was refused")
        void refused() {
            emitInVain(emitter, new AppendRefusedException("full"), "7", "t");
            receive(fromTheBeginning("1", "2", "3", "4", "5", "6"), "7");
            assertEquals(
                    "'7' was received, and emitter node 1 was told that it is refused",
                    only(Kind.REFUSED_RECEIVED, "c"));
        }

        @Test
        @DisplayName("because the server had been stopped")
        void stopped() {
            emitInVain(emitter, new IllegalStateException("stopped"), "7", "t");
            receive(fromTheBeginning("1", "2", "3", "4", "5", "6"), "7");
            only(Kind.REFUSED_RECEIVED, "c");
        }

        @Test
        @DisplayName("because nobody has emitted it")
        void neverEmitted() {
            fromTheBeginning("1", "2", "what", "3");
            assertEquals("nobody has emitted 'what' (id ~what)", only(Kind.NEVER_EMITTED, "c"));
        }

        @Test
        @DisplayName("because it belongs to other topics")
        void wrongTopic() {
            emit(another, "A", "u", "v");
            fromTheBeginning("1", "A", "2");
            assertEquals("it did not ask for 'A' (id ~A)", only(Kind.WRONG_TOPIC, "c"));
            assertEquals(List.of("u", "v"), checker.findings().get(0).topics());
        }

        @Test
        @DisplayName("because it belongs to no topic")
        void ownStream() {
            emit(another, "A");
            fromTheBeginning("1", "A", "2");
            only(Kind.WRONG_TOPIC, "c");
        }
    }

    @Nested
    @DisplayName("a client that is told the wrong thing, because")
    class Told extends SixEvents {

        @Test
        @DisplayName("it came back and is told that its stream is live")
        void live() {
            comeBack(fromTheBeginning("1", "2"), Outcome.LIVE);
            assertEquals("it came back with the id ~2, and was told live", only(Kind.NOT_TOLD, "c"));
        }

        @Test
        @DisplayName("it brought no id and is told that it was resumed")
        void resumed() {
            client("c", "t").connected(Outcome.RESUMED, "");
            assertEquals("it brought no id, and was told resumed", only(Kind.NOT_TOLD, "c"));
        }

        @Test
        @DisplayName("a gap that the response head tells of does not come first in the stream")
        void late() {
            checker.gapEvent("gap");
            ClientRecorder client = fromTheBeginning("1", "2");
            comeBack(client, Outcome.GAP);
            receive(client, "5");
            client.gapTold(id("5"));
            receive(client, "6");
            assertEquals(
                    "the response head told it of a gap, and '5' came before the event that does so",
                    only(Kind.NOT_TOLD, "c"));
        }
    }
}
