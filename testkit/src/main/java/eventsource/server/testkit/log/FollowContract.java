package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.spi.EventLog;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Following;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7 and 8: what a follower is told. */
abstract class FollowContract extends PositionContract {

    /** More than a log gives to a follower in one batch. */
    static final int MANY = 500;

    @Test
    @DisplayName("rule 7: a follower is given what is there and what comes, its own node's too; once, in order")
    void followsEverything() throws Exception {
        List<Position> positions = new ArrayList<>(appendAll(log(), "event", 150));
        Followed follower = follow(log(), oldest(log()));
        positions.addAll(appendAll(log(), "later", 150));
        List<Entry> followed = follower.nextEntries(300);
        List<String> expected = numbered("event", 150);
        expected.addAll(numbered("later", 150));
        assertEquals(expected, dataOf(followed));
        assertEquals(positions, positionsOf(followed), "rule 2: at the positions that were promised");
        assertEquals(List.of(), follower.rest());
    }

    @Test
    @DisplayName("rule 7: a follower is given other nodes' entries")
    void followsOtherNodes() throws Exception {
        EventLog other = another();
        Followed follower = follow(log(), oldest(log()));
        append(other, "one");
        append(log(), "two");
        append(other, "three");
        assertEquals(List.of("one", "two", "three"), dataOf(follower.nextEntries(3)));
        assertEquals(List.of(), follower.rest());
    }

    @Test
    @DisplayName("rule 7: following begins after any position that was given")
    void followsFromTheMiddle() throws Exception {
        List<Position> positions = appendAll(log(), "event", 10);
        for (int i = 0; i < 10; i++) {
            List<String> rest = numbered("event", 10).subList(i + 1, 10);
            assertEquals(rest, dataOf(follow(log(), positions.get(i)).nextEntries(rest.size())));
        }
        Followed live = follow(log(), newest(log()));
        append(log(), "next");
        assertEquals("next", live.nextEntry().emission().event().data(), "rule 7: nothing from before");
    }

    @Test
    @DisplayName("rule 7: followers do not notice each other, and not when one of them ends")
    void followersAreIndependent() throws Exception {
        Position start = oldest(log());
        List<Following> followings = new ArrayList<>();
        Followed first = follow(log(), start, followings::add);
        Followed second = follow(log(), start);
        append(log(), "one");
        assertEquals("one", first.nextEntry().emission().event().data());
        assertEquals("one", second.nextEntry().emission().event().data());
        Followed late = follow(log(), start);
        assertEquals("one", late.nextEntry().emission().event().data());
        followings.get(0).close();
        followings.get(0).close();
        append(log(), "two");
        assertEquals("two", second.nextEntry().emission().event().data());
        assertEquals("two", late.nextEntry().emission().event().data());
        append(log(), "three");
        assertEquals(List.of("three"), dataOf(List.of(late.nextEntry())));
        assertEquals(List.of(), first.rest(), "rule 7: nothing after close");
    }

