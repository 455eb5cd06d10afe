package eventsource.server;

import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A client of a stream: reads what it is given with the strict parser, and asks for more as the test says. */
final class Reader implements Flow.Subscriber<ByteBuffer> {

    final EventStreamParser parser = new EventStreamParser();
    final List<String> elements = new ArrayList<>();
    final List<ByteBuffer> buffers = new ArrayList<>();
    private final long first;
    private final boolean goOn;
    Flow.@Nullable Subscription subscription;

    @Nullable
    Throwable error;

    boolean completed;

    private Reader(long first, boolean goOn) {
        this.first = first;
        this.goOn = goOn;
    }

    /** Asks for one element after the other, as an adapter does. */
    static Reader eager() {
        return new Reader(1, true);
    }

    /** Asks for so many elements, and then only when told to. */
    static Reader asking(long elements) {
        return new Reader(elements, false);
    }

    /** An eager reader of a stream of its own. */
    static Reader of(EventSourceServer server, StreamRequest request) {
        Reader reader = eager();
        server.outSupply(request).subscribe(reader);
        return reader;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        if (first > 0) {
            to.request(first);
        }
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        buffers.add(bytes.duplicate());
        elements.add(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
        parser.feed(bytes);
        if (goOn) {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        error = thrown;
    }

    @Override
    public void onComplete() {
        completed = true;
        parser.end();
    }

    String text() {
        return String.join("", elements);
    }

    /** What came after the first element, which is the prelude. */
    String events() {
        return String.join("", elements.subList(1, elements.size()));
    }

    List<String> data() {
        return parser.events().stream().map(ParsedEvent::data).toList();
    }

    boolean hasEnded() {
        return completed || error != null;
    }
}
