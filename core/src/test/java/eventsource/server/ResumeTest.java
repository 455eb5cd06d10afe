package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {

    private final EventSourceServer server = Servers.builder().gapEvent("gap").build();

    private static List<String> emit(EventSourceServer server, int from, int to, String... topics) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(Servers.now(server.emit(Event.of("" + i), topics)));
        }
        return ids;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static Reader read(EventStream stream) {
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        return reader;
    }

    private EventStream open(StreamRequest request) {
        return Servers.now(server.open(request));
    }

    @Test
    @DisplayName("RS-01: a client that returns gets everything after its id, then live")
    void resumesAfterAnyEvent() {
        List<String> ids = emit(server, 0, 50);
        for (int last = 0; last < 50; last++) {
            EventStream stream = open(StreamRequest.own().after(ids.get(last)));
            assertEquals(Outcome.RESUMED, stream.resume().outcome());
            assertEquals("resumed", stream.headers().get("EventSource-Resume"));
            assertEquals(numbers(last + 1, 50), read(stream).data());
        }
        Reader live = read(open(StreamRequest.own().after(ids.get(49))));
        server.emit("50");
        assertEquals(List.of("50"), live.data());
    }

    @Test
    void withoutAnIdAStreamIsLive() {
        emit(server, 0, 3);
        EventStream stream = open(StreamRequest.own());
        assertEquals(Outcome.LIVE, stream.resume().outcome());
        Reader reader = read(stream);
        emit(server, 3, 5);
        assertEquals(numbers(3, 5), reader.data());
        assertFalse(reader.text().contains("event: gap"));
    }

    @Test
    void fromEarliestGivesWhatIsRetained() {
        emit(server, 0, 3);
        EventStream stream = open(StreamRequest.own().fromEarliest());
        assertEquals(Outcome.LIVE, stream.resume().outcome());
        assertEquals(numbers(0, 3), read(stream).data());
    }

    @ParameterizedTest
    @DisplayName("RS-04, RS-08: what is unknown, foreign, cut or hostile is a gap, told first")
    @ValueSource(strings = {"nonsense", "~", "~zzzz-1", "\u0000", "\"}\n\ndata: x", "\uD800", "9999999999999999999"})
    void whatProvesNothingIsAGap(String id) {
        emit(server, 0, 3);
        EventStream stream = open(StreamRequest.own().after(id));
        assertEquals(Outcome.GAP, stream.resume().outcome());
        assertEquals("gap", stream.headers().get("EventSource-Resume"));
        Reader reader = read(stream);
        ParsedEvent first = reader.parser.events().get(0);
        assertEquals("gap", first.type());
        assertEquals(stream.resume().from(), first.lastEventId());
        assertTrue(first.data().endsWith("\"from\":\"" + stream.resume().from() + "\"}"), first.data());
        assertEquals(numbers(0, 3), reader.data().subList(1, 4));
        assertEquals(List.of(), reader.parser.violations());
    }

    @Test
    @DisplayName("RS-04: an id of ours that was not given out yet proves nothing")
    void theFutureIsAGap() {
        String last = emit(server, 0, 2).get(1);
        String next = last.substring(0, last.length() - 1) + "3";
        assertEquals(Outcome.GAP, open(StreamRequest.own().after(next)).resume().outcome());
    }

    @Test
    @DisplayName("RS-04: 10 KiB of id are cut where they are repeated")
    void aLongIdIsNotRepeated() {
        Reader reader = read(open(StreamRequest.own().after("x".repeat(10_000))));
        assertTrue(reader.text().length() < 500, reader.text());
    }

    @Test
    void theGapEventSaysWhatWasAskedFor() {
        String id = emit(server, 0, 1).get(0);
        Reader reader = read(open(StreamRequest.own().after("a\"b\\c\u00E9")));
        String from = id.substring(0, id.length() - 1) + "0";
        assertEquals(
                "{\"after\":\"a\\\"b\\\\c\\u00e9\",\"from\":\"" + from + "\"}",
                reader.data().get(0));
    }

    @Test
    void theIdOfTheGapEventIsAPlaceToComeBackTo() {
        emit(server, 0, 4);
        ParsedEvent gap =
                read(open(StreamRequest.own().after("x"))).parser.events().get(0);
        EventStream again = open(StreamRequest.own().after(gap.lastEventId()));
        assertEquals(Outcome.RESUMED, again.resume().outcome());
        assertEquals(numbers(0, 4), read(again).data());
    }

    @Test
    @DisplayName("RS-03: a cursor older than retention is told, and starts at the oldest retained event")
    @Tag("journal")
    void evictedIsAGap() {
        EventSourceServer small =
                Servers.builder().retainPerTopic(10).gapEvent("gap").build();
        List<String> ids = emit(small, 0, 100);
        EventStream stream = Servers.now(small.open(StreamRequest.own().after(ids.get(50))));
        assertEquals(Outcome.GAP, stream.resume().outcome());
        assertEquals(ids.get(89), stream.resume().from(), "the id before the first event that follows");
        assertEquals(numbers(90, 100), read(stream).data().subList(1, 11));
        EventStream edge = Servers.now(small.open(StreamRequest.own().after(ids.get(89))));
        assertEquals(Outcome.RESUMED, edge.resume().outcome());
        assertEquals(numbers(90, 100), read(edge).data());
    }

    @Test
    void aGapCanStartLive() {
        emit(server, 0, 3);
        EventStream stream = open(StreamRequest.own().after("x").onGap(GapStart.LIVE));
        assertEquals(Outcome.GAP, stream.resume().outcome());
        Reader reader = read(stream);
        server.emit("3");
        assertEquals(List.of("3"), reader.data().subList(1, 2));
    }

    @Test
    @DisplayName("RS-08: after a restart an id of before proves nothing")
    void anotherLifeIsAGap() {
        String id = emit(server, 0, 5).get(2);
        EventSourceServer restarted = Servers.create();
        emit(restarted, 0, 5);
        EventStream stream = Servers.now(restarted.open(StreamRequest.own().after(id)));
        assertEquals(Outcome.GAP, stream.resume().outcome());
        assertEquals(numbers(0, 5), read(stream).data());
    }

    @Test
    void aCallersIdLeadsBackToItsFirstEvent() {
        server.emit(Event.of("0").withId("a"));
        server.emit(Event.of("1").withId("b"));
        server.emit(Event.of("2").withId("a"));
        server.emit(Event.of("3"));
        assertEquals(numbers(1, 4), read(open(StreamRequest.own().after("a"))).data());
        assertEquals(numbers(2, 4), read(open(StreamRequest.own().after("b"))).data());
    }

    @Test
    @Tag("journal")
    void aCallersIdIsForgottenWithItsEvent() {
        EventSourceServer small = Servers.builder().retainPerTopic(2).build();
        small.emit(Event.of("0").withId("a"));
        emit(small, 1, 4);
        assertEquals(
                Outcome.GAP,
                Servers.now(small.open(StreamRequest.own().after("a"))).resume().outcome());
    }

    @Test
    @DisplayName("RS-09: one id is a place in all topics")
    void oneIdServesSeveralTopics() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(Servers.now(server.emit(Event.of("" + i), i % 2 == 0 ? "a" : "b")));
        }
        EventStream stream = open(StreamRequest.of("a", "b").after(ids.get(7)));
        assertEquals(Outcome.RESUMED, stream.resume().outcome());
        assertEquals(numbers(8, 20), read(stream).data());
    }

    @Test
    @DisplayName("RS-09: where one topic was trimmed, the other goes on without doubling")
    @Tag("journal")
    void aGapInOneTopicDoublesNothingInTheOther() {
        EventSourceServer small =
                Servers.builder().retainPerTopic(3).gapEvent("gap").build();
        emit(small, 0, 2, "quiet");
        String cursor = emit(small, 2, 3, "quiet").get(0);
        emit(small, 3, 13, "busy");
        Reader reader =
                read(Servers.now(small.open(StreamRequest.of("quiet", "busy").after(cursor))));
        assertEquals("gap", reader.parser.events().get(0).type());
        assertEquals(numbers(10, 13), reader.data().subList(1, reader.data().size()));
    }

    @Test
    void aGapInOneTopicStillGivesAllOfTheOther() {
        EventSourceServer small =
                Servers.builder().retainPerTopic(3).gapEvent("gap").build();
        emit(small, 0, 3, "quiet");
        emit(small, 3, 13, "busy");
        Reader reader =
                read(Servers.now(small.open(StreamRequest.of("quiet", "busy").after("x"))));
        assertEquals(List.of("0", "1", "2", "10", "11", "12"), reader.data().subList(1, 7));
    }

    @Test
    void aBusyTopicDoesNotGapAQuietOne() {
        EventSourceServer small = Servers.builder().retainPerTopic(5).build();
        String cursor = emit(small, 0, 1, "quiet").get(0);
        emit(small, 1, 1000, "busy");
        EventStream stream = Servers.now(small.open(StreamRequest.of("quiet").after(cursor)));
        assertEquals(Outcome.RESUMED, stream.resume().outcome());
        small.emit(Event.of("next"), "quiet");
        assertEquals(List.of("next"), read(stream).data());
    }

    @Test
    void anEmptyIdMeansThatTheClientHasHadNothing() {
        emit(server, 0, 2);
        assertEquals(Outcome.LIVE, open(StreamRequest.own().after("")).resume().outcome());
        Reader forgetful = Reader.of(server, StreamRequest.own());
        server.emit(Event.of("x").withEmptyId());
        assertEquals("", forgetful.parser.lastEventId());
    }

    @Test
    void everyPlaceOfAResumeIsExact() {
        List<String> ids = emit(server, 0, 5);
        for (int last = 0; last < 5; last++) {
            Resume resume = open(StreamRequest.own().after(ids.get(last))).resume();
            assertEquals(ids.get(last), resume.from());
        }
        assertEquals(ids.get(4), open(StreamRequest.own()).resume().from());
    }

    @Test
    @Tag("journal")
    void anIdThatWasGivenTwiceLeadsNowhereOnceItsFirstEventIsTrimmed() {
        EventSourceServer small = Servers.builder().retainPerTopic(4).build();
        small.emit(Event.of("A").withId("x"));
        small.emit(Event.of("2"));
        small.emit(Event.of("B").withId("x"));
        emit(small, 4, 6);
        small.emit(Event.of("C").withId("x"));
        EventStream stream = Servers.now(small.open(StreamRequest.own().after("x")));
        assertEquals(
                Outcome.GAP, stream.resume().outcome(), "a client that had B must not be taken for one that had C");
        emit(small, 7, 12);
        small.emit(Event.of("D").withId("x"));
        assertEquals(
                Outcome.RESUMED,
                Servers.now(small.open(StreamRequest.own().after("x"))).resume().outcome(),
                "and is an id again when no event has it any more");
    }

    @Test
    void anOpeningEventGivesAFreshClientAPlaceToComeBackTo() {
        EventSourceServer greeting =
                Servers.builder().openingEvent("hello").gapEvent("gap").build();
        emit(greeting, 0, 3);
        Reader dropped = Reader.of(greeting, StreamRequest.own());
        ParsedEvent hello = dropped.parser.events().get(0);
        assertEquals("hello", hello.type());
        assertEquals("{\"from\":\"" + hello.lastEventId() + "\"}", hello.data());
        dropped.subscription.cancel();
        emit(greeting, 3, 5);
        Reader back = Reader.of(greeting, StreamRequest.own().after(hello.lastEventId()));
        assertEquals(numbers(3, 5), back.data(), "what was emitted while it was away, and no greeting");
        Reader told = Reader.of(greeting, StreamRequest.own().after("x"));
        assertEquals("gap", told.parser.events().get(0).type(), "one of the two, never both");
        assertEquals(List.of(), dropped.parser.violations());
    }
}
