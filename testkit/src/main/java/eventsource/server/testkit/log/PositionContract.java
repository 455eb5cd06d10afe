package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.spi.EventLog;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Page;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 4 to 6: what positions say, and when they say nothing any more. */
abstract class PositionContract extends AppendContract {

    @Test
    @DisplayName("rule 4: a log without entries has an empty range")
    void emptyRange() throws Exception {
        Range range = get(log().range());
        assertEquals(range.after(), range.newest());
        assertEquals(List.of(), readAll(log(), range.after(), PLENTY));
    }

    @Test
    @DisplayName("rule 4: the range goes from before the oldest entry to the newest")
    void rangeOfEntries() throws Exception {
        Range before = get(log().range());
        List<Position> positions = appendAll(log(), "event", 3);
        assertEquals(positions.get(2), newest(log()));
        assertTrue(oldest(log()).ordinal() < positions.get(0).ordinal(), "rule 4: before the oldest entry");
        assertIncreasing(List.of(before.newest(), positions.get(0)), "rule 4: positions increase");
    }

    @Test
    @DisplayName("rule 4: the range begins after what was trimmed, and an ordinal is not used again")
    void trimmingUsesNoOrdinalAgain() throws Exception {
        List<Position> positions = appendAll(log(), "event", 5);
        tested().trim(positions.get(2));
        Range range = get(log().range());
        assertTrue(range.after().ordinal() >= positions.get(2).ordinal(), "rule 4: after what was trimmed");
        assertTrue(range.after().ordinal() < positions.get(3).ordinal(), "rule 4: before what was not");
        assertEquals(positions.get(4), range.newest());
        tested().trim(positions.get(4));
        Range empty = get(log().range());
        assertEquals(empty.after(), empty.newest(), "rule 4: everything was trimmed");
        assertIncreasing(List.of(positions.get(4), append(log(), "next")), "rule 4: never used again");
    }

    @Test
    @DisplayName("rule 4: a durable log goes on with later positions after all nodes were closed, even without entries")
    void reopeningUsesNoOrdinalAgain() throws Exception {
        Position last = appendAll(log(), "event", 3).get(2);
        EventLog second = reopen();
        Position next = append(second, "next");
        assertIncreasing(List.of(last, next), "rule 4: never used again");
        tested().trim(next);
        assertIncreasing(List.of(next, append(reopen(), "last")), "rule 4: never used again");
    }

    @Test
    @DisplayName("rule 4: holes are legal: nothing is lost, trimmed or withheld because of one")
    void holesAreLegal() throws Exception {
        Position start = oldest(log());
        Followed follower = follow(log(), start);
        Position first = append(log(), "one");
        tested().skipOrdinals();
        assertEquals(List.of(), readAll(log(), first, PLENTY));
        Position second = append(log(), "two");
        assertIncreasing(List.of(first, second), "rule 4: positions increase");
        assertEquals(List.of("one", "two"), dataOf(follower.nextEntries(2)));
        assertEquals(List.of("one", "two"), dataOf(readAll(log(), start, PLENTY)));
        assertEquals(List.of("two"), dataOf(readAll(log(), first, PLENTY)));
        assertEquals(List.of("two"), dataOf(List.of(follow(log(), first).nextEntry())));
        Position inTheHole = second.at(second.ordinal() - 1);
        assertIncreasing(List.of(first, inTheHole), "there is a hole");
        assertEquals(List.of("two"), dataOf(readAll(log(), inTheHole, PLENTY)));
        assertEquals(List.of("two"), dataOf(List.of(follow(log(), inTheHole).nextEntry())));
    }

