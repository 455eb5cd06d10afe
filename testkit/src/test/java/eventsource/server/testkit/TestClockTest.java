package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TestClockTest {

    private final TestClock clock = new TestClock();
    private final List<String> ran = new ArrayList<>();

    private ScheduledFuture<?> schedule(String name, long millis) {
        return clock.schedule(() -> ran.add(name + " at " + millis()), millis, TimeUnit.MILLISECONDS);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }

    private void advance(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    @Test
    void timePassesOnlyWhenToldTo() {
        assertEquals(0, clock.nanoTime());
        advance(5);
        assertEquals(5_000_000, clock.nanoTime());
    }

    @Test
    void everythingDueRunsInTheOrderOfItsTimesAndEachAtItsTime() {
        schedule("late", 30);
        schedule("early", 10);
        schedule("early too", 10);
        schedule("too late", 51);

        advance(50);

        assertEquals(List.of("early at 10", "early too at 10", "late at 30"), ran);
        assertEquals(50, millis());
        assertEquals(1, clock.scheduled());
    }

    @Test
    void nothingRunsEarly() {
        schedule("task", 10);
        clock.advance(Duration.ofMillis(10).minusNanos(1));
        assertEquals(List.of(), ran);
        clock.advance(Duration.ofNanos(1));
        assertEquals(List.of("task at 10"), ran);
    }

    @Test
    void aTaskThatIsScheduledByAnotherRunsInTheSameAdvanceIfItIsDue() {
        clock.schedule(() -> schedule("second", 10), 10, TimeUnit.MILLISECONDS);
        advance(20);
        assertEquals(List.of("second at 20"), ran);
    }

    @Test
    void aPeriodicTaskRunsOncePerPeriodUntilItIsCancelled() {
        ScheduledFuture<?> task =
                clock.scheduleAtFixedRate(() -> ran.add("at " + millis()), 10, 20, TimeUnit.MILLISECONDS);
        advance(55);
        assertEquals(List.of("at 10", "at 30", "at 50"), ran);
        task.cancel(false);
        advance(100);
        assertEquals(3, ran.size());
        assertEquals(0, clock.scheduled());
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        ScheduledFuture<?> task = schedule("task", 10);
        assertEquals(10, task.getDelay(TimeUnit.MILLISECONDS));
        task.cancel(false);
        advance(20);
        assertEquals(List.of(), ran);
        assertTrue(task.isCancelled());
    }

    @Test
    void whatATaskThrowsIsItsOwn() {
        ScheduledFuture<?> failing = clock.schedule(
                () -> {
                    throw new IllegalStateException("failed");
                },
                10,
                TimeUnit.MILLISECONDS);
        schedule("next", 10);
        advance(10);
        assertEquals(List.of("next at 10"), ran);
        assertThrows(Exception.class, failing::get);
    }

    @Test
    void workWithoutATimeRunsWithTheNextAdvance() {
        clock.execute(() -> ran.add("executed"));
        assertEquals(List.of(), ran);
        advance(0);
        assertEquals(List.of("executed"), ran);
    }

    @Test
    void aClockThatWasShutDownTakesNoWork() {
        schedule("left", 10);
        clock.shutdown();
        assertThrows(RejectedExecutionException.class, () -> schedule("refused", 1));
        assertFalse(clock.isTerminated());
        assertEquals(1, clock.shutdownNow().size());
        assertTrue(clock.isTerminated());
        assertTrue(clock.awaitTermination(1, TimeUnit.DAYS));
    }
}
