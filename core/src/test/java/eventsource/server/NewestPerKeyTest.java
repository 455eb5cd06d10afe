package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a stream is given that starts with the newest of each key, and how long these are kept for it. */
class NewestPerKeyTest {

    private static final StreamRequest NEWEST = StreamRequest.own().newestPerKeyFirst();

    private final EventSourceServer server = Servers.builder().keys(100).build();
    private final EventSourceServer small = keeping(10);

    /** A server that trims each event with the next one of its topic. */
    private static EventSourceServer keeping(int keys) {
        return Servers.builder().keys(keys).retainPerTopic(1).gapEvent("gap").build();
    }

    /** Emits an event of a key, whose data begin with it: "a1". */
    private static String keyed(EventSourceServer to, String data, String... topics) {
        return Servers.now(to.emit(Event.of(data).withKey(data.substring(0, 1)), topics));
    }

    private static String removed(EventSourceServer to, String key, String... topics) {
        return Servers.now(to.emit(Event.of("-" + key).withKey(key).asRemoval(), topics));
    }

    /** What a client is sent at once. */
    private static List<String> given(EventSourceServer by, StreamRequest request) {
        Reader reader = Reader.of(by, request);
        List<String> data = List.copyOf(reader.data());
        reader.subscription.cancel();
        return data;
    }

    private static Outcome outcome(EventSourceServer by, StreamRequest request) {
        EventStream stream = Servers.now(by.open(request));
        stream.end();
        return stream.resume().outcome();
    }

    private static void assertResumes(EventSourceServer by, StreamRequest request, String... data) {
        assertEquals(Outcome.RESUMED, outcome(by, request));
        assertEquals(List.of(data), given(by, request));
    }

    @Test
    void aFreshClientIsGivenTheNewestOfEachKeyInTheirOrderAndThenEverything() {
        keyed(server, "a1");
        keyed(server, "b1");
        keyed(server, "a2");
        server.emit("x");
        keyed(server, "c1");
        Reader reader = Reader.of(server, NEWEST);
        assertEquals(List.of("b1", "a2", "c1"), reader.data());
        server.emit("y");
        keyed(server, "a3");
        keyed(server, "a4");
        removed(server, "b");
        assertEquals(List.of("b1", "a2", "c1", "y", "a3", "a4", "-b"), reader.data());
        assertEquals(Outcome.LIVE, outcome(server, NEWEST));
    }

    @Test
    void aKeyThatWasRemovedIsNotGivenUntilItIsThereAgain() {
        keyed(server, "a1");
        keyed(server, "b1");
        removed(server, "a");
        assertEquals(List.of("b1"), given(server, NEWEST));
        keyed(server, "a2");
        assertEquals(List.of("b1", "a2"), given(server, NEWEST));
    }

    @Test
    void aClientThatComesBackIsGivenTheNewestSinceAndWhatHasNoKey() {
        String cursor = keyed(server, "a1");
        keyed(server, "b1");
        server.emit("x");
        keyed(server, "b2");
        keyed(server, "a2");
        server.emit("y");
        keyed(server, "c1");
        removed(server, "b");
        assertResumes(server, NEWEST.after(cursor), "x", "a2", "y", "c1", "-b");
        assertResumes(server, StreamRequest.own().after(cursor), "b1", "x", "b2", "a2", "y", "c1", "-b");
    }

    @Test
    void theNewestPerKeyComesInsteadOfTheEarliest() {
        keyed(server, "a1");
        keyed(server, "a2");
        assertEquals(List.of("a2"), given(server, NEWEST.fromEarliest()));
    }

    @Test
    @Tag("journal")
    void theNewestOfEachKeyStaysBeyondRetention() {
        String a = keyed(small, "a1");
        String b = keyed(small, "b1");
        keyed(small, "c1");
        keyed(small, "b2");
        assertEquals(List.of("a1", "c1", "b2"), given(small, NEWEST));
        assertResumes(small, NEWEST.after(a), "c1", "b2");
        assertResumes(small, NEWEST.after(b), "c1", "b2");
        assertEquals(List.of("b2"), given(small, StreamRequest.own().fromEarliest()), "only for those who want it");
        assertEquals(Outcome.GAP, outcome(small, StreamRequest.own().after(a)));
    }