    @Test
    @DisplayName("rule 5: all nodes append at once, and all have the same order")
    void oneOrderOnAllNodes() throws Exception {
        int each = 200;
        List<EventLog> nodes = List.of(log(), another(), another());
        Position start = oldest(log());
        List<Followed> followers = new ArrayList<>();
        for (EventLog node : nodes) {
            followers.add(follow(node, start));
        }
        List<CompletionStage<Position>> stages = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (int n = 0; n < nodes.size(); n++) {
                stages.add(nodes.get(n).append(emission("node " + n + " " + i)));
            }
        }
        for (CompletionStage<Position> stage : stages) {
            get(stage);
        }
        List<Entry> order = readAll(log());
        assertEquals(stages.size(), order.size());
        assertIncreasing(positionsOf(order), "rule 4: positions increase");
        for (int n = 0; n < nodes.size(); n++) {
            String name = "node " + n;
            assertEquals(order, followers.get(n).nextEntries(order.size()), "rule 5: followed by " + name);
            assertEquals(order, readAll(nodes.get(n)), "rule 5: read by " + name);
            assertEquals(
                    numbered(name, each),
                    dataOf(order).stream().filter(data -> data.startsWith(name)).toList(),
                    "rule 3: in the order of the calls");
        }
    }

    @Test
    @DisplayName("rule 6: every log begins with an epoch of its own")
    void everyLogHasItsEpoch() throws Exception {
        try (TestedLog other = start();
                EventLog node = other.open()) {
            assertNotEquals(oldest(log()).epoch(), oldest(node).epoch());
        }
    }

    @Test
    @DisplayName("rule 6: all nodes have the same epoch")
    void allNodesHaveTheEpoch() throws Exception {
        assertEquals(oldest(log()).epoch(), oldest(another()).epoch());
    }

    @Test
    @DisplayName("rule 6: a durable log that was closed and nothing else keeps its epoch")
    void reopeningKeepsTheEpoch() throws Exception {
        Position position = append(log(), "one");
        EventLog again = reopen();
        append(again, "two");
        assertEquals(List.of("two"), dataOf(readAll(again, position, PLENTY)));
        assertEquals(
                "two", follow(again, position).nextEntry().emission().event().data());
    }

    @Test
    @DisplayName("rule 6: when the epoch has changed, old positions are unrelated to new ones")
    void changedEpoch() throws Exception {
        Position old = appendAll(log(), "old", 3).get(1);
        tested().changeEpoch();
        Position next = append(log(), "new");
        assertNotEquals(old.epoch(), next.epoch());
        assertEquals(next, newest(log()));
        Page page = page(log(), old, PLENTY);
        assertTrue(page.trimmed(), "rule 9: a position of another epoch proves nothing");
        assertEquals(next.epoch(), page.through().epoch(), "rule 9: it goes on in this epoch");
    }

    @Test
    @DisplayName("rule 6: a follower hears of another epoch before it is given an entry of it")
    void followersHearOfAnotherEpoch() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        append(log(), "old");
        follower.nextEntry();
        tested().changeEpoch();
        Position position = append(log(), "new");
        Range now = follower.nextLost();
        assertEquals(position.epoch(), now.after().epoch());
        Entry entry = follower.nextEntry();
        while (!entry.position().equals(position)) {
            assertIncreasing(List.of(now.after(), entry.position(), position), "rule 7: what is there now");
            entry = follower.nextEntry();
        }
    }

    @Test
    @DisplayName("rule 6: following from a position of another epoch begins with a loss")
    void followingFromAnotherEpoch() throws Exception {
        append(log(), "one");
        Followed follower = follow(log(), new Position("another", 1));
        Range now = follower.nextLost();
        assertEquals(get(log().range()).after(), now.after());
        assertEquals("one", follower.nextEntry().emission().event().data());
    }

    @Test
    @DisplayName("rule 6: a position that was never given is not of this epoch")
    void positionsNeverGiven() throws Exception {
        Position position = append(log(), "one");
        Position never = position.at(position.ordinal() + 1_000_000);
        assertTrue(get(log().read(never, List.of(), PLENTY)).trimmed(), "rule 9: it proves nothing");
        follow(log(), never).nextLost();
    }
}
