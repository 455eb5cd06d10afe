package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRefusedException;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that stops over some time: its clients are spread, and nobody can make it last longer. */
class StopOverTimeTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SteppedServer stepped =
            new SteppedServer(options -> options.keepalive(Duration.ZERO).stall(Duration.ofHours(1)));

    private CompletableFuture<Void> stop(Duration deadline) {
        return stepped.server.stop(deadline).toCompletableFuture();
    }

    @Test
    void streamsEndOneAfterTheOtherOverThreeQuartersOfTheTime() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            clients.add(stepped.eagerClient());
        }
        CompletableFuture<Void> stopped = stop(MINUTE);
        int before = 0;
        for (int part = 1; part <= 9; part++) {
            stepped.advanceMillis(5_000);
            int ended = stepped.endings.inOrder().size();
            assertTrue(ended - before > 8 && ended - before < 80, ended - before + " in part " + part);
            before = ended;
        }
        stepped.advanceMillis(100);
        assertTrue(stopped.isDone());
        assertTrue(stepped.endings.inOrder().stream().allMatch(StreamEnd.STOPPED::equals));
        assertEquals(300, stepped.endings.inOrder().size());
        clients.forEach(client -> {
            assertNull(client.error());
            client.assertNoFault();
        });
        stepped.assertNothingScheduled();
    }

    @Test
    void eachStreamIsSentWhatIsEmittedUntilItsEnd() {
        List<Client> clients = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        int[] emitted = {0};
        for (int i = 0; i < 50; i++) {
            Client client = stepped.eagerClient();
            clients.add(client);
            expected.add(-1);
            int at = i;
            client.ended.thenRun(() -> expected.set(at, emitted[0]));
        }
        CompletableFuture<Void> stopped = stop(MINUTE);
        while (!stopped.isDone()) {
            String event = Integer.toString(emitted[0]++);
            assertFalse(
                    stepped.server.emit(event).toCompletableFuture().isCompletedExceptionally(),
                    "events are accepted until the end");
            stepped.advanceMillis(100);
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    IntStream.range(0, expected.get(i))
                            .mapToObj(Integer::toString)
                            .toList(),
                    clients.get(i).data());
        }
        assertTrue(expected.stream().distinct().count() > 20, expected::toString);
        assertTrue(stepped.server.emit("late").toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void noStreamIsOpenedMeanwhile() {
        stepped.eagerClient();
        stop(MINUTE);
        var open = stepped.server.open(StreamRequest.own()).toCompletableFuture();
        Throwable refused = assertThrows(CompletionException.class, open::join).getCause();
        assertEquals(StreamRefusedException.Reason.STOPPED, ((StreamRefusedException) refused).reason());
        assertFalse(stepped.server.figures().ready());
    }

    @Test
    void aStreamThatOpensAtThatMomentIsSpreadWithTheOthers() {
        stepped.server.emit(Event.of("1"), "topic");
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        // Whoever asks about the topic: it has been looked whether the server stops, and now it does.
        EventStream stream =
                stepped.open(StreamRequest.matching(topic -> stopped.isEmpty() && stopped.add(stop(MINUTE)))
                        .fromEarliest());
        Client client = Client.eager().on(stream.body(), 1);
        stepped.advanceMillis(45_100);
        stepped.assertEnds(StreamEnd.STOPPED);
        assertNull(client.error());
        assertEquals(List.of("1"), client.data());
        assertTrue(stopped.get(0).isDone());
    }

    @Test
    void whoHasNotTakenEverythingAtTheDeadlineIsAborted() {
        Client behind = Client.idle().on(stepped.server, StreamRequest.own());
        Client silent = Client.idle().on(stepped.server, StreamRequest.of("topic"));
        Client inTime = Client.idle().on(stepped.server, StreamRequest.own());
        stepped.server.emit("1");
        CompletableFuture<Void> stopped = stop(MINUTE);
        stepped.advanceMillis(50_000);
        inTime.request(1);
        assertEquals(List.of("1"), inTime.data());
        inTime.request(1);
        assertTrue(inTime.hasEnded());
        assertNull(inTime.error());
        stepped.advanceMillis(9_999);
        assertFalse(behind.hasEnded() || silent.hasEnded() || stopped.isDone());
        stepped.advanceMillis(101);
        assertTrue(stopped.isDone());
        assertInstanceOf(TimeoutException.class, behind.error());
        assertInstanceOf(TimeoutException.class, silent.error());
        stepped.assertEnds(StreamEnd.STALLED, StreamEnd.STALLED, StreamEnd.STOPPED);
        assertEquals(2, stepped.server.figures().stalled());
        assertEquals(0, stepped.server.figures().streams());
        assertTrue(stepped.server.emit("late").toCompletableFuture().isCompletedExceptionally());
        stepped.assertNothingScheduled();
    }

    @Test
    void aStreamThatNobodyHasSubscribedToIsOverAtTheDeadline() {
        stepped.server.emit("1");
        stepped.open(StreamRequest.own().fromEarliest());
        CompletableFuture<Void> stopped = stop(MINUTE);
        stepped.advanceMillis(60_100);
        assertTrue(stopped.isDone());
        stepped.assertEnds(StreamEnd.STALLED);
    }

    @Test
    void aSnapshotThatNeverComesKeepsNoServerFromStoppingInTime() {
        Client client =
                Client.eager().on(stepped.server, StreamRequest.own().snapshot(resume -> new CompletableFuture<>()));
        CompletableFuture<Void> stopped = stop(MINUTE);
        stepped.advanceMillis(60_100);
        assertTrue(stopped.isDone());
        assertInstanceOf(TimeoutException.class, client.error());
    }

    @Test
    void noTimeStopsAndAbortsAtOnce() {
        Client eager = stepped.eagerClient();
        Client behind = Client.idle().on(stepped.server, StreamRequest.own());
        stepped.server.emit("1");
        CompletableFuture<Void> stopped = stop(Duration.ZERO);
        stepped.advanceMillis(100);
        assertTrue(stopped.isDone());
        assertEquals(List.of("1"), eager.data());
        assertNull(eager.error());
        assertInstanceOf(TimeoutException.class, behind.error());
    }

    @Test
    void aServerWithoutStreamsIsStoppedAtOnce() {
        assertTrue(stop(MINUTE).isDone());
        assertTrue(stepped.server.emit("late").toCompletableFuture().isCompletedExceptionally());
        stepped.assertNothingScheduled();
    }

    @Test
    void aStopAtOnceOvertakesOneOverTime() {
        List<Client> clients = List.of(stepped.eagerClient(), stepped.eagerClient());
        CompletableFuture<Void> slowly = stop(MINUTE);
        assertTrue(stepped.server.stop().toCompletableFuture().isDone());
        assertTrue(slowly.isDone());
        clients.forEach(client -> assertNull(client.error()));
        stepped.assertEnds(StreamEnd.STOPPED, StreamEnd.STOPPED);
        stepped.assertNothingScheduled();
    }

    @Test
    void suppliesGoOnUntilTheEnd() {
        SubmissionPublisher<Event> source = new SubmissionPublisher<>(Runnable::run, 10);
        stepped.server.supply(source);
        Client client = stepped.eagerClient();
        stop(MINUTE);
        source.submit(Event.of("1"));
        assertEquals(List.of("1"), client.data());
        assertTrue(source.hasSubscribers());
        stepped.advanceMillis(45_100);
        assertFalse(source.hasSubscribers());
    }

    @Test
    void aStreamThatWouldExpireBeforeEndsThen() {
        SteppedServer mortal = new SteppedServer(
                options -> options.keepalive(Duration.ZERO).lifetime(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        Client client = mortal.eagerClient();
        CompletableFuture<Void> stopped =
                mortal.server.stop(Duration.ofHours(10)).toCompletableFuture();
        mortal.advanceMillis(1_101);
        assertTrue(client.hasEnded() && stopped.isDone());
        mortal.assertEnds(StreamEnd.STOPPED);
    }
}
