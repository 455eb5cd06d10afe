package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpManners;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Emits a {@code tick} every second. A client that drops and returns misses none. */
final class Tick implements Example {

    @Override
    public Site start() {
        var events = EventSourceServer.builder().gapEvent("gap").build();
        var clock = Executors.newSingleThreadScheduledExecutor(Example::daemon);
        clock.scheduleAtFixedRate(
                () -> events.emit(
                        "tick", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()),
                0,
                1,
                TimeUnit.SECONDS);
        return new Site(events).stream("/", HttpManners.of(events)).page("/", LivePage.of("tick", "gap"));
    }
}