    @Test
    @DisplayName("rule 7: closing waits for nothing, and only the call that is being made goes on")
    void closingDuringACall() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Following> followings = new ArrayList<>();
        Position start = newest(log());
        Followed follower = follow(log(), start, followings::add);
        follower.during(() -> {
            called.countDown();
            await(goOn);
        });
        append(log(), "first");
        await(called);
        List<CompletionStage<Position>> stages = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            stages.add(log().append(emission("event " + i)));
        }
        followings.get(0).close();
        goOn.countDown();
        for (CompletionStage<Position> stage : stages) {
            get(stage);
        }
        follow(log(), start).nextEntries(1 + MANY);
        assertEquals(1, follower.calls(), "rule 7: nothing after close");
    }

    private void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(tested().patience().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    @DisplayName("rule 7: a following that is closed in a call ends, however much is to come")
    void closingInTheFirstCall() throws Exception {
        Position start = oldest(log());
        appendAll(log(), "event", MANY);
        CompletableFuture<Following> following = new CompletableFuture<>();
        Followed follower = new Followed(tested().patience());
        follower.during(() -> following.join().close());
        following.complete(log().follow(start, follower));
        follow(log(), start).nextEntries(MANY);
        follower.nextEntry();
        assertEquals(1, follower.calls(), "rule 7: nothing after close");
    }

    @Test
    @DisplayName("rule 7: a follower may call the log, and end its own following")
    void followersMayCallTheLog() throws Exception {
        List<Following> followings = new ArrayList<>();
        Position start = oldest(log());
        Followed follower = follow(log(), start, followings::add);
        CompletableFuture<Position> appended = new CompletableFuture<>();
        CompletableFuture<Range> range = new CompletableFuture<>();
        follower.during(() -> {
            log().append(emission("two")).thenAccept(appended::complete);
            log().range().thenAccept(range::complete);
            followings.get(0).close();
        });
        append(log(), "one");
        Position second = get(appended);
        assertEquals(second, newest(log()));
        get(range);
        assertEquals(List.of("one", "two"), dataOf(follow(log(), start).nextEntries(2)));
        assertEquals(List.of("entry"), follower.rest(), "rule 7: nothing after close");
    }

    @Test
    @DisplayName("rule 7: what the engine delivers again is not followed again")
    void redeliveriesAreRemoved() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        appendAll(log(), "event", 5);
        follower.nextEntries(5);
        tested().redeliver(log());
        appendAll(log(), "later", 5);
        assertEquals(numbered("later", 5), dataOf(follower.nextEntries(5)));
        assertEquals(List.of(), follower.rest());
        assertEquals(10, readAll(log()).size());
    }

    @Test
    @DisplayName("rule 7: after an outage following goes on where it was")
    void goesOnAfterAnOutage() throws Exception {
        EventLog other = another();
        Followed follower = follow(log(), oldest(log()));
        append(other, "before");
        assertEquals("before", follower.nextEntry().emission().event().data());
        tested().disconnect(log());
        follower.nextDown();
        appendAll(other, "meanwhile", 100);
        tested().reconnect(log());
        follower.nextUp();
        assertEquals(numbered("meanwhile", 100), dataOf(follower.nextEntries(100)));
        append(other, "after");
        assertEquals("after", follower.nextEntry().emission().event().data());
    }

    @Test
    @DisplayName("rule 7: what was trimmed before it could be followed is told before the next entry")
    void lossIsToldFirst() throws Exception {
        EventLog other = another();
        Followed follower = follow(log(), oldest(log()));
        append(other, "before");
        follower.nextEntry();
        tested().disconnect(log());
        follower.nextDown();
        List<Position> positions = appendAll(other, "meanwhile", 10);
        tested().trim(positions.get(6));
        tested().reconnect(log());
        follower.nextUp();
        Range now = follower.nextLost();
        assertEquals(get(other.range()), now);
        assertEquals(numbered("meanwhile", 10).subList(7, 10), dataOf(follower.nextEntries(3)));
        append(other, "after");
        assertEquals("after", follower.nextEntry().emission().event().data(), "rule 7: a loss is told once");
    }

    @Test
    @DisplayName("rule 7: following from a position after which something was trimmed begins with a loss")
    void followingFromATrimmedPosition() throws Exception {
        List<Position> positions = appendAll(log(), "event", 10);
        tested().trim(positions.get(4));
        Followed tooLate = follow(log(), positions.get(3));
        assertEquals(get(log().range()), tooLate.nextLost());
        assertEquals(numbered("event", 10).subList(5, 10), dataOf(tooLate.nextEntries(5)));
        Followed inTime = follow(log(), positions.get(4));
        assertEquals(numbered("event", 10).subList(5, 10), dataOf(inTime.nextEntries(5)), "nothing is lost");
    }

    @Test
    @DisplayName("rule 8: what appears late appears after everything that was followed already")
    void lateCommitsComeLast() throws Exception {
        Position start = oldest(log());
        Followed follower = follow(log(), start);
        Runnable commit = tested().begin(emission("begun first"));
        Position position = append(log(), "stored first");
        assertEquals(position, follower.nextEntry().position(), "rule 8: a transaction holds nothing up");
        commit.run();
        Entry late = follower.nextEntry();
        assertEquals("begun first", late.emission().event().data());
        assertIncreasing(List.of(position, late.position()), "rule 8: nothing appears before what was followed");
        List<Entry> read = readAll(log(), start, PLENTY);
        assertEquals(List.of("stored first", "begun first"), dataOf(read));
        assertEquals(List.of("begun first"), dataOf(readAll(log(), position, PLENTY)));
    }

    @Test
    @DisplayName("rule 8: a transaction that is forgotten holds nothing up")
    void forgottenTransactions() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        tested().begin(emission("forgotten"));
        appendAll(log(), "event", 20);
        assertEquals(numbered("event", 20), dataOf(follower.nextEntries(20)));
        assertEquals(numbered("event", 20), dataOf(readAll(log())));
    }
}
