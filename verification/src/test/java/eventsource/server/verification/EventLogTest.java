package eventsource.server.verification;

import static eventsource.server.verification.LoggedServers.emit;
import static eventsource.server.verification.LoggedServers.numbers;
import static eventsource.server.verification.LoggedServers.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.testkit.log.AppendFault;
import eventsource.server.verification.LoggedServers.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server on an event log, whatever becomes of the log. */
class EventLogTest {

    private final LoggedServers servers = new LoggedServers();

    // --- appending and following ---

    @Test
    @DisplayName("RS-14: all servers on a log have the same events in the same order under the same ids")
    void allServersHaveTheSame() {
        Node one = servers.node();
        Node other = servers.node();
        Client first = one.client(StreamRequest.own());
        Client second = other.client(StreamRequest.own());
        String id = one.emit("a");
        other.emit("b");
        one.emit("c");
        servers.step();
        assertEquals(List.of("a", "b", "c"), first.data());
        assertEquals(first.events(), second.events());
        assertEquals(id, first.events().get(0).lastEventId());
        first.assertNoFault();
    }

    @Test
    @DisplayName("RS-14: a client goes on at another server, exactly after what it had")
    void clientsMove() {
        Node one = servers.node();
        Node other = servers.node();
        emit(one, 1, 10);
        Client client = one.client(StreamRequest.own().fromEarliest());
        client.cancel();
        emit(other, 11, 20);
        Client moved = other.client(StreamRequest.own().after(client.lastEventId()));
        assertEquals(numbers(11, 20), moved.data());
        emit(one, 21, 22);
        servers.step();
        assertEquals(numbers(11, 22), moved.data());
    }

    @Test
    void aClientFromAServerThatIsFurtherMissesAndRepeatsNothing() {
        Node fast = servers.node();
        Node slow = servers.node();
        slow.log.hold();
        emit(fast, 1, 5);
        Client client = fast.client(StreamRequest.own().fromEarliest());
        slow.log.release();
        EventStream moved = slow.open(StreamRequest.own().after(client.lastEventId()));
        assertEquals(Resume.Outcome.RESUMED, outcome(moved));
        Client reader = Client.eager();
        reader.on(moved.body(), 1);
        emit(fast, 6, 7);
        servers.step();
        assertEquals(numbers(6, 7), reader.data());
    }

    @Test
    @DisplayName("RS-08: a restart on the same log changes nothing for a client that comes back")
    void restarts() {
        Node before = servers.node();
        emit(before, 1, 9);
        Client client = before.client(StreamRequest.own().fromEarliest());
        before.server.stop();
        assertEquals(StreamEnd.STOPPED, servers.endings.inOrder().get(0));
        before.log.close();
        servers.log.append(Emission.of(Event.of("10")));
        Node after = servers.node();
        EventStream stream = after.open(StreamRequest.own().after(client.lastEventId()));
        assertEquals(Resume.Outcome.RESUMED, outcome(stream));
        Client back = Client.eager();
        back.on(stream.body(), 1);
        assertEquals(List.of("10"), back.data());
    }

