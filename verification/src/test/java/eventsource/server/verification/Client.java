package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client without a socket: it reads elements with the strict parser, asks for more as the test says, and watches how it is
 * signalled. What it received may be read on the thread that signals, or once {@link #ended} has completed.
 */
final class Client implements Flow.Subscriber<ByteBuffer> {

    /** Completes with null, or with what {@code onError} was given. */
    final CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();

    private final EventStreamParser parser;
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    private final List<ParsedEvent> events = new ArrayList<>();
    private final Consumer<Client> taken;
    private volatile Flow.@Nullable Subscription subscription;
    private int elements;

    private Client(Consumer<Client> taken) {
        this.taken = taken;
        parser = new EventStreamParser(events::add);
    }

    /** A client that does something after each element, besides what the test makes it do. */
    static Client that(Consumer<Client> taken) {
        return new Client(taken);
    }

    /** A client that asks for one element after the other, as adapters do. */
    static Client eager() {
        return that(client -> client.request(1));
    }

    /** A client that asks only when the test says so. */
    static Client idle() {
        return that(client -> {});
    }

    /** Subscribes, and asks for the first elements. */
    Client on(Flow.Publisher<ByteBuffer> body, long first) {
        body.subscribe(this);
        if (first > 0) {
            request(first);
        }
        return this;
    }

    Client on(EventSourceServer server, StreamRequest request) {
        return on(server.outSupply(request), 1);
    }

    boolean isSubscribed() {
        return subscription != null;
    }

    void request(long n) {
        demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        Objects.requireNonNull(subscription).request(n);
    }

    void cancel() {
        Objects.requireNonNull(subscription).cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        if (subscription != null) {
            faults.add("a second onSubscribe");
        }
        subscription = from;
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        signal("onNext", () -> {
            if (demand.getAndDecrement() <= 0) {
                faults.add("an element that was not requested");
            }
            elements++;
            parser.feed(bytes);
            if (!parser.atBoundary()) {
                faults.add("an element that ends inside an event");
            }
            taken.accept(this);
        });
    }

    @Override
    public void onError(Throwable failure) {
        signal("onError", () -> end(failure));
    }

    @Override
    public void onComplete() {
        signal("onComplete", () -> end(null));
    }

    private void end(@Nullable Throwable failure) {
        faults.addAll(parser.violations());
        parser.end();
        ended.complete(failure);
    }

    private void signal(String what, Runnable content) {
        if (!signalled.compareAndSet(false, true)) {
            faults.add(what + " during another signal");
        }
        try {
            if (ended.isDone()) {
                faults.add(what + " after the end");
            } else {
                content.run();
            }
        } finally {
            signalled.set(false);
        }
    }

    /** Fails if a signal came that {@code Flow} does not allow, or bytes that the strict parser does not. */
    void assertNoFault() {
        assertEquals(List.of(), List.copyOf(faults));
        assertEquals(List.of(), parser.violations());
    }

    /** How many elements came, the prelude included. */
    int elements() {
        return elements;
    }

    /** How many heartbeats came: every comment line but the one of the prelude. */
    int heartbeats() {
        return parser.comments() - 1;
    }

    List<ParsedEvent> events() {
        return events;
    }

    List<String> data() {
        return events.stream().map(ParsedEvent::data).toList();
    }

    String lastEventId() {
        return parser.lastEventId();
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** What {@code onError} was given; null before the end, and if there was none. */
    @Nullable
    Throwable error() {
        return ended.getNow(null);
    }
}
