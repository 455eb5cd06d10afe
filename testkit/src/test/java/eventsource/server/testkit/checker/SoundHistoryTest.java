package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import eventsource.server.Selector;
import eventsource.server.StreamRequest;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Nothing is found in a history that is as promised")
class SoundHistoryTest extends HistoryTest {

    private final EmitterRecorder one = checker.emitter("node 1");
    private final EmitterRecorder two = checker.emitter("node 2");

    @Test
    @DisplayName("of one client that receives everything")
    void everything() {
        ClientRecorder client = live("c");
        emit(one, "a");
        emit(one, "b");
        receive(client, "a", "b");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of clients of several topics, a selector, all topics and the server's own stream")
    void topics() {
        ClientRecorder news = live("news", "news");
        ClientRecorder both = live("both", "news", "chat");
        ClientRecorder own = live("own");
        ClientRecorder all = checker.client("all", StreamRequest.all());
        all.connected("live", "");
        ClientRecorder prefix = checker.client("prefix", StreamRequest.matching(Selector.prefix("ch")));
        prefix.connected("live", "");
        emit(one, "n1", "news");
        emit(two, "c1", "chat");
        emit(one, "o1");
        emit(two, "nc1", "news", "chat");
        receive(news, "n1", "nc1");
        receive(both, "c1", "n1", "nc1");
        receive(own, "o1");
        receive(all, "c1", "n1", "o1", "nc1");
        receive(prefix, "c1", "nc1");
        List.of(news, both, own, all, prefix).forEach(ClientRecorder::caughtUp);
        checker.check();
    }

    @Test
    @DisplayName("of a client that comes back to another node and is resumed, with and without an event in between")
    void resumed() {
        ClientRecorder client = live("c");
        for (String payload : List.of("a", "b", "c", "d")) {
            emit(one, payload);
        }
        receive(client, "a", "b");
        comeBack(client, Outcome.RESUMED);
        comeBack(client, Outcome.RESUMED);
        receive(client, "c");
        comeBack(client, Outcome.RESUMED);
        receive(client, "d");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a client that comes back with an id from further back, and is given again what came after that")
    void resumedFromFurtherBack() {
        ClientRecorder client = live("c");
        for (String payload : List.of("a", "b", "c")) {
            emit(one, payload);
        }
        receive(client, "a", "b");
        client.connected(Outcome.RESUMED, id("a"));
        receive(client, "b", "c");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a client that comes back with a place instead of an event")
    void resumedFromAPlace() {
        checker.openingEvent("opened").gapEvent("gap");
        emit(one, "before");
        ClientRecorder client = live("c");
        client.startsAfter(id("before"));
        comeBack(client, Outcome.RESUMED);
        emit(one, "a");
        emit(one, "b");
        comeBack(client, Outcome.GAP);
        client.gapTold(id("a"));
        comeBack(client, Outcome.RESUMED);
        receive(client, "b");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a client that joins late and sees nothing of before")
    void late() {
        emit(one, "a");
        emit(two, "b");
        ClientRecorder client = live("c");
        emit(one, "d");
        receive(client, "d");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a client that was not given the time to receive the newest")
    void notCaughtUp() {
        ClientRecorder client = live("c");
        emit(one, "a");
        emit(one, "b");
        receive(client, "a");
        checker.check();
    }

    @Test
    @DisplayName("of a client that had caught up before the newest was emitted")
    void caughtUpBefore() {
        ClientRecorder client = live("c");
        emit(one, "a");
        receive(client, "a");
        client.caughtUp();
        emit(one, "b");
        checker.check();
    }

    @Test
    @DisplayName("of a gap that was told when the client came back, with events that it had before")
    void gapWithRepetition() {
        ClientRecorder client = live("c");
        for (String payload : List.of("a", "b", "c", "d", "e")) {
            emit(one, payload);
        }
        receive(client, "a", "b");
        client.connected(Outcome.GAP, "unknown");
        receive(client, "b", "c", "d");
        comeBack(client, Outcome.GAP);
        receive(client, "e");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a gap that has taken more of a busy topic than of a quiet one, though that comes first")
    void gapByTopic() {
        ClientRecorder client = live("c", "busy", "quiet");
        emit(one, "q1", "quiet");
        emit(one, "b1", "busy");
        emit(one, "q2", "quiet");
        emit(one, "b2", "busy");
        emit(one, "both", "busy", "quiet");
        receive(client, "q1");
        comeBack(client, Outcome.GAP);
        client.gapTold(id("q1"));
        receive(client, "q2", "b2", "both");
        client.caughtUp();
        checker.check();
        ClientRecorder other = client("d", "busy", "quiet");
        other.connected(Outcome.GAP, "unknown");
        receive(other, "q1", "q2", "both");
        other.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of a gap that was told in the middle of a stream, or though nothing is missing")
    void gapInTheMiddle() {
        ClientRecorder client = live("c");
        for (String payload : List.of("a", "b", "c", "d", "e")) {
            emit(one, payload);
        }
        receive(client, "a", "b");
        client.gapTold(id("c"));
        receive(client, "d");
        client.gapTold(id("d"));
        receive(client, "e");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of emissions that were refused, or are unknown and received or not, by all or by nobody")
    void failures() {
        ClientRecorder client = live("c");
        ClientRecorder other = live("d");
        emit(one, "a");
        emitInVain(one, new AppendRefusedException("full"), "refused");
        emitInVain(one, new IllegalStateException("stopped"), "too late");
        emitInVain(one, new AppendUnknownException("no answer"), "stored");
        emitInVain(one, new AppendUnknownException("no answer"), "lost");
        one.record("pending", List.of(), new CompletableFuture<>());
        emit(one, "b");
        receive(client, "a", "stored", "pending", "b");
        receive(other, "a", "stored", "pending", "b");
        client.caughtUp();
        other.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of emissions that began, without being announced, before the client had connected")
    void begunBefore() {
        ClientRecorder client = live("c");
        // As far as anybody knows, this was emitted before the client had connected, and recorded afterwards.
        one.record("a", List.of(), CompletableFuture.completedFuture(id("a")));
        emit(one, "b");
        receive(client, "b");
        client.caughtUp();
        checker.check();
    }

    @Test
    @DisplayName("of two emitters whose order nobody but the log knows")
    void anyOrder() {
        ClientRecorder client = live("c");
        ClientRecorder other = live("d");
        emit(one, "a1");
        emit(two, "b1");
        emit(one, "a2");
        emit(two, "b2");
        receive(client, "b1", "a1", "a2", "b2");
        receive(other, "b1", "a1", "a2", "b2");
        client.caughtUp();
        other.caughtUp();
        checker.check();
    }
}