    @Test
    void anEmitThatTheLogRefusesFailsAndNobodyGetsIt() {
        Node node = servers.node();
        Client client = node.client(StreamRequest.own());
        node.log.fail(AppendFault.REFUSED);
        CompletableFuture<String> refused = node.server.emit("no").toCompletableFuture();
        servers.step();
        assertInstanceOf(
                AppendRefusedException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
        node.emit("yes");
        servers.step();
        assertEquals(List.of("yes"), client.data());
    }

    @Test
    void anEmitWhoseAnswerIsLostIsUnknownAndComesOnce() {
        Node node = servers.node();
        Client client = node.client(StreamRequest.own());
        node.log.fail(AppendFault.ANSWER_LOST);
        CompletableFuture<String> unknown = node.server.emit("perhaps").toCompletableFuture();
        servers.step();
        assertInstanceOf(
                AppendUnknownException.class,
                assertThrows(CompletionException.class, unknown::join).getCause());
        assertEquals(List.of("perhaps"), client.data());
    }

    @Test
    void aTooLargeEventIsRejectedBeforeTheLogAndSkippedBehindIt() {
        Node node = servers.node(options -> options.maxEventBytes(100));
        Client client = node.client(StreamRequest.own());
        assertThrows(IllegalArgumentException.class, () -> node.server.emit("x".repeat(200)));
        servers.log.append(Emission.of(Event.of("y".repeat(200))));
        servers.log.append(Emission.of(Event.of("z")));
        servers.step();
        assertEquals(List.of("z"), client.data());
        assertEquals(1, node.server.figures().skipped());
    }

    // --- outages ---

    @Test
    @DisplayName("RS-08: another epoch of the log is a gap for everybody")
    void anotherEpochIsAGap() {
        Node node = servers.node(options -> options.gapEvent("gap"));
        Client client = node.client(StreamRequest.own());
        emit(node, 1, 3);
        servers.step();
        assertEquals(numbers(1, 3), client.data());
        servers.log.recreate();
        servers.step();
        assertEquals(List.of(StreamEnd.LAGGED), servers.endings.inOrder());
        node.emit("new");
        servers.step();
        EventStream back = node.open(StreamRequest.own().after(client.lastEventId()));
        assertEquals(Resume.Outcome.GAP, outcome(back));
        Client reader = Client.eager();
        reader.on(back.body(), 1);
        servers.step();
        assertEquals("new", reader.data().get(1));
        assertEquals(
                Resume.Outcome.RESUMED, outcome(node.open(StreamRequest.own().after(reader.lastEventId()))));
    }

    @Test
    void entriesThatWereTrimmedBeforeTheyCouldBeFollowedAreToldToEveryStream() {
        Node node = servers.node();
        Client client = node.client(StreamRequest.own());
        emit(node, 1, 2);
        node.log.disconnect(new IOException("cut"));
        servers.step();
        for (int i = 3; i <= 9; i++) {
            servers.log.append(Emission.of(Event.of(Integer.toString(i))));
        }
        servers.log.trim(servers.log.entries().get(5).position());
        node.log.reconnect();
        servers.step();
        assertEquals(List.of(StreamEnd.LAGGED), servers.endings.inOrder());
        assertEquals(numbers(1, 2), client.data());
    }

    @Test
    @DisplayName("OB-04: readiness follows the log")
    void readinessFollowsTheLog() {
        Node node = servers.started(options -> options, scripted -> {});
        assertFalse(node.server.figures().ready());
        servers.step();
        assertTrue(node.server.figures().ready());
        Client client = node.client(StreamRequest.own());
        node.log.disconnect(new IOException("cut"));
        servers.step();
        assertFalse(node.server.figures().ready());
        servers.log.append(Emission.of(Event.of("meanwhile")));
        node.log.reconnect();
        servers.step();
        assertTrue(node.server.figures().ready());
        assertEquals(List.of("meanwhile"), client.data());
        node.server.stop();
        assertFalse(node.server.figures().ready());
    }

    @Test
    void aServerWhoseLogIsNotThereYetWaitsForIt() {
        LoggedServers late = new LoggedServers();
        Node other = late.node();
        other.emit("before");
        Node node = late.started(options -> options, scripted -> scripted.failReads(2));
        CompletableFuture<EventStream> early =
                node.server.open(StreamRequest.own().fromEarliest()).toCompletableFuture();
        late.step();
        assertTrue(early.isCompletedExceptionally(), "whoever comes too early is refused, and comes back");
        late.advance(Duration.ofSeconds(2));
        late.advance(Duration.ofSeconds(2));
        assertTrue(node.server.figures().ready());
        assertEquals(
                List.of("before"),
                node.client(StreamRequest.own().fromEarliest()).data());
    }

    @Test
    void redeliveriesAndHolesChangeNothing() {
        Node node = servers.node();
        Client client = node.client(StreamRequest.own());
        emit(node, 1, 5);
        servers.log.skip(1_000);
        node.log.redeliver(5);
        emit(node, 6, 9);
        servers.step();
        assertEquals(numbers(1, 9), client.data());
    }

    // --- endings ---

    @Test
    void whatWasEmittedBeforeTheEndIsSentThoughTheLogHasItStill() {
        for (boolean finish : List.of(true, false)) {
            Node node = servers.node();
            Client client = node.client(StreamRequest.own());
            node.server.emit("last");
            CompletableFuture<Void> ended = (finish ? node.server.finish() : node.server.stop()).toCompletableFuture();
            assertTrue(node.server.emit("too late").toCompletableFuture().isCompletedExceptionally());
            servers.step();
            assertEquals(List.of("last"), client.data());
            assertTrue(ended.isDone());
        }
        assertEquals(List.of(StreamEnd.FINISHED, StreamEnd.STOPPED), servers.endings.inOrder());
    }

    @Test
    void aLogThatDoesNotAnswerDoesNotKeepTheServerFromEnding() {
        Node node = servers.node();
        node.client(StreamRequest.own());
        node.log.hold();
        node.server.emit("lost on the way");
        CompletableFuture<Void> ended = node.server.stop().toCompletableFuture();
        servers.step();
        assertFalse(ended.isDone());
        servers.advance(Duration.ofSeconds(11));
        assertTrue(ended.isDone());
    }

    // --- supplies ---

    @Test
    void aSupplyWaitsForALogThatDoesNotTakeItsEventsAndLosesNone() {
        Node node = servers.node();
        Client client = node.client(StreamRequest.own());
        List<String> settled = new ArrayList<>();
        try (SubmissionPublisher<String> queue = new SubmissionPublisher<>(Runnable::run, 16)) {
            node.server.supply(
                    queue,
                    item -> Emission.of(Event.of(item)),
                    (item, failure) -> settled.add(item + " " + (failure == null)));
            queue.submit("1");
            servers.step();
            node.log.fail(AppendFault.REFUSED);
            node.log.fail(AppendFault.REFUSED);
            queue.submit("2");
            queue.submit("3");
            servers.step();
            assertEquals(List.of("1 true"), settled);
            servers.advance(Duration.ofSeconds(10));
            assertEquals(List.of("1 true", "2 true", "3 true"), settled);
            assertEquals(numbers(1, 3), client.data());
        }
    }

    @Test
    void aSupplyThatIsCancelledWhileItWaitsSettlesWhatItHas() {
        Node node = servers.node();
        List<String> settled = new ArrayList<>();
        try (SubmissionPublisher<String> queue = new SubmissionPublisher<>(Runnable::run, 16)) {
            var supply = node.server.supply(
                    queue, item -> Emission.of(Event.of(item)), (item, failure) -> settled.add(item + " " + failure));
            node.log.fail(AppendFault.REFUSED);
            queue.submit("1");
            servers.step();
            supply.cancel();
            servers.advance(Duration.ofMinutes(1));
            assertEquals(1, settled.size());
            assertTrue(settled.get(0).startsWith("1 java.lang.IllegalStateException"), settled.get(0));
            assertEquals(List.of(), servers.log.entries());
        }
    }
}
