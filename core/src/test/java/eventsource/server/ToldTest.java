package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Places where an event could be missing and nobody say so. */
class ToldTest {

    private final List<String> heard = new ArrayList<>();

    private final StreamListener listener = new StreamListener() {
        @Override
        public void lagged(EventStream stream, long atMost) {
            heard.add("lagged");
        }

        @Override
        public void closed(EventStream stream, StreamEnd end) {
            heard.add("closed " + end);
        }
    };

    private static Event sized(String name, int size) {
        return Event.of(name + "." + "x".repeat(size));
    }

    private static List<String> names(Reader reader) {
        return reader.data().stream().map(data -> data.split("\\.", 2)[0]).toList();
    }

    @Test
    void whatAQuietTopicLosesIsToldThoughABusyOneHasLostLaterEvents() {
        EventSourceServer server = Servers.builder()
                .retainPerTopic(10)
                .retainBytes(200_000)
                .listener(listener)
                .build();
        for (int i = 1; i <= 3; i++) {
            server.emit(sized("quiet" + i, 50_000), "quiet");
        }
        for (int i = 1; i <= 20; i++) {
            server.emit(Event.of("busy" + i), "busy");
        }
        for (StreamRequest request : List.of(
                StreamRequest.of("busy", "quiet").fromEarliest(),
                StreamRequest.all().fromEarliest())) {
            Reader reader = Reader.asking(1);
            server.outSupply(request).subscribe(reader);
            server.emit(sized("large", 120_000), "other");
            for (int i = 0; i < 50; i++) {
                reader.subscription.request(1);
            }
            assertTrue(
                    names(reader).containsAll(List.of("quiet2", "quiet3")) || heard.contains("closed LAGGED"),
                    () -> "got " + names(reader) + " and heard " + heard);
        }
    }

    @Test
    void aSelectorsNewestPerKeyComeInOrderWhicheverTopicsHaveThem() {
        EventSourceServer server = Servers.builder().retainPerTopic(1).keys(100).build();
        server.emit(sized("quiet", 10).withKey("quiet"), "quiet");
        for (int i = 0; i < 5; i++) {
            server.emit(sized("busy" + i, 30_000).withKey("busy" + i), "busy");
        }
        Reader reader = Reader.of(server, StreamRequest.all().newestPerKeyFirst());
        assertEquals(List.of("quiet", "busy0", "busy1", "busy2", "busy3", "busy4"), names(reader));
    }

    @Test
    void aTopicIsNotForgottenWhileAnEventIsAddedToIt() {
        EventSourceServer server = Servers.builder().retainPerTopic(1).keys(1).build();
        server.emit(Event.of("b1").withKey("k"), "b");
        for (int i = 0; i < Feeds.MAX_VACANT + 500; i++) {
            server.emit(sized("x", 1_200), "t" + i); // most are trimmed, and their topics forgotten
        }
        String had = Servers.now(server.emit(Event.of("a1").withKey("ka"), "a"));
        server.emit(Event.of("ab").withKey("kab"), "a", "b");
        EventStream stream = Servers.now(server.open(StreamRequest.of("b").after(had)));
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        assertTrue(
                stream.resume().outcome() == Outcome.GAP || names(reader).equals(List.of("ab")),
                () -> stream.resume() + " was given " + names(reader));
    }

    @Test
    void aCursorAheadOfTheJournalIsBehindTheNextEpoch() {
        Journal journal = new Journal(EventSourceServerBuilder.DEFAULTS);
        Position first = new Position("one", 0);
        journal.restart(first);
        for (int i = 1; i <= 10; i++) {
            journal.follow(new Entry(first.at(i), Emission.of(Event.of("one"))));
        }
        long ahead = journal.reach(first.at(15));
        Position second = new Position("two", 0);
        journal.restart(second);
        for (int i = 1; i <= 10; i++) {
            journal.follow(new Entry(second.at(i), Emission.of(Event.of("two"))));
        }
        Run run = new Run(Representation.PLAIN);
        run.find(
                Objects.requireNonNull(journal.cursors().hold(StreamRequest.own())), ahead, null, journal.head(), null);
        assertTrue(run.lapped());
    }

    @Test
    void aFilteredStreamIsNotServedByKeysThatItMayNotBeSent() {
        EventSourceServer server = Servers.builder()
                .retainPerTopic(1)
                .keys(10)
                .lag(LagPolicy.NEWEST_PER_KEY)
                .listener(listener)
                .build();
        Reader reader = Reader.asking(1);
        server.outSupply(StreamRequest.own().where(labels -> "mine".equals(labels.get("for"))))
                .subscribe(reader);
        server.emit(Event.of("assigned").withKey("order").withLabel("for", "mine"));
        server.emit(Event.of("taken").withKey("order").withLabel("for", "other"));
        reader.subscription.request(1);
        assertEquals(List.of("closed LAGGED"), heard);
    }

    @Test
    @Tag("journal")
    void aFinishedServerSaysThatAClientMissedSomething() {
        EventSourceServer server = Servers.builder().retainBytes(1).build();
        String had = Servers.now(server.emit(Event.of("1"), "t"));
        server.emit(Event.of("2"), "t");
        server.emit(Event.of("3"), "other");
        server.finish();
        var open = server.open(StreamRequest.of("t").after(had)).toCompletableFuture();
        CompletionException failure = assertThrows(CompletionException.class, open::join);
        StreamRefusedException refused = (StreamRefusedException) Objects.requireNonNull(failure.getCause());
        assertEquals(StreamRefusedException.Reason.FINISHED, refused.reason());
        assertEquals(Outcome.GAP, refused.outcome());
    }

    @Test
    void aStreamThatFailsInItsTurnEndsAndCostsNoOther() {
        EventSourceServer server = Servers.builder().listener(listener).build();
        Reader other = Reader.of(server, StreamRequest.own());
        Error noMemory = new OutOfMemoryError("not really");
        Reader reader = Reader.of(server, StreamRequest.own().where(labels -> {
            throw noMemory;
        }));
        server.emit("1");
        assertEquals(List.of("1"), other.data());
        assertEquals(noMemory, reader.error);
        assertEquals(List.of("closed FAILED"), heard);
    }

    @Test
    void aStreamThatCannotBeDrainedEndsAndTheOthersOfItsLaneAreLookedAt() {
        EventSourceServer server = Servers.builder().listener(listener).build();
        StreamSet set = new StreamSet();
        List<JournalStream> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add((JournalStream) Servers.now(server.open(StreamRequest.own())));
            set.add(streams.get(i));
        }
        List<JournalStream> visited = new ArrayList<>();
        set.each(stream -> {
            if (stream == streams.get(1)) {
                throw new OutOfMemoryError("not really");
            }
            visited.add(stream);
        });
        assertEquals(List.of(streams.get(0), streams.get(2)), visited);
        assertEquals(List.of("closed FAILED"), heard);
        assertEquals(2, server.figures().streams());
    }
}
