package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.StreamRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Clients of a state that come after the end: they are given it once, and then stay away. */
class FinishedStateTest {

    private static void assertFinished(CompletionStage<EventStream> open) {
        CompletionException failure = assertThrows(CompletionException.class, () -> Servers.now(open));
        assertEquals(
                Reason.FINISHED,
                assertInstanceOf(StreamRefusedException.class, failure.getCause())
                        .reason());
    }

    @Test
    void theNewestPerKeyIsGivenOnce() {
        EventSourceServer server = Servers.builder().keys(10).build();
        server.emit(Event.of("1").withKey("a"));
        server.finish();
        StreamRequest request = StreamRequest.own().newestPerKeyFirst();
        Reader reader = Reader.of(server, request);
        assertEquals(List.of("1"), reader.data());
        assertTrue(reader.completed);
        assertFinished(server.open(request.after(reader.parser.lastEventId())));
    }

    @Test
    void aSnapshotIsGivenOnce() {
        EventSourceServer server = Servers.create();
        server.emit("before");
        server.finish();
        StreamRequest request =
                StreamRequest.own().snapshot(resume -> CompletableFuture.completedStage(List.of(Event.of("state"))));
        Reader reader = Reader.of(server, request);
        assertEquals(List.of("state"), reader.data());
        assertTrue(reader.completed);
        assertFinished(server.open(request.after(reader.parser.lastEventId())));
    }

    @Test
    void aStreamWhoseLagCannotBeMadeUpForIsOnlyClosed() {
        List<String> heard = new ArrayList<>();
        EventSourceServer server = Servers.builder()
                .keys(10)
                .lag(LagPolicy.NEWEST_PER_KEY)
                .retainPerTopic(1)
                .listener(new StreamListener() {
                    @Override
                    public void lagged(EventStream stream, long atMost) {
                        heard.add("lagged");
                    }

                    @Override
                    public void closed(EventStream stream, StreamEnd end) {
                        heard.add("closed " + end);
                    }
                })
                .build();
        Reader reader = Reader.asking(1);
        server.outSupply(StreamRequest.own()).subscribe(reader);
        server.emit("no key 1");
        server.emit("no key 2");
        reader.subscription.request(1);
        assertEquals(List.of("closed LAGGED"), heard);
        assertEquals(1, server.figures().lagged());
    }
}
