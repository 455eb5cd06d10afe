package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Follower;
import eventsource.server.spi.EventLog.Range;
import eventsource.server.spi.Position;
import eventsource.server.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a test that drives the log itself can rely on. */
class ScriptTest implements Follower {

    private final List<String> told = new ArrayList<>();

    @Override
    public void entries(List<Entry> batch) {
        batch.forEach(entry -> told.add(entry.emission().event().data()));
    }

    @Override
    public void lost(Range now) {
        told.add("lost, now after " + now.after().ordinal());
    }

    @Override
    public void down(Throwable why) {
        told.add("down, " + why.getMessage());
    }

    @Override
    public void up() {
        told.add("up");
    }

    private static Emission emission(String data) {
        return Emission.of(Event.of(data));
    }

    @Test
    void withAClockNothingHappensUntilItAdvances() {
        TestClock clock = new TestClock();
        ScriptedLog log = new ScriptedLog(clock);
        ScriptedNode node = log.node();
        node.follow(log.range().after(), this);
        CompletableFuture<Position> appended = node.append(emission("one")).toCompletableFuture();
        CompletableFuture<Range> range = node.range().toCompletableFuture();
        assertFalse(appended.isDone());
        assertFalse(range.isDone());
        assertEquals(List.of(), log.entries());
        assertEquals(List.of(), told);

        clock.advance(Duration.ZERO);

        assertEquals(List.of("one"), told);
        assertEquals(log.entries().get(0).position(), appended.join());
        assertEquals(log.range(), range.join());
    }

    @Test
    void withTheCallersThreadEverythingHappensAtOnce() {
        ScriptedLog log = new ScriptedLog(Runnable::run);
        ScriptedNode node = log.node();
        node.follow(log.range().after(), this);
        log.append(emission("by somebody else"));
        node.append(emission("by the node"));
        node.disconnect(new IllegalStateException("cut"));
        log.append(emission("meanwhile"));
        node.reconnect();
        log.recreate();
        assertEquals(
                List.of("by somebody else", "by the node", "down, cut", "up", "meanwhile", "lost, now after 0"), told);
    }

    @Test
    void aForcedEpochKeepsTheEntries() {
        ScriptedLog log = new ScriptedLog(Runnable::run);
        Position old = log.append(emission("one"));
        log.forceEpoch();
        Entry entry = log.entries().get(0);
        assertEquals("one", entry.emission().event().data());
        assertEquals(old.ordinal(), entry.position().ordinal());
        assertFalse(old.epoch().equals(entry.position().epoch()));
        assertTrue(
                log.node().read(old, List.of(), 10).toCompletableFuture().join().trimmed());
    }

    @Test
    void anEpochThatChangesDuringAReadFailsIt() {
        ScriptedLog log = new ScriptedLog(Runnable::run);
        ScriptedNode node = log.node();
        Position start = log.range().after();
        log.append(emission("one"));
        node.duringNextRead(log::recreate);
        CompletableFuture<?> page = node.read(start, List.of(), 10).toCompletableFuture();
        assertThrows(CompletionException.class, page::join);
    }

    @Test
    void faultsComeInTheOrderOfTheScript() {
        ScriptedLog log = new ScriptedLog(Runnable::run);
        ScriptedNode node = log.node();
        for (AppendFault fault : AppendFault.values()) {
            node.fail(fault);
        }
        List<CompletableFuture<Position>> outcomes = new ArrayList<>();
        for (AppendFault fault : AppendFault.values()) {
            outcomes.add(node.append(emission(fault.name())).toCompletableFuture());
        }
        CompletableFuture<Position> behind = node.append(emission("behind")).toCompletableFuture();
        assertTrue(outcomes.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        assertFalse(behind.isDone());
        node.settle();
        assertTrue(behind.isDone());
        assertEquals(
                List.of("ANSWER_LOST", "LATE", "behind"),
                log.entries().stream()
                        .map(entry -> entry.emission().event().data())
                        .toList());
    }

    @Test
    void aFollowerThatThrowsCostsTheOthersNothing() {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((where, what) -> thrown.add(what));
        try {
            ScriptedLog log = new ScriptedLog(Runnable::run);
            log.node().follow(log.range().after(), new ScriptTest() {
                @Override
                public void entries(List<Entry> batch) {
                    throw new IllegalStateException("thrown");
                }
            });
            log.node().follow(log.range().after(), this);
            log.append(emission("one"));
            assertEquals(List.of("one"), told);
            assertEquals(1, thrown.size());
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
    }
}
