package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events are retained for as long as the server was told, and nothing stays behind them. */
class AgeTest {

    private final SteppedServer stepped = new SteppedServer(
            options -> options.retainFor(Duration.ofMinutes(1)).keepalive(Duration.ZERO));

    @Test
    void anEventIsRetainedExactlyForItsTime() {
        String before = stepped.open(StreamRequest.own()).resume().from();
        stepped.server.emit("event");

        stepped.advanceMillis(59_999);
        Client inTime = Client.eager().on(stepped.server, StreamRequest.own().after(before));
        assertEquals(List.of("event"), inTime.data());
        assertEquals(
                Resume.Outcome.RESUMED,
                stepped.open(StreamRequest.own().after(before)).resume().outcome());

        stepped.advanceMillis(1);
        assertEquals(
                Resume.Outcome.GAP,
                stepped.open(StreamRequest.own().after(before)).resume().outcome());
        Client tooLate = Client.eager().on(stepped.server, StreamRequest.own().after(before));
        assertEquals(List.of(), tooLate.data());
        stepped.server.emit("next");
        assertEquals(List.of("next"), tooLate.data());
    }

    @Test
    void aClientThatHadTheLastEventHasNoGapHoweverLongItWasAway() {
        String id = stepped.server.emit("event").toCompletableFuture().join();
        stepped.clock.advance(Duration.ofDays(1));

        EventStream stream = stepped.open(StreamRequest.own().after(id));

        assertEquals(Resume.Outcome.RESUMED, stream.resume().outcome());
        assertEquals(id, stream.resume().from());
    }

    @Test
    void eachEventGoesAtItsOwnTime() {
        for (int i = 0; i < 10; i++) {
            stepped.server.emit("event " + i);
            stepped.advanceMillis(5_000);
        }
        for (int gone = 0; gone <= 10; gone++) {
            stepped.clock.advance(gone == 0 ? Duration.ofSeconds(9) : Duration.ofSeconds(5));
            Client client =
                    Client.eager().on(stepped.server, StreamRequest.own().fromEarliest());
            assertEquals(10 - gone, client.data().size());
            client.cancel();
        }
    }

    @Test
    void theJournalEmptiesItselfWhileNobodyAsks() {
        SteppedServer patient = new SteppedServer(options -> options.retainFor(Duration.ofMinutes(1))
                .keepalive(Duration.ZERO)
                .stall(Duration.ofDays(1)));
        EventStream waiting = patient.open(StreamRequest.own());
        for (int i = 0; i < 10; i++) {
            patient.server.emit("event " + i);
            patient.advanceMillis(5_000);
        }
        assertEquals(10, waiting.lag());
        patient.advanceMillis(10_000 + 100);
        assertEquals(9, waiting.lag());
        patient.advanceMillis(20_000);
        assertEquals(5, waiting.lag());
        patient.advanceMillis(25_000);
        assertEquals(0, waiting.lag());
    }

    @Test
    void nothingIsScheduledAnyMoreWhenNothingIsRetainedAndNoStreamIsOpen() {
        assertEquals(0, stepped.clock.scheduled(), "an idle server has no timer");
        stepped.server.emit("event");
        Client client = stepped.eagerClient();
        client.cancel();
        stepped.assertEnds(StreamEnd.CANCELLED);

        stepped.advanceMillis(59_000);
        assertEquals(1, stepped.clock.scheduled(), "the one timer for all alarms");
        stepped.advanceMillis(1_000);

        stepped.assertNothingScheduled();
        Client empty = Client.eager().on(stepped.server, StreamRequest.own().fromEarliest());
        assertEquals(List.of(), empty.data());
    }

    @Test
    void aServerThatIsEmptyAndStoppedLeavesNoTimer() {
        Client client = stepped.eagerClient();
        stepped.server.stop();

        stepped.assertEnds(StreamEnd.STOPPED);
        assertEquals(true, client.hasEnded());
        stepped.assertNothingScheduled();
    }

    @Test
    void manyServersOfOneTimerShareOneTick() {
        TestClock clock = new TestClock();
        var options = EventSourceServer.builder().executor(Runnable::run).timer(clock, clock::nanoTime);
        for (int i = 0; i < 50; i++) {
            EventSourceServer server = options.build();
            server.emit("event");
            Client.eager().on(server, StreamRequest.own());
        }
        assertEquals(1, clock.scheduled());
    }

    @Test
    void aTimeOfZeroRetainsUntilThereIsTooMuch() {
        SteppedServer keeping = new SteppedServer(options -> options.retainFor(Duration.ZERO));
        keeping.server.emit("event");
        keeping.clock.advance(Duration.ofDays(2));

        Client client = Client.eager().on(keeping.server, StreamRequest.own().fromEarliest());

        assertEquals(List.of("event"), client.data());
    }
}
