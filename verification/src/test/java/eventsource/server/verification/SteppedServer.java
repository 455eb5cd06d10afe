package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A server whose every step happens on the thread of the test, at the time that the test sets. */
final class SteppedServer {

    /** How late an alarm may be. */
    static final Duration RESOLUTION = Duration.ofMillis(100);

    final TestClock clock = new TestClock();
    final Endings endings = new Endings();
    final EventSourceServer server;
    private long paused;

    SteppedServer(UnaryOperator<EventSourceServerBuilder> options) {
        server = options.apply(EventSourceServer.builder()
                        .executor(Runnable::run)
                        .timer(clock, () -> clock.nanoTime() + paused)
                        .listener(endings))
                .build();
    }

    EventStream open(StreamRequest request) {
        return server.open(request).toCompletableFuture().join();
    }

    Client eagerClient() {
        return Client.eager().on(server, StreamRequest.own());
    }

    void advanceMillis(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    /** Lets time pass without anything running meanwhile, as when a machine is suspended. */
    void pause(Duration time) {
        paused += time.toNanos();
    }

    void assertEnds(StreamEnd... ends) {
        assertEquals(List.of(ends), endings.inOrder());
    }

    void assertNothingScheduled() {
        clock.advance(RESOLUTION); // the tick that finds nothing to do any more
        assertEquals(0, clock.scheduled());
    }
}
