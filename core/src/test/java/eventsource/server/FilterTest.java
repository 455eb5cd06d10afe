package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import eventsource.server.Resume.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link StreamRequest#where} leaves out, and what that costs. */
class FilterTest {

    private final List<StreamEnd> ends = new ArrayList<>();
    private final EventSourceServer server = Servers.builder()
            .keys(10)
            .listener(new StreamListener() {
                @Override
                public void closed(EventStream stream, StreamEnd end) {
                    ends.add(end);
                }
            })
            .build();

    private static boolean isAnns(Map<String, String> labels) {
        return "ann".equals(labels.get("user"));
    }

    private static Event to(String user, String data) {
        return Event.of(data).withLabel("user", user);
    }

    @Test
    void aStreamHasOnlyWhatItsFilterWants() {
        server.emit(to("ann", "0"));
        Reader ann = Reader.of(server, StreamRequest.own().fromEarliest().where(FilterTest::isAnns));
        Reader unlabelled = Reader.of(server, StreamRequest.own().where(Map::isEmpty));
        Reader all = Reader.of(server, StreamRequest.own());
        server.emit(to("bob", "1"));
        server.emit(to("ann", "2"));
        server.emit("3");
        assertEquals(List.of("0", "2"), ann.data());
        assertEquals(List.of("3"), unlabelled.data());
        assertEquals(List.of("1", "2", "3"), all.data());
        assertFalse(all.text().contains("bob"), "labels are not sent");
    }

    @Test
    void filtersAtTheSamePlaceDoNotSeeEachOthersEvents() {
        StreamRequest own = StreamRequest.own();
        Reader[] readers = {
            Reader.of(server, own.where(FilterTest::isAnns)),
            Reader.of(server, own.where(labels -> !isAnns(labels))),
            Reader.of(server, own),
            Reader.of(server, own.where(FilterTest::isAnns)),
        };
        server.emit(to("ann", "a"));
        server.emit(to("bob", "b"));
        assertEquals(List.of("a"), readers[0].data());
        assertEquals(List.of("b"), readers[1].data());
        assertEquals(List.of("a", "b"), readers[2].data());
        assertEquals(List.of("a"), readers[3].data());
    }

    @Test
    void streamsWithTheSameFilterShareTheWork() {
        List<Map<String, String>> asked = new ArrayList<>();
        StreamRequest request = StreamRequest.own().where(labels -> asked.add(labels));
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(Reader.of(server, request));
        }
        server.emit(to("ann", "x"));
        assertEquals(List.of(Map.of("user", "ann")), asked);
        readers.forEach(reader -> assertEquals(List.of("x"), reader.data()));
    }

    @Test
    void theLastFilterCounts() {
        Reader reader =
                Reader.of(server, StreamRequest.own().where(labels -> false).where(FilterTest::isAnns));
        server.emit(to("ann", "x"));
        assertEquals(List.of("x"), reader.data());
    }

    @Test
    void aClientResumesAmongWhatItsFilterWants() {
        String cursor = Servers.now(server.emit(to("ann", "0")));
        server.emit(to("bob", "1"));
        server.emit(to("ann", "2"));
        server.emit(to("bob", "3"));
        EventStream stream = Servers.now(
                server.open(StreamRequest.own().where(FilterTest::isAnns).after(cursor)));
        assertEquals(Outcome.RESUMED, stream.resume().outcome());
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        assertEquals(0, stream.lag(), "what was left out is not waited for");
        server.emit(to("ann", "4"));
        assertEquals(List.of("2", "4"), reader.data());
        assertEquals(3, reader.elements.size(), "nothing is sent for what was left out");
    }

    @Test
    void whatIsLeftOutMakesNobodyLag() {
        EventSourceServer small = Servers.builder().retainPerTopic(2).build();
        Reader reader = Reader.of(small, StreamRequest.own().where(FilterTest::isAnns));
        for (int i = 0; i < 100; i++) {
            small.emit(to("bob", "" + i));
        }
        small.emit(to("ann", "x"));
        assertFalse(reader.hasEnded());
        assertEquals(List.of("x"), reader.data());
    }

    @Test
    void manyElementsAreFilteredWhole() {
        String large = "x".repeat(30_000);
        for (int i = 0; i < 20; i++) {
            server.emit(to(i % 2 == 0 ? "ann" : "bob", i + large));
        }
        server.emit(to("bob", "y".repeat(200_000)));
        server.emit(to("ann", "last"));
        Reader reader = Reader.of(server, StreamRequest.own().fromEarliest().where(FilterTest::isAnns));
        assertEquals(11, reader.data().size());
        assertEquals("last", reader.data().get(10));
        reader.elements.forEach(element -> assertFalse(element.length() > Run.MAX_BYTES));
    }

    @Test
    void aFilterThatThrowsEndsItsStreamOnly() {
        RuntimeException thrown = new IllegalStateException("thrown on purpose");
        Reader healthy = Reader.of(server, StreamRequest.own());
        Reader broken = Reader.of(server, StreamRequest.own().where(labels -> {
            if (isAnns(labels)) {
                throw thrown;
            }
            return true;
        }));
        server.emit(to("bob", "1"));
        assertEquals(List.of("1"), broken.data());
        server.emit(to("ann", "2"));
        server.emit(to("bob", "3"));
        assertSame(thrown, broken.error);
        assertEquals(List.of("1"), broken.data());
        assertEquals(List.of(StreamEnd.FAILED), ends);
        assertEquals(List.of("1", "2", "3"), healthy.data());
    }

    @Test
    void aFilterThatThrowsForTheNewestPerKeyEndsItsStreamToo() {
        server.emit(to("ann", "1").withKey("k"));
        Error thrown = new AssertionError("thrown on purpose");
        Reader broken =
                Reader.of(server, StreamRequest.own().newestPerKeyFirst().where(labels -> {
                    throw thrown;
                }));
        assertSame(thrown, broken.error);
        assertEquals(List.of(), broken.data());
        assertEquals(List.of(StreamEnd.FAILED), ends);
    }

    @Test
    void theNewestPerKeyIsFilteredToo() {
        server.emit(to("ann", "1").withKey("a"));
        server.emit(to("bob", "2").withKey("b"));
        Reader reader =
                Reader.of(server, StreamRequest.own().newestPerKeyFirst().where(FilterTest::isAnns));
        server.emit(to("bob", "3").withKey("a"));
        server.emit(to("ann", "4").withKey("b"));
        assertEquals(List.of("1", "4"), reader.data());
    }
}
