package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A stream that starts with events of the application's: the cursor first, then the question, then live. */
class SnapshotTest {

    private final List<StreamEnd> ends = new ArrayList<>();
    private final List<Resume> asked = new ArrayList<>();
    private final CompletableFuture<List<Event>> answer = new CompletableFuture<>();
    private final StreamRequest request = StreamRequest.own().snapshot(resume -> {
        asked.add(resume);
        return answer;
    });
    private final EventSourceServer server =
            options().openingEvent("hello").gapEvent("gap").build();

    private EventSourceServerBuilder options() {
        return Servers.builder().listener(new StreamListener() {
            @Override
            public void closed(EventStream stream, StreamEnd end) {
                ends.add(end);
            }
        });
    }

    private static List<Event> events(String... data) {
        return Arrays.stream(data).map(Event::of).toList();
    }

    private static List<String> ids(Reader reader) {
        return reader.parser.events().stream().map(ParsedEvent::lastEventId).toList();
    }

    private static List<String> types(Reader reader) {
        return reader.parser.events().stream().map(ParsedEvent::type).toList();
    }

    @Test
    void whatHappensWhileTheApplicationIsAskedComesAfterTheSnapshot() {
        server.emit("before");
        EventStream stream = Servers.now(server.open(request));
        assertEquals(List.of(), asked, "the body was not subscribed to");
        server.emit("between");
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        assertEquals(List.of(stream.resume()), asked);
        server.emit("during");
        assertEquals(List.of("hello"), types(reader));
        answer.complete(events("s1", "s2", "s3"));
        server.emit("after");
        assertEquals(
                List.of("s1", "s2", "s3", "between", "during", "after"),
                reader.data().subList(1, 7));
        assertEquals(1, asked.size());
    }

    @Test
    void onlyTheLastEventOfASnapshotHasAnId() {
        answer.complete(List.of(
                Event.of("s1").withId("mine"), Event.of("s2"), Event.of("s3").withId("other")));
        EventStream stream = Servers.now(server.open(request));
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        assertEquals(List.of("", "", "", stream.resume().from()), ids(reader));
        server.emit("x");
        StreamRequest again = StreamRequest.own().after(stream.resume().from());
        assertEquals(List.of("x"), Reader.of(server, again).data(), "whoever has that id has all of the snapshot");
    }

    @Test
    void aLargeSnapshotComesInElementsAndHasNoIdUntilItsEnd() {
        List<Event> large = IntStream.range(0, 100)
                .mapToObj(i -> Event.of(i + "x".repeat(3_000)))
                .toList();
        answer.complete(large);
        Reader reader = Reader.asking(1);
        server.outSupply(request).subscribe(reader);
        server.emit("live");
        while (reader.data().size() < 1 + large.size()) {
            assertEquals("", reader.parser.lastEventId());
            reader.subscription.request(1);
        }
        reader.subscription.request(1);
        assertEquals("live", reader.data().get(1 + large.size()));
        reader.elements.forEach(element -> assertTrue(element.length() <= Run.MAX_BYTES));
        assertTrue(reader.elements.size() > 5);
    }

    @Test
    void anEmptySnapshotIsJustTheStream() {
        Reader reader = Reader.of(server, request);
        server.emit("1");
        answer.complete(List.of());
        server.emit("2");
        assertEquals(List.of("1", "2"), reader.data().subList(1, 3));
    }

    @Test
    void aClientThatResumesCanDoWithoutASnapshotOrHaveOne() {
        String cursor = Servers.now(server.emit("0"));
        server.emit("1");
        Function<Resume, CompletionStage<List<Event>>> onlyIfNeeded = resume ->
                CompletableFuture.completedStage(resume.outcome() == Outcome.RESUMED ? List.of() : events("state"));
        StreamRequest own = StreamRequest.own();
        assertEquals(
                List.of("1"),
                Reader.of(server, own.snapshot(onlyIfNeeded).after(cursor)).data());
        answer.complete(events("state"));
        Reader reader = Reader.of(server, request.after(cursor));
        assertEquals(List.of("state", "1"), reader.data());
        assertEquals(cursor, ids(reader).get(0));
        assertEquals(new Resume(Outcome.RESUMED, cursor), asked.get(0));
    }

