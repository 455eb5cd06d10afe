package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Page;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 9 to 11: what a reader is given, and how it becomes a follower. */
abstract class ReadContract extends FollowContract {

    @Test
    @DisplayName("rule 9: pages have the log's order, and everything")
    void pagesHaveEverything() throws Exception {
        List<Position> positions = appendAll(log(), "event", 300);
        List<Entry> entries = readAll(log(), oldest(log()), 100);
        assertEquals(numbered("event", 300), dataOf(entries));
        assertEquals(positions, positionsOf(entries));
        assertEquals(numbered("event", 300).subList(200, 300), dataOf(readAll(log(), positions.get(199), PLENTY)));
    }

    @Test
    @DisplayName("rule 9: a page goes to where it began if, and only if, there is nothing more yet")
    void progress() throws Exception {
        Position start = oldest(log());
        assertEquals(start, page(log(), start, PLENTY).through());
        append(log(), "one", "topic");
        Page page = page(log(), start, PLENTY, "other");
        assertFalse(page.through().equals(start), "rule 9: progress, even if nothing is of interest");
        Position end = newest(log());
        assertEquals(end, page(log(), end, PLENTY, "other").through());
    }

    @Test
    @DisplayName("rule 9: a page has at least what the hint asks for, however far away")
    void hints() throws Exception {
        Position start = oldest(log());
        for (int i = 0; i < 100; i++) {
            log().append(emission("a " + i, "a"));
        }
        append(log(), "one", "b");
        append(log(), "two", "a", "b");
        append(log(), "three");
        append(log(), "four", "B");
        append(log(), "five", "c", "b");
        assertEquals(List.of("one", "two", "five"), dataOf(ofTopics(start, "b")));
        assertEquals(List.of("three"), dataOf(ofTopics(start, "")));
        assertEquals(List.of("three", "five"), dataOf(ofTopics(start, "", "c")));
        assertEquals(101, ofTopics(start, "a").size());
        assertEquals(List.of(), ofTopics(start, "nobody's"));
        assertEquals(105, readAll(log(), start, PLENTY).size(), "without a hint, everything");
    }

    /** What a reader finds for topics, small page by small page: others are allowed, and left out here. */
    private List<Entry> ofTopics(Position start, String... topics) throws Exception {
        Set<String> wanted = Set.of(topics);
        return readAll(log(), start, 50, topics).stream()
                .filter(entry -> entry.emission().topics().isEmpty()
                        ? wanted.contains("")
                        : !Collections.disjoint(entry.emission().topics(), wanted))
                .collect(Collectors.toList());
    }

    @Test
    @DisplayName("rule 9: a page has about as much as was asked for, and one entry however large")
    void sizeOfPages() throws Exception {
        Position start = oldest(log());
        String data = "x".repeat(1000);
        for (int i = 0; i < 20; i++) {
            append(log(), data);
        }
        for (int maxBytes : List.of(1, 1000, 3500)) {
            Page page = page(log(), start, maxBytes);
            assertFalse(page.entries().isEmpty(), "rule 9: at least one entry");
            int others = (page.entries().size() - 1) * data.length();
            assertTrue(others <= maxBytes, () -> others + " bytes and one entry for " + maxBytes + " bytes");
            assertEquals(20, readAll(log(), start, maxBytes).size());
        }
    }

    @Test
    @DisplayName("rule 9: a page says whether anything after its beginning was trimmed, and has what is left")
    void trimmed() throws Exception {
        Position start = oldest(log());
        List<Position> positions = appendAll(log(), "event", 10);
        assertFalse(page(log(), start, PLENTY).trimmed());
        tested().trim(positions.get(4));
        for (Position gone : List.of(start, positions.get(0), positions.get(3))) {
            Page page = page(log(), gone, PLENTY);
            assertTrue(page.trimmed(), "rule 9: something is missing");
            assertEquals(numbered("event", 10).subList(5, 10), dataOf(page.entries()));
        }
        assertFalse(page(log(), positions.get(4), PLENTY).trimmed(), "rule 9: nothing after it is missing");
        assertEquals(numbered("event", 10).subList(5, 10), dataOf(readAll(log(), positions.get(4), PLENTY)));
        tested().trim(positions.get(9));
        Page page = page(log(), positions.get(4), PLENTY);
        assertTrue(page.trimmed(), "rule 9: all are missing");
        assertFalse(page.through().equals(positions.get(4)), "rule 9: and there is nothing to wait for");
        assertFalse(page(log(), positions.get(9), PLENTY).trimmed());
    }

    @Test
    @DisplayName("rule 9: what is trimmed during a read is either in the page, or the page says so")
    void trimmedDuringRead() throws Exception {
        Position start = oldest(log());
        List<Position> positions = appendAll(log(), "event", 10);
        tested().duringNextRead(log(), () -> tested().trim(positions.get(4)));
        Page page = page(log(), start, PLENTY);
        assertTrue(
                page.trimmed() || dataOf(page.entries()).equals(numbered("event", 10)),
                () -> "neither trimmed nor whole: " + page);
        assertTrue(page(log(), start, PLENTY).trimmed(), "it is now in any case");
    }

