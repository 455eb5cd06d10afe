package eventsource.server.verification.flow;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * Streams of exactly so many elements. The first element is the prelude; each event is so large that no two of them fit into
 * one element.
 */
final class FiniteStreams implements AutoCloseable {

    /** Two of them are more than the 64 KiB of an element. */
    private static final String LARGE = "x".repeat(40 * 1024);

    /** How many events wait in the journal for a subscriber that takes them; the kit also asks for "endless" streams. */
    private static final long AHEAD = 16;

    private final List<EventSourceServer> servers = new ArrayList<>();

    /** A publisher for any number of subscribers, which ends when one of them is given the last element. */
    Flow.Publisher<ByteBuffer> manySubscribers(long elements) {
        EventSourceServer server = server();
        Tap tap = new Tap(server, elements);
        Flow.Publisher<ByteBuffer> streams =
                server.outSupply(StreamRequest.own().fromEarliest());
        return subscriber -> streams.subscribe(subscriber == null ? null : new TapSubscriber(tap, subscriber));
    }

    /** A publisher for one subscriber, whose server is stopped as soon as that one has subscribed. */
    Flow.Publisher<ByteBuffer> oneSubscriber(long elements) {
        EventSourceServer server = server();
        Tap tap = new Tap(server, elements);
        Flow.Publisher<ByteBuffer> body = open(server).body();
        return subscriber -> {
            body.subscribe(subscriber == null ? null : new TapSubscriber(tap, subscriber));
            tap.stopIfDry();
        };
    }

    /** A publisher that has a subscriber already, and refuses every other. */
    Flow.Publisher<ByteBuffer> taken() {
        Flow.Publisher<ByteBuffer> body = open(server()).body();
        body.subscribe(new Idle());
        return body;
    }

    private EventSourceServer server() {
        EventSourceServer server = EventSourceServer.builder()
                .keepalive(Duration.ZERO)
                .stall(Duration.ofDays(1))
                .retry(Duration.ofSeconds(2), Duration.ofSeconds(2)) // so that all preludes are equal
                .build();
        servers.add(server);
        return server;
    }

    private static EventStream open(EventSourceServer server) {
        return server.open(StreamRequest.own().fromEarliest())
                .toCompletableFuture()
                .join();
    }

    @Override
    public void close() {
        servers.forEach(EventSourceServer::close);
        servers.clear();
    }

    /** The events of a stream, some of them in advance. Used by one subscriber at a time, or for few elements. */
    private static final class Tap {

        private final EventSourceServer server;
        private final long elements;
        private long left;

        Tap(EventSourceServer server, long elements) {
            this.server = server;
            this.elements = elements;
            left = elements - 1;
            for (int i = 0; i < AHEAD; i++) {
                drip();
            }
        }

        synchronized void drip() {
            if (left > 0) {
                left--;
                server.emit(LARGE);
            }
        }

        synchronized void stopIfDry() {
            if (left == 0) {
                server.stop();
            }
        }

        void taken(long count) {
            drip();
            if (count == elements) {
                server.stop();
            }
        }
    }

    /** Hands all signals on. It belongs to the subscription, so it goes when the subscriber has to be let go. */
    private static final class TapSubscriber implements Flow.Subscriber<ByteBuffer> {

        private final Tap tap;
        private final Flow.Subscriber<? super ByteBuffer> to;
        private long count;

        TapSubscriber(Tap tap, Flow.Subscriber<? super ByteBuffer> to) {
            this.tap = tap;
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            tap.taken(++count);
            to.onNext(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }

    private static final class Idle implements Flow.Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(ByteBuffer bytes) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