    @Test
    void aPinIsLetGoWithTheNextEventOfItsKey() {
        keyed(small, "a1");
        keyed(small, "b1");
        assertEquals(2, small.figures().retainedEvents());
        keyed(small, "a2");
        keyed(small, "b2");
        assertEquals(2, small.figures().retainedEvents());
        assertEquals(List.of("a2", "b2"), given(small, NEWEST));
        removed(small, "a");
        keyed(small, "b3");
        assertEquals(List.of("b3"), given(small, NEWEST));
        assertEquals(1, small.figures().retainedEvents());
    }

    @Test
    @Tag("journal")
    void whatHasNoKeyIsMissedOnceItIsTrimmed() {
        String a = keyed(small, "a1");
        String x = Servers.now(small.emit("x"));
        keyed(small, "b1");
        assertResumes(small, NEWEST.after(x), "b1");
        Reader told = Reader.of(small, NEWEST.after(a));
        assertEquals("gap", told.parser.events().get(0).type());
        small.emit("y");
        assertEquals(List.of("a1", "b1", "y"), told.data().subList(1, 4), "the whole state, then everything");
        Reader live = Reader.of(small, NEWEST.after(a).onGap(GapStart.LIVE));
        keyed(small, "a2");
        assertEquals(List.of("a1", "b1", "a2"), live.data().subList(1, 4), "no event of before but the state");
    }

    @Test
    @Tag("journal")
    void aRemovalIsMissedOnceItIsTrimmed() {
        String b = keyed(small, "b1");
        keyed(small, "a1");
        String removal = removed(small, "b");
        assertResumes(small, NEWEST.after(b), "a1", "-b");
        keyed(small, "c1");
        assertEquals(Outcome.GAP, outcome(small, NEWEST.after(b)));
        assertResumes(small, NEWEST.after(removal), "c1");
        assertEquals(List.of("a1", "c1"), given(small, NEWEST));
    }

    @Test
    @Tag("journal")
    void onlySoManyAreKeptAndWhoMayNeedTheOthersIsTold() {
        EventSourceServer two = keeping(2);
        String before = Servers.now(two.open(StreamRequest.own())).resume().from();
        String a = keyed(two, "a1");
        keyed(two, "b1");
        keyed(two, "c1");
        assertResumes(two, NEWEST.after(before), "a1", "b1", "c1");
        keyed(two, "d1");
        assertEquals(List.of("b1", "c1", "d1"), given(two, NEWEST));
        assertResumes(two, NEWEST.after(a), "b1", "c1", "d1");
        assertEquals(Outcome.GAP, outcome(two, NEWEST.after(before)));
        assertEquals(3, two.figures().retainedEvents());
    }

    @Test
    void whatIsKeptTakesNoMoreThanWhatIsRetained() {
        EventSourceServer tight =
                Servers.builder().keys(1_000).retainBytes(10_000).build();
        for (int i = 0; i < 100; i++) {
            tight.emit(Event.of(i + "x".repeat(1_000)).withKey("k" + i));
            assertTrue(tight.figures().retainedBytes() <= 20_000, () -> "" + tight.figures());
        }
        List<String> kept = given(tight, NEWEST);
        assertTrue(kept.size() >= 14 && kept.size() <= 18, () -> kept.size() + " events");
        assertTrue(kept.get(kept.size() - 1).startsWith("99x"), "the newest are kept");
        assertTrue(kept.get(0).startsWith((100 - kept.size()) + "x"), "and no older one instead of a newer one");
    }

