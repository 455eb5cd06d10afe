package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SelectorTest {

    private static final StreamRequest ALL = StreamRequest.all();

    private final EventSourceServer server = Servers.create();

    private record Suffix(String end) implements Selector {
        @Override
        public boolean matches(String topic) {
            return topic.endsWith(end);
        }
    }

    private static String emit(EventSourceServer to, String data, String... topics) {
        return Servers.now(to.emit(Event.of(data), topics));
    }

    private static StreamRequest prefix(String prefix) {
        return StreamRequest.matching(Selector.prefix(prefix));
    }

    private static StreamRefusedException.Reason refusal(EventSourceServer by, StreamRequest request) {
        var open = by.open(request).toCompletableFuture();
        return assertInstanceOf(
                        StreamRefusedException.class,
                        assertThrows(CompletionException.class, open::join).getCause())
                .reason();
    }

    @Test
    void allIsEveryTopicAndTheServersOwnStream() {
        Reader reader = Reader.of(server, ALL);
        emit(server, "own");
        emit(server, "a", "a");
        emit(server, "ab", "a", "b");
        emit(server, "b", "b");
        assertEquals(List.of("own", "a", "ab", "b"), reader.data());
    }

    @Test
    void aSelectorHasTopicsThatDoNotExistYetAndNeverTheServersOwnStream() {
        Reader everyTopic = Reader.of(server, StreamRequest.matching(topic -> true));
        Reader some = Reader.of(server, prefix("a/"));
        emit(server, "own");
        emit(server, "1", "a/1");
        emit(server, "b", "b/1");
        emit(server, "2", "a/2");
        emit(server, "3", "a/1");
        assertEquals(List.of("1", "b", "2", "3"), everyTopic.data());
        assertEquals(List.of("1", "2", "3"), some.data());
    }

    @Test
    void whatSeveralSelectorsChooseComesOnceAndInOrder() {
        Reader reader = Reader.of(server, StreamRequest.matching(Selector.prefix("a"), new Suffix("z")));
        emit(server, "1", "b", "z");
        emit(server, "2", "az");
        emit(server, "3", "a", "bz", "az");
        emit(server, "4", "b");
        emit(server, "5", "a");
        assertEquals(List.of("1", "2", "3", "5"), reader.data());
    }

    @Test
    void theHistoryOfANewSelectorIsWhatIsRetainedOfItsTopics() {
        emit(server, "1", "a/1");
        emit(server, "2", "a/2", "b");
        String cursor = emit(server, "3", "b");
        emit(server, "4", "a/1", "a/2");
        assertEquals(
                List.of("1", "2", "4"),
                Reader.of(server, prefix("a/").fromEarliest()).data());
        EventStream resumed = Servers.now(server.open(prefix("a/2").after(cursor)));
        assertEquals(Outcome.RESUMED, resumed.resume().outcome());
        Reader reader = Reader.eager();
        resumed.body().subscribe(reader);
        emit(server, "5", "a/2");
        assertEquals(List.of("4", "5"), reader.data());
    }

    @Test
    void aTopicThatIsThereGoesToEachNewSelectorToo() {
        Reader first = Reader.of(server, ALL);
        emit(server, "1", "a");
        Reader second = Reader.of(server, prefix("a"));
        emit(server, "2", "a");
        first.subscription.cancel();
        Reader third = Reader.of(server, StreamRequest.matching(new Suffix("a")));
        emit(server, "3", "a");
        assertEquals(List.of("1", "2"), first.data());
        assertEquals(List.of("2", "3"), second.data());
        assertEquals(List.of("3"), third.data());
    }

    @Test
    void aTopicThatIsMadeWhileASelectorIsAskedIsNotForgotten() {
        emit(server, "1", "a");
        List<String> asked = new ArrayList<>();
        Selector slow = topic -> {
            if (asked.isEmpty()) {
                asked.add(topic);
                emit(server, "2", "b");
            }
            return true;
        };
        Reader reader = Reader.of(server, StreamRequest.matching(slow).fromEarliest());
        assertEquals(List.of("1", "2"), reader.data());
    }

    @Test
    void aStreamOfSelectorsResumesAfterAnyEvent() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(emit(server, "" + i, i % 3 == 0 ? "other" : "a/" + i % 5));
        }
        for (int last = 0; last < 30; last++) {
            EventStream stream = Servers.now(server.open(prefix("a/").after(ids.get(last))));
            assertEquals(Outcome.RESUMED, stream.resume().outcome());
            Reader reader = Reader.eager();
            stream.body().subscribe(reader);
            assertEquals(
                    IntStream.range(last + 1, 30)
                            .filter(i -> i % 3 != 0)
                            .mapToObj(String::valueOf)
                            .toList(),
                    reader.data());
        }
    }

    @Test
    @DisplayName("what was trimmed of a topic before there was a selector stays missed, whatever is trimmed later")
    @Tag("journal")
    void aGapOfBeforeTheSelectorIsToldForEver() {
        EventSourceServer small =
                Servers.builder().retainPerTopic(1).retainBytes(4_000).keys(10).build();
        emit(small, "x".repeat(1_500), "quiet");
        String cursor = emit(small, "0", "busy");
        for (int i = 1; i <= 5; i++) {
            emit(small, "" + i, "busy");
        }
        // The feed begins with the quiet topic's old event, and misses newer ones of the busy topic.
        Reader.of(small, ALL);
        assertGap(small, cursor);
        emit(small, "x".repeat(1_500), "busy");
        assertGap(small, cursor);
    }

    private static void assertGap(EventSourceServer server, String cursor) {
        StreamRequest request = ALL.after(cursor);
        assertEquals(Outcome.GAP, Servers.now(server.open(request)).resume().outcome());
        assertEquals(
                Outcome.GAP,
                Servers.now(server.open(request.newestPerKeyFirst())).resume().outcome());
    }

    @Test
    @Tag("journal")
    void whatASelectorMayAskForIsRetainedBeyondTheNumberPerTopic() {
        EventSourceServer small = Servers.builder().retainPerTopic(2).build();
        Reader.of(small, prefix("a"));
        String first = emit(small, "0", "a");
        for (int i = 1; i < 10; i++) {
            emit(small, "" + i, "a");
        }
        EventStream selected = Servers.now(small.open(prefix("a").after(first)));
        assertEquals(Outcome.RESUMED, selected.resume().outcome());
        assertEquals(9, selected.lag());
        EventStream named = Servers.now(small.open(StreamRequest.of("a").after(first)));
        assertEquals(Outcome.GAP, named.resume().outcome());
        assertEquals(2, named.lag());
    }

    @Test
    void equalSelectorsShareAFeedAndOthersDoNot() {
        Reader one = Reader.of(server, prefix("a"));
        Reader same = Reader.of(server, prefix("a"));
        Reader.of(server, StreamRequest.matching(new Suffix("a"), Selector.prefix("a")));
        assertEquals(2, server.figures().selectors());
        emit(server, "x", "a");
        assertEquals(List.of("x"), one.data());
        assertEquals(List.of("x"), same.data());
    }

    @Test
    @DisplayName("OV-01: there are only so many selectors; those without streams make room, and lose nothing by it")
    void theNumberOfSelectorsHasALimit() {
        EventSourceServer two = Servers.builder().maxSelectors(2).build();
        String cursor = emit(two, "0", "a1");
        Reader a = Reader.of(two, prefix("a"));
        Reader.of(two, prefix("b"));
        emit(two, "1", "a2", "b2");
        assertEquals(StreamRefusedException.Reason.TOO_MANY_SELECTORS, refusal(two, prefix("c")));
        assertEquals(2, two.figures().streams());
        Reader alsoA = Reader.of(two, prefix("a"));
        Reader named = Reader.of(two, StreamRequest.of("c"));
        a.subscription.cancel();
        assertEquals(StreamRefusedException.Reason.TOO_MANY_SELECTORS, refusal(two, prefix("c")));
        alsoA.subscription.cancel();
        Reader c = Reader.of(two, prefix("c"));
        emit(two, "2", "c", "a1");
        assertEquals(List.of("2"), c.data());
        assertEquals(List.of("2"), named.data());
        c.subscription.cancel();
        assertEquals(
                List.of("1", "2"), Reader.of(two, prefix("a").after(cursor)).data());
        assertEquals(2, two.figures().selectors());
    }

    @Test
    void aRequestThatIsRefusedHoldsNoSelector() {
        EventSourceServer two = Servers.builder().maxSelectors(2).build();
        StreamRequest three = StreamRequest.matching(Selector.prefix("a"), Selector.prefix("b"), Selector.prefix("c"));
        assertEquals(StreamRefusedException.Reason.TOO_MANY_SELECTORS, refusal(two, three));
        assertEquals(0, two.figures().streams());
        Reader reader = Reader.of(two, StreamRequest.matching(Selector.prefix("d"), Selector.prefix("e")));
        emit(two, "x", "d");
        assertEquals(List.of("x"), reader.data());
    }

    @Test
    @DisplayName("DC-05: a selector that throws matches nothing, and hurts nobody else")
    void aSelectorThatThrowsDoesNotMatch() {
        Selector bad = topic -> {
            if (topic.startsWith("bad")) {
                throw new IllegalStateException("thrown on purpose");
            }
            return true;
        };
        emit(server, "0", "bad/old");
        Reader reader = Reader.of(server, StreamRequest.matching(bad).fromEarliest());
        Reader healthy = Reader.of(server, prefix("bad"));
        assertFalse(server.emit(Event.of("1"), "bad/new").toCompletableFuture().isCompletedExceptionally());
        emit(server, "2", "good");
        assertEquals(List.of("2"), reader.data());
        assertEquals(List.of("1"), healthy.data());
        assertFalse(reader.hasEnded());
    }

    @Test
    void aSelectorWhoseEqualsThrowsIsEqualToNone() {
        final class Odd implements Selector {
            @Override
            public boolean matches(String topic) {
                return true;
            }

            @Override
            public boolean equals(Object other) {
                if (other != this) {
                    throw new IllegalStateException("thrown on purpose");
                }
                return true;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        Reader odd = Reader.of(server, StreamRequest.matching(new Odd()));
        Reader plain = Reader.of(server, prefix("a"));
        emit(server, "x", "a");
        assertEquals(List.of("x"), odd.data());
        assertEquals(List.of("x"), plain.data());
    }

    @Test
    void requestsSayWhatTheyChoose() {
        Selector one = Selector.prefix("a");
        assertEquals(
                List.of(one, new Suffix("b")),
                StreamRequest.matching(one, new Suffix("b"), Selector.prefix("a"))
                        .after("x")
                        .selectors());
        assertEquals(List.of(), prefix("a").topics());
        assertEquals(List.of(), StreamRequest.of("a").selectors());
        assertThrows(IllegalArgumentException.class, () -> StreamRequest.matching());
        Selector[] many =
                IntStream.range(0, 129).mapToObj(i -> Selector.prefix("p" + i)).toArray(Selector[]::new);
        assertThrows(IllegalArgumentException.class, () -> StreamRequest.matching(many));
        assertTrue(one.matches("a") && one.matches("ab") && !one.matches("b"));
        assertEquals(one.hashCode(), Selector.prefix("a").hashCode());
    }
}
