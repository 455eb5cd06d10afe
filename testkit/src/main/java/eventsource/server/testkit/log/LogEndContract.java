package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 12: outages, and the end. */
abstract class LogEndContract extends ReadContract {

    @Test
    @DisplayName("rule 12: each follower hears once that the engine is down, and once that it is up")
    void downAndUp() throws Exception {
        Followed first = follow(log(), oldest(log()));
        Followed second = follow(log(), oldest(log()));
        tested().disconnect(log());
        first.nextDown();
        second.nextDown();
        tested().reconnect(log());
        first.nextUp();
        second.nextUp();
        append(log(), "after");
        assertEquals("after", first.nextEntry().emission().event().data());
        assertEquals("after", second.nextEntry().emission().event().data());
    }

    @Test
    @DisplayName("rule 12: following may begin while the engine is down")
    void followingBeginsDown() throws Exception {
        Position start = oldest(log());
        append(log(), "before");
        tested().disconnect(log());
        Followed follower = follow(log(), start);
        follower.nextDown();
        tested().reconnect(log());
        follower.nextUp();
        assertEquals("before", follower.nextEntry().emission().event().data());
    }

    @Test
    @DisplayName("rule 12: reads fail while the engine is down, and work again afterwards")
    void readsFailWhileDown() throws Exception {
        append(log(), "one");
        Position start = oldest(log());
        tested().disconnect(log());
        failureOf(log().read(start, List.of(), PLENTY));
        failureOf(log().range());
        tested().reconnect(log());
        Followed follower = follow(log(), start);
        append(log(), "two");
        follower.nextEntries(2);
        assertEquals(List.of("one", "two"), dataOf(readAll(log(), start, PLENTY)));
    }

    @Test
    @DisplayName("rule 12: on close, appends that are pending fail as unknown")
    void closeFailsPendingAppends() throws Exception {
        append(log(), "one");
        tested().holdAppends(log());
        List<CompletionStage<Position>> pending = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pending.add(log().append(emission("pending " + i)));
        }
        get(log().range()); // so the appends have got as far as they can
        log().close();
        for (CompletionStage<Position> stage : pending) {
            assertInstanceOf(AppendUnknownException.class, failureOf(stage));
        }
    }

    @Test
    @DisplayName("rule 12: after close, appends are refused, and other questions fail")
    void closedLogsFail() throws Exception {
        Position position = append(log(), "one");
        log().close();
        log().close();
        assertInstanceOf(AppendRefusedException.class, failureOf(log().append(emission("two"))));
        failureOf(log().read(position, List.of(), PLENTY));
        failureOf(log().range());
    }

    @Test
    @DisplayName("rule 12: after close nothing is called any more; other nodes go on")
    void nothingIsCalledAfterClose() throws Exception {
        EventLog other = another();
        Followed closed = follow(log(), oldest(log()));
        Followed open = follow(other, oldest(other));
        append(log(), "one");
        closed.nextEntry();
        log().close();
        Followed late = follow(log(), oldest(other));
        List<Position> positions = appendAll(other, "event", 50);
        open.nextEntries(51);
        tested().trim(positions.get(40));
        tested().changeEpoch();
        append(other, "last");
        open.nextLost();
        assertEquals(List.of(), closed.rest(), "rule 12: nothing after close");
        assertEquals(List.of(), late.rest(), "rule 12: a following that begins after close is told nothing");
    }

    @Test
    @DisplayName("rule 12: closing in a call of a follower ends all that comes after it")
    void closingInACall() throws Exception {
        Position start = oldest(log());
        appendAll(log(), "event", MANY);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Followed follower = new Followed(tested().patience());
        follower.during(() -> {
            log().close();
            closed.complete(null);
        });
        log().follow(start, follower);
        get(closed);
        assertInstanceOf(AppendRefusedException.class, failureOf(log().append(emission("late"))));
        assertEquals(1, follower.calls(), "rule 12: nothing after close");
    }
}