    @Test
    void equalKeysOfSeveralTopicsAreApartAndForSelectorsOne() {
        StreamRequest both = StreamRequest.of("p", "q").newestPerKeyFirst();
        String a = keyed(server, "a1", "p");
        keyed(server, "a2", "q");
        keyed(server, "b1", "p", "q");
        keyed(server, "b2", "p");
        assertEquals(List.of("a1", "a2", "b1", "b2"), given(server, both), "b1 is the newest of q");
        StreamRequest selected = StreamRequest.matching(Selector.prefix("p"), Selector.prefix("q"))
                .newestPerKeyFirst();
        assertEquals(given(server, both), given(server, selected));
        StreamRequest every = StreamRequest.matching(topic -> true).newestPerKeyFirst();
        assertEquals(List.of("a2", "b2"), given(server, every));
        assertResumes(server, every.after(a), "a2", "b2");
    }

    @Test
    void aSelectorThatComesLaterHasTheNewestThatWereTrimmedBefore() {
        String first = keyed(small, "a1", "p");
        keyed(small, "b1", "p");
        keyed(small, "c1", "q");
        keyed(small, "b2", "q");
        keyed(small, "d1", "r");
        StreamRequest every = StreamRequest.all().newestPerKeyFirst();
        Reader reader = Reader.of(small, every);
        assertEquals(List.of("a1", "c1", "b2", "d1"), reader.data());
        keyed(small, "c2", "p");
        assertEquals(List.of("a1", "b2", "d1", "c2"), given(small, every));
        assertResumes(small, every.after(first), "b2", "d1", "c2");
    }

    @Test
    void aLargeStateComesInSeveralElementsWithoutAHole() {
        String large = "x".repeat(5_000);
        for (int i = 0; i < 100; i++) {
            server.emit(Event.of(i + large).withKey("k" + i), i % 2 == 0 ? "p" : "q");
        }
        Reader reader = Reader.asking(2);
        server.outSupply(StreamRequest.of("p", "q").newestPerKeyFirst()).subscribe(reader);
        int first = reader.data().size();
        assertTrue(first > 5 && first < 20, () -> first + " in the first element");
        keyed(server, "live", "p");
        server.emit(Event.of("new 99").withKey("k99"), "q");
        server.emit(Event.of("new 0").withKey("k0"), "p");
        reader.subscription.request(100);
        List<String> expected =
                new ArrayList<>(IntStream.range(0, 99).mapToObj(i -> i + large).toList());
        expected.addAll(List.of("live", "new 99", "new 0"));
        assertEquals(expected, reader.data());
        reader.elements.forEach(element -> assertTrue(element.length() <= Run.MAX_BYTES));
    }

    @Test
    void aClientThatIsCutOffInAStateGoesOnInIt() {
        String large = "x".repeat(5_000);
        for (int i = 0; i < 100; i++) {
            small.emit(Event.of(i + large).withKey("k" + i).withId("e" + i));
        }
        EventSourceServer many = keeping(100);
        for (int i = 0; i < 100; i++) {
            many.emit(Event.of(i + large).withKey("k" + i));
        }
        Reader cut = Reader.asking(3);
        many.outSupply(NEWEST).subscribe(cut);
        cut.subscription.cancel();
        List<String> both = new ArrayList<>(cut.data());
        StreamRequest again = NEWEST.after(cut.parser.lastEventId());
        assertEquals(Outcome.RESUMED, outcome(many, again));
        both.addAll(given(many, again));
        assertEquals(IntStream.range(0, 100).mapToObj(i -> i + large).toList(), both);
    }

    @Test
    void withoutKeysThereIsNoNewest() {
        EventSourceServer none = Servers.create();
        none.emit(Event.of("x").withKey("k"));
        var open = none.open(NEWEST).toCompletableFuture();
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, open::join).getCause());
        Reader reader = Reader.eager();
        none.outSupply(NEWEST).subscribe(reader);
        assertInstanceOf(IllegalStateException.class, reader.error, "a publisher tells its subscriber, not its caller");
        assertEquals(0, none.figures().streams());
        assertThrows(IllegalArgumentException.class, () -> Servers.builder().keys(-1));
        assertThrows(IllegalStateException.class, () -> Event.of("x").asRemoval());
    }
}
