package eventsource.server.amqp;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.EventStreamParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** What a client of a server's own stream is sent, from the earliest event on. */
final class Seen implements Flow.Subscriber<ByteBuffer> {

    private final List<String> data = new ArrayList<>(); // guarded by this
    private final EventStreamParser parser = new EventStreamParser(event -> data.add(event.data()));

    static Seen of(EventSourceServer events) {
        Seen seen = new Seen();
        events.outSupply(StreamRequest.own().fromEarliest()).subscribe(seen);
        return seen;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(ByteBuffer bytes) {
        parser.feed(bytes);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}

    synchronized List<String> data() {
        return List.copyOf(data);
    }

    synchronized int size() {
        return data.size();
    }

    /** Waits until so many events have come. */
    List<String> await(int events) throws Exception {
        Await.until(() -> size() + " of " + events + " events: " + data(), () -> size() >= events);
        return data();
    }
}
