package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventStream;
import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;

/** Reads a stream whose server drains on the calling thread, so that everything sent is here when the sender returns. */
final class ReadStream implements Flow.Subscriber<ByteBuffer> {

    private final EventStreamParser parser = new EventStreamParser();

    static ReadStream of(EventStream stream) {
        ReadStream read = new ReadStream();
        stream.body().subscribe(read);
        return read;
    }

    List<ParsedEvent> events() {
        assertEquals(List.of(), parser.violations(), "the stream breaks the rules of the wire");
        return parser.events();
    }

    List<String> data() {
        return events().stream().map(ParsedEvent::data).toList();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        parser.feed(bytes);
    }

    @Override
    public void onError(Throwable why) {
        throw new AssertionError("the stream failed", why);
    }

    @Override
    public void onComplete() {
        parser.end();
    }
}
