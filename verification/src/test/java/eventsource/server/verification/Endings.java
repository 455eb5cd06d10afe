package eventsource.server.verification;

import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hears of streams that open and end, and keeps all of it. */
final class Endings implements StreamListener {

    private final ConcurrentLinkedQueue<EventStream> opened = new ConcurrentLinkedQueue<>();
    private final Map<EventStream, ConcurrentLinkedQueue<StreamEnd>> ends = new ConcurrentHashMap<>();

    @Override
    public void opened(EventStream stream) {
        opened.add(stream);
    }

    @Override
    public void closed(EventStream stream, StreamEnd end) {
        ends.computeIfAbsent(stream, first -> new ConcurrentLinkedQueue<>()).add(end);
    }

    /** How all streams ended that were opened, in the order in which they were; one that is open has no part in it. */
    List<StreamEnd> inOrder() {
        return opened.stream().flatMap(stream -> of(stream).stream()).toList();
    }

    /** How a stream ended: nothing while it is open, and one end after it; more are a fault of the server. */
    List<StreamEnd> of(EventStream stream) {
        ConcurrentLinkedQueue<StreamEnd> all = ends.get(stream);
        return all == null ? List.of() : List.copyOf(all);
    }

    List<EventStream> opened() {
        return List.copyOf(opened);
    }
}