    @Test
    @DisplayName("rule 9: pages that are read while the log is trimmed are whole or say so")
    void trimmedBetweenReads() throws Exception {
        List<Position> positions = appendAll(log(), "event", 200);
        tested().trim(positions.get(0));
        CompletableFuture<Void> trimming = CompletableFuture.runAsync(() -> {
            for (Position position : positions.subList(1, 150)) {
                tested().trim(position);
            }
        });
        int next = 1;
        while (next < 190) {
            Page page = page(log(), positions.get(next - 1), 200);
            List<Position> read = positionsOf(page.entries());
            assertTrue(page.trimmed() || positions.indexOf(read.get(0)) == next, "rule 9: neither trimmed nor whole");
            next = positions.indexOf(read.get(read.size() - 1)) + 1;
        }
        get(trimming);
    }

    @Test
    @DisplayName("rule 9: a read may fail, and the next one works")
    void readsMayFail() throws Exception {
        Position start = oldest(log());
        append(log(), "one");
        tested().failNextRead(log());
        failureOf(log().read(start, List.of(), PLENTY));
        assertEquals(List.of("one"), dataOf(readAll(log(), start, PLENTY)));
        tested().failNextRead(log());
        failureOf(log().range());
        assertEquals(start, oldest(log()));
    }

    @Test
    @DisplayName("rule 9: an id is found by its first entry that is retained; any other text is not")
    void find() throws Exception {
        Assumptions.assumeTrue(tested().finds(), "the log under test has no index of ids");
        append(log(), "without an id");
        Position first = get(log().append(withId("one")));
        Position second = get(log().append(withId("two")));
        Position again = get(log().append(withId("one")));
        assertEquals(first, get(log().find("one")), "the first occurrence counts");
        assertEquals(second, get(log().find("two")));
        for (String other : List.of("three", "ONE", "on", "one ", "~" + first.epoch() + "-1", "%", "o_e", "'", "\0")) {
            assertNull(get(log().find(other)), () -> "no event has the id " + other);
        }
        tested().trim(second);
        assertEquals(again, get(log().find("one")), "what was trimmed is not found");
        assertNull(get(log().find("two")), "what was trimmed is not found");
    }

    private static Emission withId(String id) {
        return Emission.of(Event.of("with the id " + id).withId(id), "topic");
    }

    @Test
    @DisplayName("rule 10: reading to the end and following from there, nothing falls between")
    void readThenFollow() throws Exception {
        appendAll(log(), "event", 100);
        Position at = oldest(log());
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> {
            for (int i = 100; i < 600; i++) {
                log().append(emission("event " + i));
            }
        });
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Page page = page(log(), at, 500);
            entries.addAll(page.entries());
            at = page.through();
        }
        entries.addAll(follow(log(), at).nextEntries(600 - entries.size()));
        get(appending);
        assertEquals(numbered("event", 600), dataOf(entries));
        assertEquals(entries, readAll(log()), "rule 5: read or followed, the order is the same");
    }

    @Test
    @DisplayName("rule 10: pages go at least as far as the range said")
    void pagesReachTheRange() throws Exception {
        appendAll(log(), "event", 100);
        Range range = get(log().range());
        Position at = range.after();
        while (at.ordinal() < range.newest().ordinal()) {
            Page page = page(log(), at, 300, "nobody's");
            assertIncreasing(List.of(at, page.through()), "rule 9: progress, even if nothing is of interest");
            at = page.through();
        }
    }

    @Test
    @DisplayName("rule 11: what cannot be read is passed over, and nothing is lost with it")
    void foreignIsSkipped() throws Exception {
        Position start = oldest(log());
        Followed follower = follow(log(), start);
        append(log(), "one");
        int foreign = tested().addForeign();
        append(log(), "two");
        assertEquals(List.of("one", "two"), dataOf(follower.nextEntries(2)));
        assertEquals(List.of("one", "two"), dataOf(readAll(log(), start, PLENTY)));
        assertTrue(foreign > 0, "there was something to pass over");
        assertEquals(List.of(), follower.rest());
    }

    @Test
    @DisplayName("rule 11: a reader gets past what cannot be read, and can go on from there")
    void foreignAtTheEnd() throws Exception {
        append(log(), "one");
        Position last = newest(log());
        tested().addForeign();
        Position at = last;
        Page page = page(log(), at, PLENTY);
        while (!page.through().equals(at)) {
            assertEquals(List.of(), page.entries());
            at = page.through();
            page = page(log(), at, PLENTY);
        }
        assertIncreasing(List.of(last, at), "rule 11: the position moves on");
        Followed follower = follow(log(), at);
        append(log(), "two");
        assertEquals("two", follower.nextEntry().emission().event().data());
        assertEquals(List.of("two"), dataOf(readAll(log(), at, PLENTY)));
        assertEquals(List.of("two"), dataOf(readAll(log(), last, PLENTY)));
    }

    @Test
    @DisplayName("rule 11: what cannot be read is counted")
    void foreignIsCounted() throws Exception {
        EventLog node = log();
        Followed follower = follow(node, oldest(node));
        long before = tested().skipped(node);
        int foreign = tested().addForeign();
        append(node, "one");
        follower.nextEntry();
        readAll(node);
        assertEquals(foreign, tested().skipped(node) - before, "rule 11: each is counted once");
    }
}