    @Test
    void afterAGapTheSnapshotReplacesWhatIsRetained() {
        server.emit("old");
        String last = Servers.now(server.emit("older than the snapshot"));
        Reader reader = Reader.of(server, request.after("unknown"));
        assertEquals(Outcome.GAP, asked.get(0).outcome());
        assertEquals(last, asked.get(0).from());
        server.emit("during");
        answer.complete(events("state"));
        server.emit("live");
        assertEquals(List.of("gap", "message", "message", "message"), types(reader));
        assertEquals(List.of("state", "during", "live"), reader.data().subList(1, 4));
        assertEquals(List.of("", last), ids(reader).subList(0, 2), "the gap alone is no place to come back to");
    }

    @Test
    void aSnapshotThatFailsEndsItsStreamOnly() {
        Reader healthy = Reader.of(server, StreamRequest.own());
        List<Function<Resume, CompletionStage<List<Event>>>> failing = List.of(
                resume -> {
                    throw new IllegalStateException("thrown on purpose");
                },
                resume -> CompletableFuture.failedStage(new IllegalStateException("failed on purpose")),
                resume -> null,
                resume -> CompletableFuture.completedStage(null),
                resume -> CompletableFuture.completedStage(Arrays.asList(Event.of("x"), null)));
        for (Function<Resume, CompletionStage<List<Event>>> source : failing) {
            Reader reader = Reader.of(server, StreamRequest.own().snapshot(source));
            assertNotNull(reader.error);
            assertEquals(List.of("hello"), types(reader));
        }
        answer.completeExceptionally(new IllegalStateException("failed on purpose"));
        Reader later = Reader.of(server, request);
        assertNotNull(later.error);
        assertEquals(
                failing.size() + 1,
                ends.stream().filter(StreamEnd.FAILED::equals).count());
        server.emit("x");
        assertEquals(List.of("x"), healthy.data().subList(1, 2));
        assertEquals(1, server.figures().streams());
    }

    @Test
    void aSourceThatFailsLaterEndsItsStream() {
        Reader reader = Reader.of(server, request);
        assertFalse(reader.hasEnded());
        answer.completeExceptionally(new IllegalStateException("failed on purpose"));
        assertNotNull(reader.error);
        assertEquals(List.of(StreamEnd.FAILED), ends);
    }

    @Test
    void anAnswerThatComesAfterTheEndGoesNowhere() {
        Reader reader = Reader.of(server, request);
        reader.subscription.cancel();
        answer.complete(events("late"));
        assertEquals(List.of(StreamEnd.CANCELLED), ends);
        assertEquals(1, reader.data().size());
    }

    @Test
    void whatIsTrimmedBehindASlowSnapshotIsNotMissedSilently() {
        EventSourceServer small = options().retainPerTopic(2).build();
        Reader reader = Reader.of(small, request);
        for (int i = 0; i < 5; i++) {
            small.emit("" + i);
        }
        answer.complete(events("state"));
        assertEquals(List.of("state"), reader.data());
        assertTrue(reader.completed);
        assertEquals(List.of(StreamEnd.LAGGED), ends);
    }

    @Test
    void aSnapshotAndTheNewestPerKeyCannotBothComeFirst() {
        EventSourceServer keyed = options().keys(5).build();
        Reader reader = Reader.of(keyed, request.newestPerKeyFirst());
        assertInstanceOf(IllegalArgumentException.class, reader.error);
        assertEquals(List.of(), asked);
    }

    @Test
    void aStreamThatWaitsForItsSnapshotCanBeEnded() {
        EventStream stream = Servers.now(server.open(request));
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        stream.end();
        assertTrue(reader.completed);
        assertEquals(List.of(StreamEnd.ENDED), ends);
    }
}
