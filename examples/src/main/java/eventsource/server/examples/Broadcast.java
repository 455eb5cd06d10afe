package eventsource.server.examples;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpManners;
import java.util.concurrent.CompletionStage;

/**
 * Passes on what is posted: {@code POST /pub?topic=a} emits the body, {@code GET /sub?topic=a&topic=b} is a stream. Without
 * a topic, both mean the server's own stream.
 */
final class Broadcast implements Example {

    /** A body of 1 MiB has as many lines as bytes at the most, and each line gets six bytes of field name. */
    private static final int MAX_EVENT_BYTES = 8 * Site.MAX_BODY;

    private final EventSourceServer events = EventSourceServer.builder()
            .maxEventBytes(MAX_EVENT_BYTES)
            .gapEvent("gap")
            .build();

    @Override
    public Site start() {
        HttpManners manners =
                HttpManners.builder(events).topicParameter("topic").build();
        return new Site(events).stream("/sub", manners).post("/pub", this::publish);
    }

    private CompletionStage<String> publish(Posted posted) {
        String[] topics = posted.request().parameters("topic").toArray(String[]::new);
        return events.emit(Event.of(posted.text()), topics);
    }
}
