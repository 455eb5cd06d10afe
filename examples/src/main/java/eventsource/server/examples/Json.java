package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpManners;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Emits a JSON object every second, printed over several lines: a client reads one event with all of them. */
final class Json implements Example {

    private int count;

    @Override
    public Site start() {
        var events = EventSourceServer.create();
        var clock = Executors.newSingleThreadScheduledExecutor(Example::daemon);
        clock.scheduleAtFixedRate(() -> events.emit(next()), 0, 1, TimeUnit.SECONDS);
        return new Site(events).stream("/", HttpManners.of(events)).page("/", LivePage.of());
    }

    private String next() {
        return """
                {
                  "count": %d,
                  "time": "%s",
                  "words": [
                    "one",
                    "event"
                  ]
                }""".formatted(++count, Instant.now());
    }
}
