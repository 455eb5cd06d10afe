package eventsource.server.interop;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What one client is told: an event source server of its own. */
final class Story {

    /** When its client comes back. No browser's minimum is above it, and no client's default is the same. */
    static final Duration RETRY = Duration.ofMillis(600);

    /** After how much silence a heartbeat is sent. */
    static final Duration KEEPALIVE = Duration.ofMillis(400);

    private final EventSourceServerBuilder options =
            EventSourceServer.builder().retry(RETRY, RETRY).keepalive(KEEPALIVE).gapEvent("gap");

    private volatile EventSourceServer events = options.build();

    CompletionStage<EventStream> open(StreamRequest request) {
        return events.open(request);
    }

    /** Emits an event; an empty type or id is none. Completes with the id on the wire. */
    CompletionStage<String> emit(String type, String id, String data) {
        Event event = type.isEmpty() ? Event.of(data) : Event.of(type, data);
        return events.emit(id.isEmpty() ? event : event.withId(id));
    }

    /** Ends each stream properly; its client may come back. Completes with how many there were. */
    CompletionStage<Integer> end() {
        return events.end(request -> true);
    }

    /** Nothing comes after this: who comes back is told to stay away. */
    void finish() {
        events.finish();
    }

    /** Goes on as if the process had been restarted. The streams that are open hear nothing any more. */
    void forget() {
        events = options.build();
    }

    void stop() {
        events.stop();
    }
}
