package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.testkit.checker.Finding.Kind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A hole is found")
class HoleTest extends SixEvents {

    @Test
    @DisplayName("in the middle")
    void inTheMiddle() {
        fromTheBeginning("1", "2", "4", "5");
        assertEquals("'3' (id ~3) is missing after '2' (id ~2) and before '4' (id ~4)", only(Kind.HOLE, "c"));
    }

    @Test
    @DisplayName("of several events is one finding")
    void large() {
        fromTheBeginning("1", "6");
        assertEquals(
                "'2' (id ~2), '3' (id ~3), '4' (id ~4) and 1 more are missing after '1' (id ~1) and before '6' (id ~6)",
                only(Kind.HOLE, "c"));
    }

    @Test
    @DisplayName("after the client was resumed")
    void afterAResume() {
        ClientRecorder client = fromTheBeginning("1", "2");
        comeBack(client, Outcome.RESUMED);
        receive(client, "3", "5");
        assertEquals("'4' (id ~4) is missing after '3' (id ~3) and before '5' (id ~5)", only(Kind.HOLE, "c"));
    }

    @Test
    @DisplayName("right where the client was resumed: a silent gap")
    void whereItWasResumed() {
        ClientRecorder client = fromTheBeginning("1", "2");
        comeBack(client, Outcome.RESUMED);
        receive(client, "4", "5");
        assertEquals(
                "'3' (id ~3) is missing after '2' (id ~2), where it came back and was resumed, and before '4' (id ~4)",
                only(Kind.LOST_ON_RESUME, "c"));
    }

    @Test
    @DisplayName("right where the client was resumed from another id than its last")
    void whereItWasResumedFromFurtherBack() {
        ClientRecorder client = fromTheBeginning("1", "2", "3");
        client.connected(Outcome.RESUMED, id("2"));
        receive(client, "4", "5");
        assertEquals(
                "'3' (id ~3) is missing before its first event, where it came back and was resumed, and before '4' (id ~4)",
                only(Kind.LOST_ON_RESUME, "c"));
    }

    @Test
    @DisplayName("of one topic where the client was resumed and another topic came first")
    void ofAnotherTopicWhereItWasResumed() {
        emit(emitter, "7", "u");
        emit(emitter, "8", "v");
        emit(emitter, "9", "u");
        ClientRecorder client = client("c", "u", "v");
        client.connected(Outcome.RESUMED, "the beginning");
        receive(client, "7", "9");
        assertTrue(only(Kind.HOLE, "c").startsWith("'8'"));
    }

    @Test
    @DisplayName("at the end")
    void atTheEnd() {
        fromTheBeginning("1", "2", "3", "4").caughtUp();
        assertEquals(
                "'5' (id ~5), '6' (id ~6) are missing after '4' (id ~4) and it had caught up",
                only(Kind.MISSING_AT_END, "c"));
    }

    @Test
    @DisplayName("at the end, after a resume that brought nothing")
    void atTheEndAfterAResume() {
        ClientRecorder client = fromTheBeginning("1", "2", "3", "4", "5");
        comeBack(client, Outcome.RESUMED);
        client.caughtUp();
        only(Kind.MISSING_AT_END, "c");
    }

    @Test
    @DisplayName("at the end of a stream that brought nothing at all")
    void everything() {
        ClientRecorder client = live("c", "t");
        emit(emitter, "7", "t");
        client.caughtUp();
        only(Kind.MISSING_AT_END, "c");
    }

    @Test
    @DisplayName("between the place where a stream starts and its first event")
    void afterThePlace() {
        ClientRecorder client = live("c", "t");
        client.startsAfter(id("2"));
        receive(client, "4");
        only(Kind.HOLE, "c");
    }

    @Test
    @DisplayName("at the beginning of a stream, of an event that was emitted after the client had connected")
    void atTheBeginning() {
        ClientRecorder client = live("c", "t");
        emit(another, "A", "t");
        emit(emitter, "7", "t");
        emit(emitter, "8", "t");
        receive(client, "A", "8");
        client.caughtUp();
        assertTrue(checker.findings().stream()
                .anyMatch(finding -> finding.kind() == Kind.HOLE
                        && finding.client().equals("c")
                        && finding.text().startsWith("'7'")));
    }

    @Test
    @DisplayName("beside a gap that was told in the stream")
    void besideAToldGap() {
        ClientRecorder client = fromTheBeginning("1");
        client.gapTold(id("3"));
        receive(client, "5");
        assertEquals(
                "'4' (id ~4) is missing after a gap that it was told of and before '5' (id ~5)", only(Kind.HOLE, "c"));
    }

    @Test
    @DisplayName("before a gap that was told")
    void beforeAToldGap() {
        ClientRecorder client = fromTheBeginning("1", "3");
        comeBack(client, Outcome.GAP);
        receive(client, "5");
        only(Kind.HOLE, "c");
    }

    @Test
    @DisplayName("after a gap that was told")
    void afterAToldGap() {
        ClientRecorder client = fromTheBeginning("1");
        comeBack(client, Outcome.GAP);
        receive(client, "3", "5");
        only(Kind.HOLE, "c");
    }

    @Test
    @DisplayName("of an event that was stored and that nobody has received")
    void receivedByNobody() {
        ClientRecorder client = live("c", "u");
        emit(emitter, "7", "u");
        emit(emitter, "8", "u");
        emit(emitter, "9", "u");
        receive(client, "7", "9");
        assertTrue(only(Kind.HOLE, "c").startsWith("'8' (id ~8), which nobody has received, is missing"));
    }

    @Test
    @DisplayName("of an event whose outcome is unknown, and that another client has received")
    void unknownAndReceived() {
        emitInVain(emitter, new AppendUnknownException("no answer"), "7", "t");
        emit(emitter, "8", "t");
        receive(fromTheBeginning("1", "2", "3", "4", "5", "6"), "7", "8");
        ClientRecorder other = client("d", "t");
        other.connected(Outcome.RESUMED, id("6"));
        receive(other, "8");
        only(Kind.LOST_ON_RESUME, "d");
    }

    @Test
    @DisplayName("of an event of another emitter, whose place only other clients show")
    void ofAnotherEmitter() {
        emit(another, "A", "t");
        emit(emitter, "7", "t");
        receive(fromTheBeginning("1", "2", "3", "4", "5"), "6", "A", "7");
        ClientRecorder other = client("d", "t");
        other.connected(Outcome.RESUMED, id("5"));
        receive(other, "6", "7");
        assertTrue(only(Kind.HOLE, "d").startsWith("'A'"));
    }
}
