package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.StreamRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The story is over: what is retained is given, and then nobody comes back. */
class FinishTest {

    private static final StreamRequest OWN = StreamRequest.own();

    private final List<StreamEnd> ends = new ArrayList<>();
    private final StreamListener listener = new StreamListener() {
        @Override
        public void closed(EventStream stream, StreamEnd end) {
            ends.add(end);
        }
    };
    private final EventSourceServer server =
            Servers.builder().listener(listener).keys(10).build();

    private static Reason refusal(EventSourceServer by, StreamRequest request) {
        var open = by.open(request).toCompletableFuture();
        return assertInstanceOf(
                        StreamRefusedException.class,
                        assertThrows(CompletionException.class, open::join).getCause())
                .reason();
    }

    private static boolean isRefused(CompletableFuture<String> emission) {
        return emission.isCompletedExceptionally()
                && assertThrows(CompletionException.class, emission::join).getCause() instanceof IllegalStateException;
    }

    @Test
    void eachStreamIsSentEverythingAndThenEndsAsFinished() {
        Reader eager = Reader.of(server, OWN);
        Reader slow = Reader.asking(1);
        server.outSupply(OWN).subscribe(slow);
        server.emit("last");
        CompletableFuture<Void> finished = server.finish().toCompletableFuture();
        assertTrue(eager.completed);
        assertTrue(isRefused(server.emit("late").toCompletableFuture()));
        assertFalse(finished.isDone());
        slow.subscription.request(2);
        assertEquals(List.of("last"), slow.data());
        assertTrue(slow.completed);
        assertTrue(finished.isDone());
        assertEquals(List.of(StreamEnd.FINISHED, StreamEnd.FINISHED), ends);
        assertTrue(server.finish().toCompletableFuture().isDone(), "and finishing twice is the same as once");
    }

    @Test
    void whatIsRetainedIsGivenAndWhoHasItAllIsSentAway() {
        String first = Servers.now(server.emit("1"));
        String last = Servers.now(server.emit("2"));
        assertTrue(server.finish().toCompletableFuture().isDone(), "nobody is there");
        Reader behind = Reader.of(server, OWN.after(first));
        assertEquals(List.of("2"), behind.data());
        assertTrue(behind.completed);
        assertEquals(List.of("1", "2"), Reader.of(server, OWN.fromEarliest()).data());
        assertEquals(List.of("1", "2"), Reader.of(server, OWN.after("unknown")).data());
        assertEquals(Reason.FINISHED, refusal(server, OWN.after(last)));
        assertEquals(Reason.FINISHED, refusal(server, OWN));
        assertEquals(Reason.FINISHED, refusal(server, StreamRequest.of("other").after(first)));
        assertEquals(0, server.figures().streams());
    }

    @Test
    void aBrowserThatCannotBeToldToStayAwayIsToldToWaitForADay() {
        server.finish();
        Reader reader = Reader.of(server, OWN);
        assertEquals(":\nretry: 86400000\n", reader.text());
        assertTrue(reader.completed);
    }

    @Test
    @Tag("journal")
    void whoMissedSomethingIsToldOnceMore() {
        EventSourceServer telling =
                Servers.builder().gapEvent("gap").retainPerTopic(1).build();
        String first = Servers.now(telling.emit("1"));
        telling.emit("2");
        telling.emit("3");
        telling.finish();
        Reader reader = Reader.of(telling, OWN.after(first));
        assertEquals("gap", reader.parser.events().get(0).type());
        assertEquals("3", reader.data().get(1));
        assertEquals(Reason.FINISHED, refusal(telling, OWN.after(reader.parser.lastEventId())));
    }

    @Test
    void whoMissedSomethingOfWhichNothingIsLeftIsToldToo() {
        EventSourceServer telling = Servers.builder().gapEvent("gap").build();
        telling.finish();
        Reader reader = Reader.of(telling, OWN.after("unknown"));
        assertEquals("gap", reader.parser.events().get(0).type());
        assertTrue(reader.completed);
        assertEquals(Reason.FINISHED, refusal(telling, OWN.after(reader.parser.lastEventId())));
    }

    @Test
    void whoHasTheNewestOfEachKeyIsSentAway() {
        server.emit(Event.of("a1").withKey("a"));
        String last = Servers.now(server.emit(Event.of("a2").withKey("a")));
        server.finish();
        Reader fresh = Reader.of(server, OWN.newestPerKeyFirst());
        assertEquals(List.of("a2"), fresh.data());
        assertTrue(fresh.completed);
        assertEquals(Reason.FINISHED, refusal(server, OWN.newestPerKeyFirst().after(last)));
    }

    @Test
    void whoHasTheSnapshotIsSentAway() {
        server.emit("1");
        server.finish();
        StreamRequest request = OWN.snapshot(resume -> CompletableFuture.completedStage(List.of(Event.of("state"))));
        Reader fresh = Reader.of(server, request);
        assertEquals(List.of("state"), fresh.data());
        assertTrue(fresh.completed);
        assertEquals(Reason.FINISHED, refusal(server, request.after(fresh.parser.lastEventId())));
    }

    @Test
    void stopIsStillToCome() {
        String first = Servers.now(server.emit("1"));
        server.emit("2");
        server.finish();
        Reader open = Reader.asking(1);
        server.outSupply(OWN.after(first)).subscribe(open);
        var stopped = server.stop().toCompletableFuture();
        assertFalse(stopped.isDone());
        open.subscription.request(2);
        assertTrue(stopped.isDone());
        assertEquals(List.of("2"), open.data());
        assertEquals(List.of(StreamEnd.STOPPED), ends);
        assertEquals(Reason.STOPPED, refusal(server, OWN.after(first)));
        server.finish();
        assertEquals(Reason.STOPPED, refusal(server, OWN.after(first)), "what was stopped stays stopped");
        assertEquals(0, server.figures().retainedEvents());
    }
}
