package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a client that is too slow for what is retained, under each policy. */
class LagPolicyTest {

    private final List<String> heard = new ArrayList<>();
    private final List<Long> atMost = new ArrayList<>();

    private EventSourceServer server(LagPolicy policy, UnaryOperator<EventSourceServerBuilder> options) {
        return options.apply(Servers.builder().retainPerTopic(3).lag(policy))
                .listener(new StreamListener() {
                    @Override
                    public void lagged(EventStream stream, long events) {
                        heard.add("lagged");
                        atMost.add(events);
                    }

                    @Override
                    public void closed(EventStream stream, StreamEnd end) {
                        heard.add("closed " + end);
                    }
                })
                .build();
    }

    private EventSourceServer skipping() {
        return server(LagPolicy.SKIP, options -> options.gapEvent("gap"));
    }

    private EventSourceServer newest() {
        return server(LagPolicy.NEWEST_PER_KEY, options -> options.keys(10));
    }

    /** A reader that has its first bytes, and asks for nothing more. */
    private static Reader slow(EventSourceServer server, StreamRequest request) {
        Reader reader = Reader.asking(1);
        server.outSupply(request).subscribe(reader);
        return reader;
    }

    private static List<String> emit(EventSourceServer server, int from, int to, String... topics) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(Servers.now(server.emit(Event.of("" + i), topics)));
        }
        return ids;
    }

    private static void keyed(EventSourceServer server, String data) {
        server.emit(Event.of(data).withKey(data.substring(0, 1)));
    }

    @Test
    @Tag("journal")
    void closeEndsTheStreamCleanlyAndItsClientIsToldWhenItComesBack() {
        EventSourceServer server = server(LagPolicy.CLOSE, options -> options);
        Reader reader = slow(server, StreamRequest.own());
        String last = emit(server, 0, 3).get(2);
        reader.subscription.request(1);
        emit(server, 3, 7);
        reader.subscription.request(1);
        assertEquals(List.of("0", "1", "2"), reader.data());
        assertTrue(reader.completed);
        assertEquals(List.of("closed LAGGED"), heard, "a stream that ends of it is only closed");
        assertEquals(1, server.figures().lagged());
        EventStream again = Servers.now(server.open(StreamRequest.own().after(last)));
        assertEquals(Resume.Outcome.GAP, again.resume().outcome());
    }

    @Test
    void whatIsStillRetainedMakesNobodyLag() {
        EventSourceServer server = skipping();
        Reader reader = slow(server, StreamRequest.own());
        emit(server, 0, 3);
        reader.subscription.request(1);
        assertEquals(List.of("0", "1", "2"), reader.data());
        assertEquals(List.of(), heard);
        assertEquals(0, server.figures().lagged());
    }

    @Test
    void skipTellsInTheStreamAndGoesOnWithTheOldest() {
        EventSourceServer server = skipping();
        Reader reader = slow(server, StreamRequest.own());
        String first = emit(server, 0, 1).get(0);
        reader.subscription.request(1);
        List<String> ids = emit(server, 1, 11);
        reader.subscription.request(2);
        ParsedEvent gap = reader.parser.events().get(1);
        assertEquals("gap", gap.type());
        assertEquals("{\"after\":\"" + first + "\",\"from\":\"" + ids.get(6) + "\"}", gap.data());
        assertEquals(ids.get(6), gap.lastEventId(), "a place to come back to");
        assertEquals(List.of("8", "9", "10"), reader.data().subList(2, 5));
        assertEquals(List.of("lagged"), heard);
        assertEquals(List.of(7L), atMost);
        assertEquals(1, server.figures().lagged());
        Reader again = Reader.of(server, StreamRequest.own().after(gap.lastEventId()));
        assertEquals(List.of("8", "9", "10"), again.data());
        assertFalse(reader.hasEnded());
    }

    @Test
    void skipTellsOfEachGapAndTheListenerOncePerEpisode() {
        EventSourceServer server = skipping();
        Reader reader = slow(server, StreamRequest.own());
        emit(server, 0, 10);
        reader.subscription.request(1);
        emit(server, 10, 20);
        reader.subscription.request(1);
        assertEquals(List.of("gap", "gap"), types(reader), "what was promised is trimmed, too");
        assertEquals(List.of("lagged"), heard);
        reader.subscription.request(1);
        assertEquals(List.of("17", "18", "19"), reader.data().subList(2, 5));
        emit(server, 20, 30);
        reader.subscription.request(2);
        assertEquals(List.of("27", "28", "29"), reader.data().subList(6, 9));
        assertEquals(List.of("lagged", "lagged"), heard, "it had caught up in between");
        assertEquals(2, server.figures().lagged());
    }

    private static List<String> types(Reader reader) {
        return reader.parser.events().stream().map(ParsedEvent::type).toList();
    }

    @Test
    void skipTakesNothingFromATopicThatMissesNothing() {
        EventSourceServer server = skipping();
        Reader reader = slow(server, StreamRequest.of("quiet", "busy"));
        emit(server, 0, 1, "busy");
        emit(server, 1, 3, "quiet");
        emit(server, 3, 10, "busy");
        reader.subscription.request(2);
        assertEquals(List.of("1", "2", "7", "8", "9"), reader.data().subList(1, 6));
        emit(server, 10, 12, "quiet");
        reader.subscription.request(1);
        assertEquals(List.of("10", "11"), reader.data().subList(6, 8));
        assertTrue(atMost.get(0) >= 5, atMost::toString);
    }

    @Test
    void newestPerKeyGivesTheNewestOfEachAndThenEverything() {
        EventSourceServer server = newest();
        Reader reader = slow(server, StreamRequest.own());
        for (int i = 0; i < 5; i++) {
            keyed(server, "a" + i);
            keyed(server, "b" + i);
        }
        keyed(server, "c0");
        server.emit("x");
        reader.subscription.request(1);
        assertEquals(List.of("a4", "b4", "c0", "x"), reader.data());
        keyed(server, "c1");
        keyed(server, "c2");
        reader.subscription.request(1);
        assertEquals(List.of("c1", "c2"), reader.data().subList(4, 6), "it has caught up");
        assertEquals(List.of("lagged"), heard);
        assertEquals(1, server.figures().lagged());
    }

    @Test
    void theListenerHearsHowManyEventsWereLeftOutAtMost() {
        EventSourceServer server = newest();
        Reader reader = slow(server, StreamRequest.own());
        for (int i = 0; i < 10; i++) {
            keyed(server, "a" + i);
        }
        reader.subscription.request(1);
        assertEquals(List.of("a9"), reader.data());
        assertEquals(1, atMost.size());
        assertTrue(atMost.get(0) >= 9, () -> "nine were not sent, and at most " + atMost);
    }

    @Test
    void newestPerKeyClosesWhereNothingMakesUpForWhatIsMissed() {
        EventSourceServer server = newest();
        Reader keyless = slow(server, StreamRequest.own());
        server.emit("x");
        for (int i = 0; i < 5; i++) {
            keyed(server, "a" + i);
        }
        keyless.subscription.request(1);
        assertTrue(keyless.completed);
        assertEquals(List.of(), keyless.data());
        assertEquals(List.of("closed LAGGED"), heard, "a stream that ends of it is only closed");
        assertEquals(1, server.figures().lagged());
    }

    @Test
    void newestPerKeyClosesWhereARemovalIsMissed() {
        EventSourceServer server = newest();
        keyed(server, "a0");
        Reader reader = slow(server, StreamRequest.own());
        server.emit(Event.of("-a").withKey("a").asRemoval());
        for (int i = 0; i < 4; i++) {
            keyed(server, "b" + i);
        }
        reader.subscription.request(1);
        assertEquals(List.of("closed LAGGED"), heard);
        assertNull(reader.error);
    }

    @Test
    void aStreamOfTheNewestPerKeyIsGivenThatWhateverThePolicy() {
        for (LagPolicy policy : List.of(LagPolicy.CLOSE, LagPolicy.SKIP)) {
            EventSourceServer server =
                    server(policy, options -> options.gapEvent("gap").keys(10));
            Reader reader = slow(server, StreamRequest.own().newestPerKeyFirst());
            for (int i = 0; i < 10; i++) {
                keyed(server, "a" + i);
                keyed(server, "b" + i);
            }
            reader.subscription.request(1);
            assertEquals(List.of("a9", "b9"), reader.data());
        }
    }

    @Test
    void aPolicyThatLacksWhatItNeedsIsNotBuilt() {
        EventSourceServerBuilder skip = Servers.builder().lag(LagPolicy.SKIP);
        assertThrows(IllegalStateException.class, skip::build);
        skip.gapEvent("gap").build();
        EventSourceServerBuilder newest = Servers.builder().lag(LagPolicy.NEWEST_PER_KEY);
        assertThrows(IllegalStateException.class, newest::build);
        newest.keys(1).build();
    }
}
