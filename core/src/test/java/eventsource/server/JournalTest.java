package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class JournalTest {

    private static Settings settings(ScheduledExecutorService timer) {
        return new Settings(
                1 << 20,
                1_000_000_000L,
                0,
                1 << 20,
                10,
                0,
                1_000_000_000L,
                new Between(0, 0),
                new Between(0, 0),
                null,
                null,
                new StreamListener() {},
                Runnable::run,
                new Wheel(timer, System::nanoTime));
    }

    @Test
    void whatIsForgottenIsNeitherHeldNorWatched() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Journal journal = new Journal(settings(timer));
            journal.append(Emission.of(Event.of("1").withId("a"), "t", "u"));
            journal.append(Emission.of(Event.of("2")));
            journal.stop();
            assertNull(journal.append(Emission.of(Event.of("3"))));
            Journal.Start start = journal.enter(StreamRequest.of("t", "u").fromEarliest());
            assertEquals(2, Journal.pending(List.of(start.feeds()), start.after()));
            journal.forget();
            assertEquals(0, Journal.pending(List.of(start.feeds()), start.after()));
            assertEquals(2, journal.head());
        } finally {
            timer.shutdownNow();
        }
    }
}
