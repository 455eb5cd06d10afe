package eventsource.server.spring;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher publishes, as the stream of one client, with heartbeats, reconnection times and ids. The publisher is asked
 * for one event, and for the next when that is being written, so that a slow client holds up its publisher and no memory.
 *
 * <p>Confinement. The publisher calls serially. {@code stream} is set before the publisher is subscribed to. Whoever turns
 * {@code waiting} off asks for the next event, the publisher's thread or that which writes the stream.
 */
final class PublishedEvents implements Flow.Subscriber<Event>, StreamListener {

    private static final System.Logger LOG = System.getLogger("eventsource.server");

    private final Flow.Publisher<Event> source;
    private final EventSourceServer server;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable EventStream stream;
    private volatile Flow.@Nullable Subscription subscription;

    /**
     * Prepares a stream; nothing is subscribed to before it is opened.
     *
     * @param source publishes the events
     * @param options for a server that has this stream alone
     */
    PublishedEvents(Flow.Publisher<Event> source, EventSourceServerBuilder options) {
        this.source = source;
        server = options.retainFor(Duration.ZERO)
                .retainPerTopic(2) // the one that is being taken, and the next
                .listener(this)
                .build();
    }

    CompletionStage<EventStream> open(StreamRequest wanted) {
        return server.open(wanted).thenApply(opened -> {
            stream = opened;
            try {
                source.subscribe(this);
            } catch (RuntimeException failed) {
                opened.end(); // nobody else has it
                throw failed;
            }
            return new ServedStream(opened, this::askIfTaken, this::leave, () -> failure);
        });
    }

    /** That of this stream alone. */
    EventSourceServer server() {
        return server;
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        if (closed) {
            from.cancel();
        } else {
            from.request(1);
        }
    }

    @Override
    public void onNext(Event event) {
        boolean over;
        try {
            over = server.emit(event).toCompletableFuture().isCompletedExceptionally();
        } catch (IllegalArgumentException tooLarge) {
            leave();
            onError(tooLarge);
            return;
        }
        if (over) { // the application stops, and this is not for anybody any more
            leave();
            return;
        }
        waiting.set(true);
        askIfTaken();
    }

    /** A stream that has not taken everything asks again later, so that no event is waited for in vain. */
    private void askIfTaken() {
        EventStream of = stream;
        Flow.Subscription from = subscription;
        if (of != null && from != null && of.lag() == 0 && waiting.compareAndSet(true, false)) {
            from.request(1);
        }
    }

    /** The client is sent what was published before, and then sees that something is missing. */
    @Override
    public void onError(Throwable why) {
        LOG.log(Level.WARNING, "what a controller returned has failed, and its stream is cut off", why);
        failure = why;
        server.finish();
    }

    @Override
    public void onComplete() {
        server.finish();
    }

    @Override
    public void closed(EventStream ended, StreamEnd end) {
        leave();
    }

    private void leave() {
        closed = true;
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }
}
